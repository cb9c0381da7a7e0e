import { z } from "zod";
import type { PresenceRow } from "#db/traffic-presence-repository.ts";
import type { Marker } from "#domain/history.ts";
import { InstanceTurn } from "#domain/traffic.ts";
import type { HeldWindow } from "./held-traffic.ts";

/** What a row keeps of a turn besides its instance. */
const Detail = z.object({ gatewayId: z.string(), cause: z.string() });

/** The windows' turns as rows, each at the moment it happened by the console's clock as far as its second tells. */
export function turnRows(windows: readonly HeldWindow[]): PresenceRow[] {
  return windows.flatMap(({ gatewayId, atMs, window, turns }) =>
    turns.map(({ atMs: turnedMs, service, instance, turn, cause }) => ({
      atMs: atMs + Math.min(999, Math.max(0, turnedMs - window.startMs)),
      kind: "turn" as const,
      event: turn,
      service,
      name: instance,
      detail: Buffer.from(JSON.stringify({ gatewayId, cause } satisfies z.infer<typeof Detail>)),
    })),
  );
}

const WORDS: Readonly<Record<InstanceTurn, { readonly words: string; readonly tone: Marker["tone"] }>> = {
  ejected: { words: "was ejected by", tone: "bad" },
  returned: { words: "was let in again by", tone: "neutral" },
  unhealthy: { words: "was found unhealthy by", tone: "bad" },
  healthy: { words: "was found healthy by", tone: "good" },
};

/** A turn on the time axis; null for a row that is none. */
export function turnMarker({ kind, event, service, name, atMs, detail }: PresenceRow): Marker | null {
  const turn = InstanceTurn.safeParse(event).data;
  if (kind !== "turn" || turn === undefined) return null;
  const { gatewayId, cause } = detailOf(detail);
  const { words, tone } = WORDS[turn];
  return {
    id: `turn:${service}:${name}:${turn}:${atMs}:${gatewayId}`,
    kind: "instance",
    atMs,
    title: `Instance ${name} of ${service} ${words} ${gatewayId}${cause === "" ? "" : `: ${cause}`}`,
    actor: "",
    tone,
    concerns: [service],
    auditSequence: null,
  };
}

function detailOf(detail: Uint8Array | null): z.infer<typeof Detail> {
  try {
    return Detail.parse(JSON.parse(Buffer.from(detail ?? []).toString()));
  } catch {
    return { gatewayId: "a gateway", cause: "" };
  }
}
