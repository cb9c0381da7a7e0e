const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How far back the charts reach when they follow the present, and the step between their points, ms. */
export const SIGNAL_RANGES = [
  { value: "10m", label: "10 min", words: "last 10 minutes", ms: 10 * MINUTE_MS, stepMs: 2000 },
  { value: "1h", label: "1 h", words: "last hour", ms: HOUR_MS, stepMs: 10_000 },
  { value: "6h", label: "6 h", words: "last 6 hours", ms: 6 * HOUR_MS, stepMs: MINUTE_MS },
  { value: "24h", label: "24 h", words: "last 24 hours", ms: 24 * HOUR_MS, stepMs: 5 * MINUTE_MS },
  { value: "7d", label: "7 d", words: "last 7 days", ms: 7 * 24 * HOUR_MS, stepMs: 30 * MINUTE_MS },
] as const;
export type SignalRange = (typeof SIGNAL_RANGES)[number];

/** The range named in the address; ten minutes when none is, or one that does not exist. */
export function signalRangeOf(value: string | null): SignalRange {
  return SIGNAL_RANGES.find((range) => range.value === value) ?? SIGNAL_RANGES[0];
}

/** A stretch of time, Unix epoch, ms. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Less cannot be zoomed into, ms. */
export const LEAST_SPAN_MS = 10_000;

/** A stretch that the address names, `1763400000000-1763400600000`; null when it names none. */
export function readSpan(text: string | null): TimeSpan | null {
  const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(text ?? "") ?? [];
  if (from === undefined || to === undefined) return null;
  const span = { fromMs: Number(from), toMs: Number(to) };
  return span.toMs - span.fromMs >= LEAST_SPAN_MS ? span : null;
}

export function writeSpan({ fromMs, toMs }: TimeSpan): string {
  return `${Math.round(fromMs).toString()}-${Math.round(toMs).toString()}`;
}

/** The stretch of the same length, so many of its lengths later; never in the future. */
export function shifted({ fromMs, toMs }: TimeSpan, lengths: number, nowMs: number): TimeSpan {
  const length = toMs - fromMs;
  const end = Math.min(toMs + lengths * length, nowMs);
  return { fromMs: end - length, toMs: end };
}

/** The stretch about the same middle, so many times as long; it ends now at the latest. */
export function scaled({ fromMs, toMs }: TimeSpan, factor: number, nowMs: number): TimeSpan {
  const length = Math.max(LEAST_SPAN_MS, (toMs - fromMs) * factor);
  const end = Math.min((fromMs + toMs + length) / 2, nowMs);
  return { fromMs: Math.max(0, end - length), toMs: end };
}
