import { mock } from "node:test";
import { setImmediate } from "node:timers/promises";

/** Somewhere in 2023; libraries that read the clock take it for now. */
const EPOCH_MS = 1_700_000_000_000;

/** Timers and clock of this process stand still until `pass`. */
export function stopTime(): void {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: EPOCH_MS });
}

export function startTime(): void {
  mock.timers.reset();
}

/** Time goes by, a millisecond after the other, so that each timer finds the clock where it must be. */
export async function pass(ms: number): Promise<void> {
  for (let done = 0; done < ms; done += 1) {
    mock.timers.tick(Math.min(1, ms - done));
    await microtasks();
  }
  await settled();
}

/** Until whatever promises have led to has happened. */
export async function settled(): Promise<void> {
  await setImmediate();
}

/** Deep enough for the promises a library puts between a timer and the next. */
async function microtasks(): Promise<void> {
  for (let depth = 0; depth < 10; depth += 1) await Promise.resolve();
}
