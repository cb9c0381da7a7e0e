import type { MeshPoint } from "#domain/history.ts";
import type { TimeSpan } from "./axis-window.ts";

/** Points that follow each other without a gap. */
export type Stretch = readonly MeshPoint[];

/** Length of the span that each point stands for, ms: the least distance of two. 1 s for fewer than two. */
export function pointSpanMs(points: readonly MeshPoint[]): number {
  const distances = points.slice(1).map(({ atMs }, at) => atMs - (points[at]?.atMs ?? atMs));
  const spans = distances.filter((distance) => distance > 0);
  return spans.length === 0 ? 1000 : spans.reduce((least, span) => Math.min(least, span), Infinity);
}

/** Parts of the line that are without a gap. */
export function stretchesOf(points: readonly MeshPoint[]): readonly Stretch[] {
  const limit = pointSpanMs(points) * 1.5;
  const stretches: MeshPoint[][] = [];
  let last: MeshPoint | undefined;
  for (const point of points) {
    const stretch = stretches.at(-1);
    if (stretch === undefined || last === undefined || point.atMs - last.atMs > limit) stretches.push([point]);
    else stretch.push(point);
    last = point;
  }
  return stretches;
}

/**
 * Where nothing is on record. The newest seconds are on their way to being recorded, and no gap: `settledMs` is the moment
 * from which on nothing is expected yet.
 */
export function gapsOf(
  points: readonly MeshPoint[],
  { fromMs, toMs }: TimeSpan,
  settledMs: number,
): readonly TimeSpan[] {
  const span = pointSpanMs(points);
  const gaps: TimeSpan[] = [];
  let reachedMs = fromMs;
  for (const stretch of stretchesOf(points)) {
    const [first] = stretch;
    const last = stretch.at(-1);
    if (first === undefined || last === undefined) continue;
    // Spans begin at round times: the first one may have begun before the axis does.
    if (first.atMs > reachedMs + span) gaps.push({ fromMs: reachedMs, toMs: first.atMs });
    reachedMs = last.atMs + span;
  }
  const endMs = Math.min(toMs, settledMs);
  return endMs > reachedMs + span ? [...gaps, { fromMs: reachedMs, toMs: endMs }] : gaps;
}

/** The point whose span holds the moment; null where nothing is on record. */
export function pointAt(points: readonly MeshPoint[], atMs: number): MeshPoint | null {
  const span = pointSpanMs(points);
  return points.findLast((point) => point.atMs <= atMs && atMs < point.atMs + span * 1.5) ?? null;
}
