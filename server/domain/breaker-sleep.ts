import type { BreakerSettings } from "./breaker-policy.ts";

/**
 * How long a breaker rests that has opened `trips` times in a row, ms, before jitter: the sleep window, longer by the
 * back-off factor for each time after the first, up to the longest one allowed. That never shortens the sleep window itself.
 */
export function grownSleepMs(settings: BreakerSettings, trips: number): number {
  const { sleepWindowMs, sleepBackoffFactor, sleepWindowMaxMs } = settings;
  const grownMs = sleepWindowMs * sleepBackoffFactor ** (Math.max(1, trips) - 1);
  return Math.min(grownMs, Math.max(sleepWindowMs, sleepWindowMaxMs));
}

/** The same with jitter; `random` is 0 to 1. Comes after the limit, or all that have reached it would try again at once. */
export function sleepMs(settings: BreakerSettings, trips: number, random: number): number {
  return grownSleepMs(settings, trips) * (1 + ((2 * random - 1) * settings.sleepJitterPercent) / 100);
}

/** Longest it can rest that has opened `trips` times in a row, ms. */
export function longestSleepMs(settings: BreakerSettings, trips: number): number {
  return sleepMs(settings, trips, 1);
}
