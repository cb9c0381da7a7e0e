import { NO_CALLS, type SignalPoint, type Signals } from "#domain/history.ts";
import { OTHERS } from "./extend-signals.ts";
import type { TimeSpan } from "./signal-range.ts";

/** Lines on one common row of moments, as charts, tables and files have them. */
export interface SignalFrame extends TimeSpan {
  readonly stepMs: number;
  /** Starts of the spans, Unix epoch, ms, from the first on record to the last, without a gap. */
  readonly times: readonly number[];
  readonly lines: readonly SignalLine[];
}

export interface SignalLine {
  readonly name: string;
  /** One for each of the times; null: nothing is on record. */
  readonly points: readonly (SignalPoint | null)[];
}

/** More rows than this nobody draws: a step that does not fit its span is the answer's fault. */
const MAX_TIMES = 5000;

/**
 * Puts every line on the same moments. Where one line has a point and another has none, the other had no calls; where none
 * has, nothing is on record. Lines come by name, the others last, so that none moves when its traffic does.
 */
export function signalFrame({ stepSeconds, lines }: Signals, span: TimeSpan): SignalFrame {
  const stepMs = Math.max(1, stepSeconds) * 1000;
  const slotOf = (atMs: number): number => Math.floor(atMs / stepMs);
  const inSpan = lines.map(({ name, points }) => ({
    name,
    bySlot: new Map(
      points
        .filter(({ atMs }) => atMs + stepMs > span.fromMs && atMs < span.toMs)
        .map((point) => [slotOf(point.atMs), point]),
    ),
  }));
  const slots = inSpan.flatMap(({ bySlot }) => [...bySlot.keys()]);
  const recorded = new Set(slots);
  const first = slots.reduce((least, slot) => Math.min(least, slot), Number.POSITIVE_INFINITY);
  const last = slots.reduce((most, slot) => Math.max(most, slot), Number.NEGATIVE_INFINITY);
  const count = slots.length === 0 ? 0 : Math.min(MAX_TIMES, last - first + 1);
  const times = Array.from({ length: count }, (_, at) => (first + at) * stepMs);
  return {
    ...span,
    stepMs,
    times,
    lines: inSpan
      .map(({ name, bySlot }) => ({
        name,
        points: times.map((atMs, at) => bySlot.get(first + at) ?? (recorded.has(first + at) ? noCalls(atMs) : null)),
      }))
      .toSorted((a, b) => compareNames(a.name, b.name)),
  };
}

/** Index of the time that is nearest to a moment (Unix epoch, ms); null without times. */
export function nearestTime({ times, stepMs }: SignalFrame, atMs: number): number | null {
  const [first] = times;
  if (first === undefined) return null;
  return Math.max(0, Math.min(times.length - 1, Math.round((atMs - first) / stepMs)));
}

function noCalls(atMs: number): SignalPoint {
  return { atMs, ...NO_CALLS };
}

function compareNames(a: string, b: string): number {
  if (a === OTHERS || b === OTHERS) return Number(a === OTHERS) - Number(b === OTHERS);
  return a.localeCompare(b, "en", { numeric: true });
}
