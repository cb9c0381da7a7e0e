/** Exponential back-off with full jitter: a random wait below a ceiling that doubles with each attempt. */
export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
  /** 0 … 1; injected so that tests are exact. */
  readonly random?: () => number;
}

/** Wait before attempt `attempt` (0 for the first retry), ms; at least a tenth of the ceiling, so retries never spin. */
export function backoffMs(attempt: number, options: BackoffOptions): number {
  const ceiling = Math.min(options.maxMs, options.firstMs * 2 ** Math.min(attempt, 30));
  return Math.round(ceiling * (0.1 + 0.9 * (options.random ?? Math.random)()));
}

/** Resolves after `ms`, or at once when the signal aborts; never rejects, and holds no process open. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const timer = setTimeout(done, ms);
    timer.unref();
    signal?.addEventListener("abort", done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    }
  });
}
