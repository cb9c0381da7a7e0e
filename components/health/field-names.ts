import type { HealthThresholds } from "#domain/health-policy.ts";

/** One threshold as people see it, in the order in which they are set. */
export interface ThresholdName {
  readonly field: keyof HealthThresholds;
  readonly label: string;
  /** Where there is little room. */
  readonly short: string;
  readonly hint: string;
}

export const THRESHOLDS: readonly ThresholdName[] = [
  {
    field: "errorPercentDegraded",
    label: "Errors: degraded from, %",
    short: "Errors degraded, %",
    hint: "Of calls, refused ones included. 0: not judged.",
  },
  {
    field: "errorPercentFailing",
    label: "Errors: failing from, %",
    short: "Errors failing, %",
    hint: "0: errors alone never make it failing.",
  },
  {
    field: "p95MsDegraded",
    label: "p95: degraded over, ms",
    short: "p95 degraded, ms",
    hint: "0: not judged. Best set for services by name.",
  },
  {
    field: "p95MsFailing",
    label: "p95: failing over, ms",
    short: "p95 failing, ms",
    hint: "0: latency alone never makes it failing.",
  },
  {
    field: "timeoutPercentDegraded",
    label: "p95: degraded over, % of the timeout",
    short: "p95, % of timeout",
    hint: "The timeout of the breaker that guards the calls. 0: not judged.",
  },
  {
    field: "minRequests",
    label: "Judge from, calls",
    short: "From, calls",
    hint: "With fewer calls in the last 10 s nothing is judged by figures.",
  },
];

/** What a field is called in a list of what is wrong. */
export function fieldName(path: string): string {
  const [list, at, field] = path.split(".");
  const name = (of: string | undefined): string => THRESHOLDS.find(({ field: one }) => one === of)?.label ?? "Service";
  if (list !== "overrides") return name(at);
  return field === undefined ? "Overrides" : `Override ${(Number(at) + 1).toString()}, ${name(field)}`;
}
