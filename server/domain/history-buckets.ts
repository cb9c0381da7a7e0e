import type { HistoryBucket } from "./breaker-history.ts";
import { BUCKETS, percentileMs, type SparseHistogram } from "./histogram.ts";
import { addCounts, type OutcomeCounts } from "./outcome-counts.ts";
import type { RecordedSecond } from "./recorded-second.ts";

/** Buckets of a chart are as wide as one of these, ms, so that they begin at round times. */
const WIDTHS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200].map((seconds) => seconds * 1000);
const MOST_BUCKETS = 240;

/** The narrowest width with which at most 240 buckets cover the span. */
export function bucketWidthMs(spanMs: number): number {
  return WIDTHS_MS.find((width) => spanMs / width <= MOST_BUCKETS) ?? Math.ceil(spanMs / MOST_BUCKETS);
}

const SECONDS_PER_TURN = 500;

/**
 * Adds up seconds, of whatever gateways and in whatever order, into buckets that begin at multiples of `bucketMs`. Yields now and
 * then, so that whoever runs it can do other things between.
 */
export function* buildBuckets(
  seconds: Iterable<RecordedSecond>,
  bucketMs: number,
): Generator<void, HistoryBucket[], undefined> {
  const byBucket = new Map<number, Sum>();
  let added = 0;
  for (const second of seconds) {
    const atMs = Math.floor(second.atMs / bucketMs) * bucketMs;
    const sum = byBucket.get(atMs) ?? new Sum();
    byBucket.set(atMs, sum);
    sum.add(second);
    added += 1;
    if (added % SECONDS_PER_TURN === 0) yield;
  }
  return [...byBucket].toSorted(([a], [b]) => a - b).map(([atMs, sum]) => ({ atMs, ...sum.total() }));
}

class Sum {
  #counts: OutcomeCounts = {};
  #fallbackServed = 0;
  #fallbackFailed = 0;
  readonly #latency = new Float64Array(BUCKETS);

  add({ counts, fallbackServed, fallbackFailed, latency }: RecordedSecond): void {
    this.#counts = addCounts([this.#counts, counts]);
    this.#fallbackServed += fallbackServed;
    this.#fallbackFailed += fallbackFailed;
    for (const [bucket, count] of latency) this.#latency[bucket] = (this.#latency[bucket] ?? 0) + count;
  }

  total(): Omit<HistoryBucket, "atMs"> {
    const latency: SparseHistogram = [...this.#latency.entries()].filter(([, count]) => count > 0);
    return {
      counts: this.#counts,
      fallbackServed: this.#fallbackServed,
      fallbackFailed: this.#fallbackFailed,
      p50Ms: percentileMs(latency, 50),
      p95Ms: percentileMs(latency, 95),
      p99Ms: percentileMs(latency, 99),
    };
  }
}
