/** What a breaker's window tells apart; everything but `success` counts as an error. */
export const WINDOW_KINDS = ["success", "failure", "timeout", "unreachable", "rejected"] as const;
export type WindowKind = (typeof WINDOW_KINDS)[number];

/** Hystrix: `metrics.rollingStats.timeInMilliseconds` / `metrics.healthSnapshot.intervalInMilliseconds`, 10 s / 500 ms. */
export const WINDOW_BUCKETS = 20;

const KINDS = WINDOW_KINDS.length;
const SUCCESS = 0;
const KIND_INDEX: Readonly<Record<WindowKind, number>> = {
  success: SUCCESS,
  failure: 1,
  timeout: 2,
  unreachable: 3,
  rejected: 4,
};

/** Counts of a window at one moment. */
export interface WindowSums {
  readonly total: number;
  readonly errors: number;
  readonly byKind: Readonly<Record<WindowKind, number>>;
}

/**
 * Rolling window of call results: a ring of 20 buckets with running sums, O(1) per call whatever the rate.
 * Times are monotonic ms; one that is earlier than the latest seen counts as the latest. The bucket that is being
 * filled is included, so a decision never lags behind the calls it is about.
 */
export class BreakerWindow {
  readonly #counts = new Uint32Array(WINDOW_BUCKETS * KINDS);
  #total = 0;
  #errors = 0;
  #bucketMs: number;
  /** Number of the newest bucket since the clock's start. */
  #newest = 0;

  constructor(windowMs: number) {
    this.#bucketMs = windowMs / WINDOW_BUCKETS;
  }

  /** Calls in the window as of the last `add` or `roll`. */
  get total(): number {
    return this.#total;
  }

  /** Calls that failed, as of the last `add` or `roll`. */
  get errors(): number {
    return this.#errors;
  }

  /** Counts one result. */
  add(kind: WindowKind, nowMs: number): void {
    this.roll(nowMs);
    const at = (this.#newest % WINDOW_BUCKETS) * KINDS + KIND_INDEX[kind];
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#total += 1;
    if (kind !== "success") this.#errors += 1;
  }

  /** Lets go of the buckets that have left the window. */
  roll(nowMs: number): void {
    const target = Math.floor(nowMs / this.#bucketMs);
    if (target <= this.#newest) return;
    const steps = Math.min(target - this.#newest, WINDOW_BUCKETS);
    for (let step = 1; step <= steps; step += 1) this.#empty((this.#newest + step) % WINDOW_BUCKETS);
    this.#newest = target;
  }

  /** The sums as they stand at `nowMs`; changes nothing. */
  read(nowMs: number): WindowSums {
    const oldest = Math.max(this.#newest, Math.floor(nowMs / this.#bucketMs)) - WINDOW_BUCKETS + 1;
    const byKind = { success: 0, failure: 0, timeout: 0, unreachable: 0, rejected: 0 };
    for (let bucket = Math.max(oldest, this.#newest - WINDOW_BUCKETS + 1); bucket <= this.#newest; bucket += 1) {
      for (const kind of WINDOW_KINDS) byKind[kind] += this.#count(bucket, kind);
    }
    const errors = byKind.failure + byKind.timeout + byKind.unreachable + byKind.rejected;
    return { total: errors + byKind.success, errors, byKind };
  }

  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
    this.#errors = 0;
  }

  /** Another window length; what was counted stays, as far as the new length reaches back. */
  resize(windowMs: number, nowMs: number): void {
    const bucketMs = windowMs / WINDOW_BUCKETS;
    if (bucketMs === this.#bucketMs) return;
    this.roll(nowMs);
    const kept = this.#drain();
    this.#bucketMs = bucketMs;
    this.#newest = Math.floor(nowMs / bucketMs);
    for (const { startMs, counts } of kept) {
      const bucket = Math.min(Math.floor(startMs / bucketMs), this.#newest);
      if (bucket <= this.#newest - WINDOW_BUCKETS) continue;
      const base = (((bucket % WINDOW_BUCKETS) + WINDOW_BUCKETS) % WINDOW_BUCKETS) * KINDS;
      counts.forEach((count, kind) => {
        this.#counts[base + kind] = (this.#counts[base + kind] ?? 0) + count;
        this.#total += count;
        if (kind !== SUCCESS) this.#errors += count;
      });
    }
  }

  #drain(): { startMs: number; counts: Uint32Array }[] {
    const buckets = [];
    for (let bucket = Math.max(0, this.#newest - WINDOW_BUCKETS + 1); bucket <= this.#newest; bucket += 1) {
      const base = (bucket % WINDOW_BUCKETS) * KINDS;
      buckets.push({ startMs: bucket * this.#bucketMs, counts: this.#counts.slice(base, base + KINDS) });
    }
    this.clear();
    return buckets;
  }

  #count(bucket: number, kind: WindowKind): number {
    if (bucket < 0) return 0;
    return this.#counts[(bucket % WINDOW_BUCKETS) * KINDS + KIND_INDEX[kind]] ?? 0;
  }

  #empty(slot: number): void {
    for (let kind = 0; kind < KINDS; kind += 1) {
      const count = this.#counts[slot * KINDS + kind] ?? 0;
      if (count === 0) continue;
      this.#counts[slot * KINDS + kind] = 0;
      this.#total -= count;
      if (kind !== SUCCESS) this.#errors -= count;
    }
  }
}
