import type { LivePicture } from "#domain/live.ts";
import type { Part } from "#platform/lifecycle.ts";

/** The live picture as others see it: the latest, and each new one. */
export interface Live {
  current(): LivePicture;
  /** Yields the latest picture at once, then each newer one; a slow reader skips to the latest. Ends on abort. */
  follow(signal: AbortSignal | undefined): AsyncGenerator<LivePicture>;
  cost(): LiveCost;
}

/** What the picture costs: nothing else of the console runs while one is taken. */
export interface LiveCost {
  /** Taken since the start. */
  readonly pictures: number;
  readonly lastMs: number;
  readonly longestMs: number;
  /** Of all pictures together. */
  readonly totalMs: number;
  /** Who follows now. */
  readonly readers: number;
}

const EVERY_MS = 1000;

/**
 * Takes a picture every second for all who look. One that takes long is followed by a rest at least as long, so that the
 * console's other work is never crowded out.
 */
export function openLive(take: () => LivePicture, everyMs: number = EVERY_MS): Live & Part {
  const cost = { pictures: 0, lastMs: 0, longestMs: 0, totalMs: 0, readers: 0 };
  let latest = timed();
  let waiting: (() => void)[] = [];
  let stopped = false;
  let dueMs = performance.now() + everyMs;
  let timer = next();

  function timed(): LivePicture {
    const startMs = performance.now();
    const picture = take();
    cost.lastMs = performance.now() - startMs;
    cost.longestMs = Math.max(cost.longestMs, cost.lastMs);
    cost.totalMs += cost.lastMs;
    cost.pictures += 1;
    return picture;
  }

  function next(): ReturnType<typeof setTimeout> {
    return setTimeout(tick, Math.max(0, dueMs - performance.now())).unref();
  }

  function tick(): void {
    latest = timed();
    // By the clock, so that the pauses of a busy loop do not add up; but never to catch up.
    dueMs = Math.max(dueMs + everyMs, performance.now() + cost.lastMs);
    timer = next();
    wakeAll();
  }

  function wakeAll(): void {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }

  async function* follow(signal: AbortSignal | undefined): AsyncGenerator<LivePicture> {
    let seen: LivePicture | undefined;
    cost.readers += 1;
    try {
      while (!stopped && signal?.aborted !== true) {
        if (seen !== latest) yield (seen = latest);
        else await new Promise<void>((wake) => whenNews(wake, signal));
      }
    } finally {
      cost.readers -= 1;
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
    cost: () => ({ ...cost }),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      wakeAll();
    },
  };
}
