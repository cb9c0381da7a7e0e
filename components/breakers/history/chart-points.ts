import type { BreakerHistory } from "#domain/breaker-history.ts";
import { OUTCOMES, type Outcome } from "#domain/traffic.ts";

/** One moment of the charts: calls per second by outcome, and latencies. Null: nothing is on record. */
export type ChartPoint = {
  readonly atMs: number;
  readonly fallbackServed: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
} & Readonly<Record<Outcome, number | null>>;

type Recorded = Pick<BreakerHistory, "fromMs" | "toMs" | "bucketMs" | "buckets" | "recordedSinceMs">;

/**
 * A point for every bucket of the axis, whether it had calls or not: a chart would draw a line over the gap otherwise.
 * Buckets before the record begins are null, not 0.
 */
export function chartPoints({ fromMs, toMs, bucketMs, buckets, recordedSinceMs }: Recorded): readonly ChartPoint[] {
  const byStart = new Map(buckets.map((bucket) => [Math.floor(bucket.atMs / bucketMs), bucket]));
  const perSecond = (count: number): number => (count * 1000) / bucketMs;
  const points: ChartPoint[] = [];
  // The bucket under way is left out while it has no calls: it has hardly begun.
  for (let at = Math.ceil(fromMs / bucketMs); at * bucketMs < toMs; at += 1) {
    const atMs = at * bucketMs;
    const bucket = byStart.get(at);
    const empty = recordedSinceMs !== null && atMs + bucketMs > recordedSinceMs ? 0 : null;
    if (bucket === undefined && atMs + bucketMs > toMs) break;
    const counts = Object.fromEntries(
      OUTCOMES.map((outcome) => [outcome, bucket === undefined ? empty : perSecond(bucket.counts[outcome] ?? 0)]),
    );
    points.push({
      ...NO_CALLS,
      ...counts,
      atMs,
      fallbackServed: bucket === undefined ? empty : perSecond(bucket.fallbackServed),
      p50Ms: bucket?.p50Ms ?? null,
      p95Ms: bucket?.p95Ms ?? null,
      p99Ms: bucket?.p99Ms ?? null,
    });
  }
  return points;
}

const NO_CALLS: Readonly<Record<Outcome, number | null>> = {
  success: null,
  failure: null,
  timeout: null,
  unreachable: null,
  rejected: null,
  "short-circuited": null,
  abandoned: null,
};
