import { RESOLUTIONS } from "#domain/history.ts";

/** Lengths of the axis to choose from. */
export const AXIS_RANGES = [
  { value: "10m", label: "10 min", ms: 10 * 60_000 },
  { value: "1h", label: "1 h", ms: 3_600_000 },
  { value: "6h", label: "6 h", ms: 6 * 3_600_000 },
  { value: "24h", label: "24 h", ms: 24 * 3_600_000 },
  { value: "7d", label: "7 d", ms: 7 * 24 * 3_600_000 },
  { value: "14d", label: "14 d", ms: 14 * 24 * 3_600_000 },
] as const;

const SHORTEST_MS = 60_000;
const LONGEST_MS = 14 * 24 * 3_600_000;

/** The stretch of time that the axis shows. */
export interface AxisWindow {
  readonly spanMs: number;
  /** Where it ends, Unix epoch, ms; null: now, and it goes on with time. */
  readonly endMs: number | null;
}

export interface TimeSpan {
  /** Unix epoch, ms. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** The shortest range up to now that holds the moment; ten minutes for now. A moment beyond all ranges gets an hour around it. */
export function windowFor(atMs: number | null, nowMs: number): AxisWindow {
  if (atMs === null) return { spanMs: AXIS_RANGES[0].ms, endMs: null };
  // A moment at the very edge shows nothing of what led to it.
  const range = AXIS_RANGES.find(({ ms }) => nowMs - atMs < ms * 0.9);
  return range === undefined
    ? within({ spanMs: 3_600_000, endMs: atMs + 1_800_000 }, nowMs)
    : { spanMs: range.ms, endMs: null };
}

export function spanOf({ spanMs, endMs }: AxisWindow, nowMs: number): TimeSpan {
  const toMs = Math.min(endMs ?? nowMs, nowMs);
  return { fromMs: toMs - spanMs, toMs };
}

/** Longer (factor above 1) or shorter; what is at `aroundMs` stays where it is. */
export function zoomed(axis: AxisWindow, factor: number, aroundMs: number, nowMs: number): AxisWindow {
  const { fromMs, toMs } = spanOf(axis, nowMs);
  const spanMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, axis.spanMs * factor));
  const share = (toMs - aroundMs) / (toMs - fromMs);
  // One that goes on with time keeps doing so, unless something inside it is looked at closely.
  if (axis.endMs === null && (factor > 1 || share < 0.1)) return { spanMs, endMs: null };
  return within({ spanMs, endMs: aroundMs + share * spanMs }, nowMs);
}

/** Moved by so many ms, backwards when negative. */
export function panned(axis: AxisWindow, byMs: number, nowMs: number): AxisWindow {
  return within({ spanMs: axis.spanMs, endMs: spanOf(axis, nowMs).toMs + byMs }, nowMs);
}

/** Moved just so far that the moment is inside. */
export function showing(axis: AxisWindow, atMs: number, nowMs: number): AxisWindow {
  const { fromMs, toMs } = spanOf(axis, nowMs);
  if (atMs < fromMs) return within({ spanMs: axis.spanMs, endMs: atMs + axis.spanMs * 0.9 }, nowMs);
  if (atMs > toMs) return within({ spanMs: axis.spanMs, endMs: atMs + axis.spanMs * 0.1 }, nowMs);
  return axis;
}

/** No further back than anything is kept, and not into the future. */
function within({ spanMs, endMs }: { spanMs: number; endMs: number }, nowMs: number): AxisWindow {
  if (endMs >= nowMs) return { spanMs, endMs: null };
  return { spanMs, endMs: Math.max(endMs, Math.min(nowMs, nowMs - LONGEST_MS + spanMs)) };
}

/** Length of the spans that are still kept of a moment, ms. */
export function resolutionAt(atMs: number, nowMs: number): number {
  const kept = RESOLUTIONS.find(({ keptSeconds }) => nowMs - atMs < keptSeconds * 1000);
  return (kept?.seconds ?? 60) * 1000;
}

const STEPS_MS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200].map((seconds) => seconds * 1000);

/** How far one press of an arrow key goes, ms: no less than what is kept apart, and some two hundred to cross the axis. */
export function stepAt(atMs: number, nowMs: number, spanMs: number): number {
  const finest = resolutionAt(atMs, nowMs);
  return STEPS_MS.find((step) => step >= finest && step >= spanMs / 200) ?? 7_200_000;
}
