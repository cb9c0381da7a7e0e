/**
 * Latency histogram with logarithmic buckets: 8 per doubling, so a value is known to within 9 %. Merging is adding
 * counts, so percentiles of a fleet are exact to the same bound; averages of percentiles never are.
 */
export const BUCKETS = 224;
const PER_DOUBLING = 8;

/** Non-empty buckets as `[index, count]`, ascending: how a histogram travels and is kept. */
export type SparseHistogram = readonly (readonly [number, number])[];

/** Bucket for a duration in ms (fractions allowed); everything below 1 µs is bucket 0, above about 4.5 min the last. */
export function bucketOf(ms: number): number {
  if (!(ms > 0.001)) return 0;
  return Math.min(BUCKETS - 1, 1 + Math.floor(Math.log2(ms * 1000) * PER_DOUBLING));
}

/** Upper bound of a bucket, ms: what a percentile that falls into it is reported as. */
export function bucketUpperMs(index: number): number {
  return 2 ** (index / PER_DOUBLING) / 1000;
}

/** Adds up histograms. */
export function mergeHistograms(histograms: Iterable<SparseHistogram>): SparseHistogram {
  const counts = new Map<number, number>();
  for (const histogram of histograms) {
    for (const [index, count] of histogram) counts.set(index, (counts.get(index) ?? 0) + count);
  }
  return [...counts].sort(([a], [b]) => a - b);
}

/** The `percent`-th percentile (0 … 100) in ms, or null when nothing was recorded. */
export function percentileMs(histogram: SparseHistogram, percent: number): number | null {
  const total = histogram.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil((percent / 100) * total));
  let seen = 0;
  for (const [index, count] of histogram) {
    seen += count;
    if (seen >= rank) return bucketUpperMs(index);
  }
  return null;
}

/** Histograms that come and go, added up: what a rolling window of them is kept in, so that none is merged twice. */
export class LatencySum {
  readonly #counts = new Uint32Array(BUCKETS);
  #total = 0;

  add(histogram: SparseHistogram): void {
    for (const [index, count] of histogram) this.#change(index, count);
  }

  /** Takes out again what was added. */
  remove(histogram: SparseHistogram): void {
    for (const [index, count] of histogram) this.#change(index, -count);
  }

  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
  }

  /** As `percentileMs`, of each of `percents`, which ascend. */
  percentilesMs(percents: readonly number[]): readonly (number | null)[] {
    let index = -1;
    let seen = 0;
    return percents.map((percent) => {
      const rank = Math.max(1, Math.ceil((percent / 100) * this.#total));
      while (seen < rank && index < BUCKETS - 1) seen += this.#counts[(index += 1)] ?? 0;
      return this.#total === 0 ? null : bucketUpperMs(index);
    });
  }

  #change(index: number, by: number): void {
    this.#counts[index] = (this.#counts[index] ?? 0) + by;
    this.#total += by;
  }
}

/** The mean in ms, each value taken for the middle of its bucket; null when nothing was recorded. */
export function meanMs(histogram: SparseHistogram): number | null {
  let total = 0;
  let sum = 0;
  for (const [index, count] of histogram) {
    total += count;
    sum += count * ((bucketUpperMs(index - 1) + bucketUpperMs(index)) / 2);
  }
  return total === 0 ? null : sum / total;
}

/** Dense counter for the hot path; `take` empties it into the sparse form. */
export class LatencyRecorder {
  #counts = new Uint32Array(BUCKETS);
  record(ms: number): void {
    const index = bucketOf(ms);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
  }
  take(): SparseHistogram {
    const sparse: [number, number][] = [];
    this.#counts.forEach((count, index) => {
      if (count > 0) sparse.push([index, count]);
    });
    this.#counts.fill(0);
    return sparse;
  }
}
