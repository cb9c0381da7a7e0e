import type { LivePicture } from "#domain/live.ts";
import type { Part } from "#platform/lifecycle.ts";

/** The live picture as others see it: the latest, and each new one. */
export interface Live {
  current(): LivePicture;
  /** Yields the latest picture at once, then each newer one; a slow reader skips to the latest. Ends on abort. */
  follow(signal: AbortSignal | undefined): AsyncGenerator<LivePicture>;
}

const EVERY_MS = 1000;

/** Takes a picture every second for all who look. */
export function openLive(take: () => LivePicture, everyMs: number = EVERY_MS): Live & Part {
  let latest = take();
  let waiting: (() => void)[] = [];
  let stopped = false;

  function wakeAll(): void {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }

  const timer = setInterval(() => {
    latest = take();
    wakeAll();
  }, everyMs).unref();

  async function* follow(signal: AbortSignal | undefined): AsyncGenerator<LivePicture> {
    let seen: LivePicture | undefined;
    while (!stopped && signal?.aborted !== true) {
      if (seen !== latest) yield (seen = latest);
      else await new Promise<void>((wake) => whenNews(wake, signal));
    }
  }

  function whenNews(wake: () => void, signal: AbortSignal | undefined): void {
    const done = (): void => {
      signal?.removeEventListener("abort", done);
      wake();
    };
    waiting.push(done);
    signal?.addEventListener("abort", done, { once: true });
  }

  return {
    name: "live picture",
    current: () => latest,
    follow,
    async stop() {
      stopped = true;
      clearInterval(timer);
      wakeAll();
    },
  };
}
