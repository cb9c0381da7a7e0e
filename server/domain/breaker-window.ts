/** What a breaker's window tells apart; everything but `success` counts as an error, `rejected` where settings say so. */
export const WINDOW_KINDS = ["success", "failure", "timeout", "unreachable", "rejected"] as const;
export type WindowKind = (typeof WINDOW_KINDS)[number];

/** Hystrix: `metrics.rollingStats.timeInMilliseconds` / `metrics.healthSnapshot.intervalInMilliseconds`, 10 s / 500 ms. */
export const WINDOW_BUCKETS = 20;

/** A column for each kind, and one for the slow among them. */
const COLUMNS = WINDOW_KINDS.length + 1;
const SLOW = WINDOW_KINDS.length;
const SUCCESS = 0;
const REJECTED = 4;
const KIND_INDEX: Readonly<Record<WindowKind, number>> = {
  success: SUCCESS,
  failure: 1,
  timeout: 2,
  unreachable: 3,
  rejected: REJECTED,
};

/** Counts of a window at one moment. Rejections that do not count are in `byKind` only. */
export interface WindowSums {
  readonly total: number;
  readonly errors: number;
  /** Slow among `total`, however they ended. */
  readonly slow: number;
  /** Calls in flight that have waited for longer than is slow, and began since the last transition; not in `total`. */
  readonly waiting: number;
  readonly byKind: Readonly<Record<WindowKind, number>>;
}

/**
 * Rolling window of call results: a ring of 20 buckets with running sums, O(1) per call whatever the rate.
 * Times are monotonic ms; one that is earlier than the latest seen counts as the latest. The bucket that is being
 * filled is included, so a decision never lags behind the calls it is about.
 */
export class BreakerWindow {
  readonly #counts = new Uint32Array(WINDOW_BUCKETS * COLUMNS);
  /** Without rejections. */
  #calls = 0;
  #failed = 0;
  #slow = 0;
  #rejected = 0;
  #countRejections: boolean;
  #bucketMs: number;
  /** Number of the newest bucket since the clock's start. */
  #newest = 0;

  constructor(windowMs: number, countRejections = true) {
    this.#bucketMs = windowMs / WINDOW_BUCKETS;
    this.#countRejections = countRejections;
  }

  /** Calls in the window as of the last `add` or `roll`. */
  get total(): number {
    return this.#countRejections ? this.#calls + this.#rejected : this.#calls;
  }

  /** Calls that failed, as of the last `add` or `roll`. */
  get errors(): number {
    return this.#countRejections ? this.#failed + this.#rejected : this.#failed;
  }

  /** Calls that were slow, as of the last `add` or `roll`. */
  get slow(): number {
    return this.#slow;
  }

  /** Counts one result. */
  add(kind: WindowKind, slow: boolean, nowMs: number): void {
    this.roll(nowMs);
    const base = (this.#newest % WINDOW_BUCKETS) * COLUMNS;
    const at = base + KIND_INDEX[kind];
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    if (kind === "rejected") this.#rejected += 1;
    else {
      this.#calls += 1;
      if (kind !== "success") this.#failed += 1;
    }
    if (slow) this.#count(base, SLOW, 1);
  }

  /** Counts many results of the same moment, `slow` of them slow. */
  addMany(kind: WindowKind, calls: number, slow: number, nowMs: number): void {
    this.roll(nowMs);
    const base = (this.#newest % WINDOW_BUCKETS) * COLUMNS;
    this.#count(base, KIND_INDEX[kind], calls);
    this.#count(base, SLOW, slow);
  }

  /** Lets go of the buckets that have left the window. */
  roll(nowMs: number): void {
    const target = Math.floor(nowMs / this.#bucketMs);
    if (target <= this.#newest) return;
    const steps = Math.min(target - this.#newest, WINDOW_BUCKETS);
    for (let step = 1; step <= steps; step += 1) this.#empty((this.#newest + step) % WINDOW_BUCKETS);
    this.#newest = target;
  }

  /** The sums as they stand at `nowMs`, none waiting; changes nothing. */
  read(nowMs: number): WindowSums {
    const oldest = Math.max(this.#newest, Math.floor(nowMs / this.#bucketMs)) - WINDOW_BUCKETS + 1;
    const byKind = { success: 0, failure: 0, timeout: 0, unreachable: 0, rejected: 0 };
    let slow = 0;
    for (let bucket = Math.max(oldest, this.#newest - WINDOW_BUCKETS + 1); bucket <= this.#newest; bucket += 1) {
      for (const kind of WINDOW_KINDS) byKind[kind] += this.#at(bucket, KIND_INDEX[kind]);
      slow += this.#at(bucket, SLOW);
    }
    const rejected = this.#countRejections ? byKind.rejected : 0;
    const errors = byKind.failure + byKind.timeout + byKind.unreachable + rejected;
    return { total: errors + byKind.success, errors, slow, waiting: 0, byKind };
  }

  clear(): void {
    this.#counts.fill(0);
    this.#calls = 0;
    this.#failed = 0;
    this.#slow = 0;
    this.#rejected = 0;
  }

  /** Another window length, or rejections seen otherwise; what was counted stays, as far as the new length reaches back. */
  configure(windowMs: number, countRejections: boolean, nowMs: number): void {
    this.#countRejections = countRejections;
    const bucketMs = windowMs / WINDOW_BUCKETS;
    if (bucketMs === this.#bucketMs) return;
    this.roll(nowMs);
    const kept = this.#drain();
    this.#bucketMs = bucketMs;
    this.#newest = Math.floor(nowMs / bucketMs);
    for (const { startMs, counts } of kept) {
      const bucket = Math.min(Math.floor(startMs / bucketMs), this.#newest);
      if (bucket <= this.#newest - WINDOW_BUCKETS) continue;
      const base = (((bucket % WINDOW_BUCKETS) + WINDOW_BUCKETS) % WINDOW_BUCKETS) * COLUMNS;
      counts.forEach((count, column) => this.#count(base, column, count));
    }
  }

  #drain(): { startMs: number; counts: Uint32Array }[] {
    const buckets = [];
    for (let bucket = Math.max(0, this.#newest - WINDOW_BUCKETS + 1); bucket <= this.#newest; bucket += 1) {
      const base = (bucket % WINDOW_BUCKETS) * COLUMNS;
      buckets.push({ startMs: bucket * this.#bucketMs, counts: this.#counts.slice(base, base + COLUMNS) });
    }
    this.clear();
    return buckets;
  }

  #at(bucket: number, column: number): number {
    if (bucket < 0) return 0;
    return this.#counts[(bucket % WINDOW_BUCKETS) * COLUMNS + column] ?? 0;
  }

  #empty(slot: number): void {
    const base = slot * COLUMNS;
    for (let column = 0; column < COLUMNS; column += 1) {
      const count = this.#counts[base + column] ?? 0;
      if (count !== 0) this.#count(base, column, -count);
    }
  }

  /** In a bucket and in the sums alike. */
  #count(base: number, column: number, count: number): void {
    this.#counts[base + column] = (this.#counts[base + column] ?? 0) + count;
    if (column === SLOW) this.#slow += count;
    else if (column === REJECTED) this.#rejected += count;
    else {
      this.#calls += count;
      if (column !== SUCCESS) this.#failed += count;
    }
  }
}
