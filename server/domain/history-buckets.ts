import type { HistoryBucket } from "./breaker-history.ts";
import { mergeHistograms, percentileMs } from "./histogram.ts";
import { addCounts } from "./outcome-counts.ts";
import type { RecordedSecond } from "./recorded-second.ts";

/** Buckets of a chart are as wide as one of these, ms, so that they begin at round times. */
const WIDTHS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200].map((seconds) => seconds * 1000);
const MOST_BUCKETS = 240;

/** The narrowest width with which at most 240 buckets cover the span. */
export function bucketWidthMs(spanMs: number): number {
  return WIDTHS_MS.find((width) => spanMs / width <= MOST_BUCKETS) ?? Math.ceil(spanMs / MOST_BUCKETS);
}

/** Adds up seconds, of whatever gateways and in whatever order, into buckets that begin at multiples of `bucketMs`. */
export function buildBuckets(seconds: Iterable<RecordedSecond>, bucketMs: number): HistoryBucket[] {
  const byBucket = new Map<number, RecordedSecond[]>();
  for (const second of seconds) {
    const atMs = Math.floor(second.atMs / bucketMs) * bucketMs;
    const bucket = byBucket.get(atMs);
    if (bucket === undefined) byBucket.set(atMs, [second]);
    else bucket.push(second);
  }
  return [...byBucket].toSorted(([a], [b]) => a - b).map(([atMs, inIt]) => bucketOf(atMs, inIt));
}

function bucketOf(atMs: number, seconds: readonly RecordedSecond[]): HistoryBucket {
  const latency = mergeHistograms(seconds.map((second) => second.latency));
  return {
    atMs,
    counts: addCounts(seconds.map((second) => second.counts)),
    fallbackServed: seconds.reduce((sum, second) => sum + second.fallbackServed, 0),
    fallbackFailed: seconds.reduce((sum, second) => sum + second.fallbackFailed, 0),
    p50Ms: percentileMs(latency, 50),
    p95Ms: percentileMs(latency, 95),
    p99Ms: percentileMs(latency, 99),
  };
}
