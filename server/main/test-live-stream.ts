import { createParser } from "eventsource-parser";
import { z } from "zod";
import { applyChanges } from "#domain/live-changes.ts";
import type { LivePicture } from "#domain/live.ts";

/** For tests: a browser's end of the live stream, over the network. */
export interface LiveStreamReader {
  /** As put together from the messages; null before the first. */
  picture(): LivePicture | null;
  /** What came, in order. */
  readonly messages: readonly { readonly kind: "whole" | "changes"; readonly id: string; readonly bytes: number }[];
  /** Breaks the connection off. */
  cut(): Promise<void>;
}

const Message = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("whole"), picture: z.custom<LivePicture>(), names: z.array(z.string()) }),
  z.object({ kind: z.literal("changes"), since: z.string(), patch: z.string() }),
]);

/** Opens the stream; with the picture that a reader before it had, and its id, it goes on from there. */
export async function openLiveStream(
  url: string,
  cookie: string,
  had: { readonly id: string; readonly picture: LivePicture; readonly names: readonly string[] } | null = null,
): Promise<LiveStreamReader & { readonly names: () => readonly string[] }> {
  const input = had === null ? "" : `?input=${encodeURIComponent(JSON.stringify({ lastEventId: had.id }))}`;
  const leaving = new AbortController();
  const response = await fetch(`${url}/api/trpc/live.picture${input}`, {
    headers: { cookie, accept: "text/event-stream" },
    signal: leaving.signal,
  });
  let picture = had?.picture ?? null;
  let names = had?.names ?? [];
  const messages: { kind: "whole" | "changes"; id: string; bytes: number }[] = [];
  const parser = createParser({
    onEvent({ event, id = "", data }) {
      if (event !== undefined) return;
      const message = Message.parse(JSON.parse(data));
      if (message.kind === "whole") ({ picture, names } = message);
      else {
        const known = messages.at(-1)?.id ?? had?.id;
        if (picture === null || message.since !== known)
          throw new Error(`changes since ${message.since}, not ${known}`);
        picture = applyChanges(picture, message.patch, names);
      }
      messages.push({ kind: message.kind, id, bytes: data.length });
    },
  });
  const reading = (async () => {
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) parser.feed(text);
  })().catch((error: unknown) => {
    if (!leaving.signal.aborted) throw error;
  });
  return {
    picture: () => picture,
    names: () => names,
    messages,
    async cut() {
      leaving.abort();
      await reading;
    },
  };
}
