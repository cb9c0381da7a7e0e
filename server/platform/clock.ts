/** Time, so that tests can turn it by hand. */
export interface Clock {
  /** Unix epoch, ms. May jump when somebody sets the machine's clock. */
  nowMs(): number;
  /** Monotonic, ms, from an arbitrary start: for durations and deadlines. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
