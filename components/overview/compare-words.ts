import type { MeshPoint } from "#domain/history.ts";

/** Averages of a span. */
export interface MeshMean {
  readonly requestsPerSecond: number;
  /** Of all its requests, 0 … 100. */
  readonly errorPercent: number;
}

/** Averages of points of equal length; null without any. */
export function meanOf(points: readonly MeshPoint[]): MeshMean | null {
  if (points.length === 0) return null;
  const requests = points.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0);
  const errors = points.reduce((sum, point) => sum + point.requestsPerSecond * point.errorPercent, 0);
  return { requestsPerSecond: requests / points.length, errorPercent: requests === 0 ? 0 : errors / requests };
}

/** Less is no news, share. */
const SAME = 0.03;

/** `12 % more than yesterday`, `about as yesterday`, `3.2 times as much as yesterday`. */
export function rateChangeInWords(now: number, before: number, when: string): string {
  if (before === 0) return now === 0 ? `none ${when} either` : `none ${when}`;
  const ratio = now / before;
  if (Math.abs(ratio - 1) < SAME) return `about as ${when}`;
  if (ratio >= 2) return `${Number(ratio.toPrecision(2)).toString()} times as much as ${when}`;
  const percent = Math.max(1, Math.round(Math.abs(ratio - 1) * 100));
  return `${percent.toString()}\u00a0% ${ratio > 1 ? "more" : "less"} than ${when}`;
}

/** `1.2 points more than yesterday`; of percentages only their difference says something. */
export function errorChangeInWords(now: number, before: number, when: string): string {
  const points = now - before;
  if (Math.abs(points) < 0.1) return `about as ${when}`;
  const digits = Math.abs(points) < 10 ? 1 : 0;
  return `${Math.abs(points).toFixed(digits)} points ${points > 0 ? "more" : "less"} than ${when}`;
}
