import type { Clock } from "#platform/clock.ts";

export interface AttemptLimits {
  /** Failures a key may have within the window. */
  readonly failures: number;
  readonly windowMs: number;
}

/** Keys remembered at most; beyond that the oldest is forgotten. */
const MAX_KEYS = 10_000;

/** Counts failures per key, and says when a key has had too many of late. Successes cost nothing. */
export class AttemptLimiter {
  readonly #limits: AttemptLimits;
  readonly #clock: Clock;
  readonly #failures = new Map<string, number[]>();

  constructor(limits: AttemptLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  isBlocked(key: string): boolean {
    return this.#recent(key).length >= this.#limits.failures;
  }

  fail(key: string): void {
    const recent = [...this.#recent(key), this.#clock.monotonicMs()];
    this.#failures.delete(key);
    this.#failures.set(key, recent);
    const oldest = this.#failures.keys().next();
    if (this.#failures.size > MAX_KEYS && oldest.done !== true) this.#failures.delete(oldest.value);
  }

  /** Takes the latest failure back: the attempt that was counted in advance went well. */
  forgive(key: string): void {
    const rest = this.#recent(key).slice(0, -1);
    if (rest.length === 0) this.#failures.delete(key);
    else this.#failures.set(key, rest);
  }

  #recent(key: string): number[] {
    const since = this.#clock.monotonicMs() - this.#limits.windowMs;
    return (this.#failures.get(key) ?? []).filter((atMs) => atMs > since);
  }
}
