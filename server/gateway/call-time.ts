import type { Attempt } from "./attempt.ts";
import { Deadline, type DeadlineWheel } from "./deadline-wheel.ts";
import type { Exchange } from "./exchange.ts";

/** When the call must have been answered, monotonic, ms: by its own limit, and by the request's. */
export function endOfCall({ deadlineMs }: Exchange, { startedMs, target }: Attempt): number {
  return Math.min(deadlineMs, startedMs + target.guard.settings.timeoutMs);
}

/** Resolves after the time, or as soon as the client has gone. */
export function pauseWhileWanted({ abandoned, whenDone }: Exchange, ms: number, wheel: DeadlineWheel): Promise<void> {
  return new Promise((resolve) => {
    if (abandoned) return resolve();
    const deadline = new Deadline(resolve);
    wheel.arm(deadline, ms);
    whenDone.push(() => {
      wheel.disarm(deadline);
      resolve();
    });
  });
}
