import type { BreakerSecond } from "#domain/live.ts";
import type { Outcome } from "#domain/traffic.ts";

export interface OutcomeSeries {
  readonly outcome: Outcome;
  readonly name: string;
  readonly color: string;
}

/** How calls end, from the bottom of a stacked chart to its top. */
export const OUTCOME_SERIES: readonly OutcomeSeries[] = [
  { outcome: "success", name: "Success", color: "var(--series-success)" },
  { outcome: "failure", name: "Failure", color: "var(--series-failure)" },
  { outcome: "timeout", name: "Timeout", color: "var(--series-timeout)" },
  { outcome: "unreachable", name: "Unreachable", color: "var(--series-unreachable)" },
  { outcome: "rejected", name: "Too many in flight", color: "var(--series-rejected)" },
  { outcome: "short-circuited", name: "Short-circuited", color: "var(--series-short)" },
  { outcome: "abandoned", name: "Caller left", color: "var(--series-abandoned)" },
];

/** All calls of a second, refused ones included. */
export function totalOf(second: BreakerSecond): number {
  return OUTCOME_SERIES.reduce((sum, { outcome }) => sum + (second.counts[outcome] ?? 0), 0);
}
