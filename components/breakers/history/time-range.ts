/** How far back the time axis reaches. `refreshMs`: how often it is read again. */
export const TIME_RANGES = [
  { value: "5m", label: "5 min", words: "last 5 minutes", ms: 300_000, refreshMs: 2000 },
  { value: "1h", label: "1 h", words: "last hour", ms: 3_600_000, refreshMs: 10_000 },
  { value: "6h", label: "6 h", words: "last 6 hours", ms: 6 * 3_600_000, refreshMs: 30_000 },
  { value: "24h", label: "24 h", words: "last 24 hours", ms: 24 * 3_600_000, refreshMs: 60_000 },
] as const;
export type TimeRange = (typeof TIME_RANGES)[number];

/** The range named in the address; five minutes when none is, or one that does not exist. */
export function timeRangeOf(value: string | null): TimeRange {
  return TIME_RANGES.find((range) => range.value === value) ?? TIME_RANGES[0];
}
