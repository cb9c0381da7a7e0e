/** Space that does not break and keeps a number with its unit. */
const NBSP = "\u00a0";

/** What stands where there is no value. */
export const NO_VALUE = "–";

/** Whole number with thousands separated: `12,480`. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

function roundTo(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.0+$/, "");
}

/** Requests per second: `0/s`, `<0.1/s`, `4.0/s`, `1,240/s`. */
export function formatRate(perSecond: number): string {
  if (perSecond <= 0) return "0/s";
  if (perSecond < 0.05) return "<0.1/s";
  return `${perSecond < 99.95 ? perSecond.toFixed(1) : formatCount(perSecond)}/s`;
}

/** Failed calls among so many. */
interface ErrorShare {
  readonly requestsPerSecond: number;
  /** 0 … 1. */
  readonly errorRatio: number;
}

/** A ratio of 0 … 1 in percent. Never rounds a small share down to `0 %`, nor an almost full one up to `100 %`. */
export function formatRatio(ratio: number): string {
  return formatPercent(ratio * 100);
}

/** The share of calls that failed; a dash when nothing is known of it, or there were no calls to fail. */
export function formatErrors(of: ErrorShare | null | undefined): string {
  return of === null || of === undefined || of.requestsPerSecond <= 0 ? NO_VALUE : formatRatio(of.errorRatio);
}

/** The same for a figure that is in percent already. */
export function formatPercent(percent: number): string {
  if (percent <= 0) return `0${NBSP}%`;
  if (percent < 0.1) return `<0.1${NBSP}%`;
  if (percent >= 100) return `100${NBSP}%`;
  const digits = percent < 10 || percent > 99 ? 1 : 0;
  return `${roundTo(Math.min(percent, 99.9), digits)}${NBSP}%`;
}

/** A latency in ms: `0.4 ms`, `23 ms`, `1.2 s`; a dash when there is none. */
export function formatLatency(ms: number | null): string {
  if (ms === null) return NO_VALUE;
  if (ms < 1) return `${roundTo(ms, 1)}${NBSP}ms`;
  if (ms < 1000) return `${Math.round(ms).toString()}${NBSP}ms`;
  return `${roundTo(ms / 1000, ms < 10_000 ? 2 : 1)}${NBSP}s`;
}
