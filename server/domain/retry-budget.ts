/** The budget looks back this far, in so many steps. */
const STEPS = 10;
const STEP_MS = 1000;
/** Retries the budget always has over its window, whatever the traffic: a route with few requests may retry, too. */
const FLOOR = 30;

/**
 * Limits retries to a share of the requests of the last 10 s, or 30, whichever is more (Finagle's `RetryBudget` by its
 * percentage and its minimum), so that a service in trouble is not given several times its load. Times are monotonic ms.
 */
export class RetryBudget {
  readonly #requests = new Uint32Array(STEPS);
  readonly #retries = new Uint32Array(STEPS);
  #requestSum = 0;
  #retrySum = 0;
  #step = 0;
  /** Since the start. */
  retried = 0;
  refused = 0;

  /** Counts a request, which earns its share of a retry. */
  deposit(nowMs: number): void {
    this.#turn(nowMs);
    const at = this.#step % STEPS;
    this.#requests[at] = (this.#requests[at] ?? 0) + 1;
    this.#requestSum += 1;
  }

  /** Takes one retry out; false when the budget is used up. With 0 percent there never is one. */
  withdraw(percent: number, nowMs: number): boolean {
    this.#turn(nowMs);
    if (percent === 0 || this.#retrySum + 1 > Math.max(FLOOR, (this.#requestSum * percent) / 100)) {
      this.refused += 1;
      return false;
    }
    const at = this.#step % STEPS;
    this.#retries[at] = (this.#retries[at] ?? 0) + 1;
    this.#retrySum += 1;
    this.retried += 1;
    return true;
  }

  /** Forgets the steps that have left the window. */
  #turn(nowMs: number): void {
    const now = Math.floor(nowMs / STEP_MS);
    // A call that was held up may speak of a step before.
    if (now <= this.#step) return;
    for (let step = Math.max(this.#step + 1, now - STEPS + 1); step <= now; step += 1) {
      const at = step % STEPS;
      this.#requestSum -= this.#requests[at] ?? 0;
      this.#retrySum -= this.#retries[at] ?? 0;
      this.#requests[at] = 0;
      this.#retries[at] = 0;
    }
    this.#step = now;
  }
}
