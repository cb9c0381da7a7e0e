import type { OutlierEjection } from "./service-policy.ts";

/**
 * One instance's record of failures in a row, and its ejections. Plain fields and no allocation: it is asked on every
 * call. Times are monotonic ms.
 */
export class OutlierRecord {
  #failures = 0;
  /** Ejections lately: how many times the first one's length the last one was. */
  #times = 0;
  #untilMs = Number.NEGATIVE_INFINITY;
  /** Since it was first seen. */
  ejections = 0;

  /** End of the last ejection; -Infinity when there was none. */
  get untilMs(): number {
    return this.#untilMs;
  }

  ejectedAt(nowMs: number): boolean {
    return nowMs < this.#untilMs;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  /** True when it has failed often enough to be ejected. A late failure of one that is out already changes nothing. */
  failed(settings: OutlierEjection, nowMs: number): boolean {
    if (this.ejectedAt(nowMs)) return false;
    this.#failures += 1;
    return this.#failures >= settings.consecutiveFailures;
  }

  /**
   * Takes it out: the n-th time in a row for n times `baseMs`, at most `maxMs`. For every `baseMs` it has been back, one
   * of the earlier times is forgotten (Envoy, which does so once an interval).
   */
  eject(settings: OutlierEjection, nowMs: number): void {
    const forgotten = this.#times === 0 ? 0 : Math.floor((nowMs - this.#untilMs) / settings.baseMs);
    this.#times = Math.max(0, this.#times - forgotten) + 1;
    this.ejections += 1;
    this.#failures = 0;
    this.#untilMs = nowMs + Math.min(settings.maxMs, settings.baseMs * this.#times);
  }

  /** Back at once: the policy does not eject any more. */
  readmit(nowMs: number): void {
    this.#failures = 0;
    this.#untilMs = Math.min(this.#untilMs, nowMs);
  }
}

/** Whether one more of a service's `total` instances may be out besides `ejected`: within the share, or the first; never the last. */
export function mayEject(total: number, ejected: number, maxPercent: number): boolean {
  const most = Math.max(1, Math.floor((total * maxPercent) / 100));
  return ejected < Math.min(most, total - 1);
}
