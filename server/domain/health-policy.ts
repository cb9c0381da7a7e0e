import { z } from "zod";
import type { PolicyRow } from "./policy.ts";

/** Percent of calls; 0: errors are not judged by this. */
const ErrorPercent = z.number().min(0, "0 or more").max(100, "At most 100");
/** 0: latency is not judged by this. */
const LatencyMs = z.int("Whole milliseconds").min(0, "0 or more").max(600_000, "At most 10 minutes");
const TimeoutPercent = z.int("A whole number").min(0, "0 or more").max(100, "At most 100");
const Requests = z.int("A whole number").min(1, "1 or more").max(1_000_000, "At most 1,000,000");

/** From where on a service is called degraded or failing. All of it is about the calls of the live picture's window. */
export const HealthThresholds = z.object({
  errorPercentDegraded: ErrorPercent,
  errorPercentFailing: ErrorPercent,
  p95MsDegraded: LatencyMs,
  p95MsFailing: LatencyMs,
  /** Degraded once p95 is over this share of the time after which its breaker gives a call up, percent; 0: not judged. */
  timeoutPercentDegraded: TimeoutPercent,
  /** With fewer calls than this in the window nothing is judged by figures. */
  minRequests: Requests,
});
export type HealthThresholds = z.infer<typeof HealthThresholds>;

/** What holds while nobody has said otherwise. A p95 in ms would suit one service and no other, so by default only its timeout counts. */
export const DEFAULT_THRESHOLDS: HealthThresholds = {
  errorPercentDegraded: 2,
  errorPercentFailing: 50,
  p95MsDegraded: 0,
  p95MsFailing: 0,
  timeoutPercentDegraded: 80,
  minRequests: 5,
};

/** Thresholds of some services; null: as by default. */
export const HealthOverride = z.object({
  /** A service's name, or a pattern in which `*` stands for any characters. */
  match: z
    .string()
    .trim()
    .min(1, "Name a service, or a pattern such as pay*")
    .max(128, "At most 128 characters")
    .regex(/^[\x21-\x7e]+$/, "No spaces"),
  errorPercentDegraded: ErrorPercent.nullable().default(null),
  errorPercentFailing: ErrorPercent.nullable().default(null),
  p95MsDegraded: LatencyMs.nullable().default(null),
  p95MsFailing: LatencyMs.nullable().default(null),
  timeoutPercentDegraded: TimeoutPercent.nullable().default(null),
  minRequests: Requests.nullable().default(null),
});
export type HealthOverride = z.infer<typeof HealthOverride>;

/** How consoles judge the health of the mesh. It governs nothing but what they show, and is published nowhere. */
export const HealthPolicySpec = z
  .object({
    thresholds: HealthThresholds,
    overrides: z.array(HealthOverride).max(200, "At most 200").default([]),
  })
  .superRefine((policy, context) => {
    for (const issue of orderProblems(policy.thresholds))
      context.addIssue({ code: "custom", path: ["thresholds", issue.field], message: issue.message, input: policy });
    const seen = new Set<string>();
    for (const [at, override] of policy.overrides.entries()) {
      if (seen.has(override.match))
        context.addIssue({
          code: "custom",
          path: ["overrides", at, "match"],
          message: "It has a line already",
          input: policy,
        });
      seen.add(override.match);
      for (const issue of orderProblems(overridden(policy.thresholds, override)).filter(isOwn(override)))
        context.addIssue({
          code: "custom",
          path: ["overrides", at, issue.field],
          message: issue.message,
          input: policy,
        });
    }
  });
export type HealthPolicySpec = z.infer<typeof HealthPolicySpec>;

export const DEFAULT_HEALTH_POLICY: HealthPolicySpec = { thresholds: DEFAULT_THRESHOLDS, overrides: [] };

/** The policy as the console holds it. Its revision is 0, as it is published nowhere; version 0 is the default, which nobody saved. */
export type HealthPolicyRow = PolicyRow<HealthPolicySpec>;

export const HEALTH_POLICY_ID = "health";

export const DEFAULT_HEALTH_ROW: HealthPolicyRow = {
  id: HEALTH_POLICY_ID,
  version: 0,
  revision: 0,
  spec: DEFAULT_HEALTH_POLICY,
  updatedAtMs: 0,
  updatedBy: "",
};

/** What is wrong with the default already is said there, and not again at every override that leaves it as it is. */
function isOwn(override: HealthOverride): (issue: OrderProblem) => boolean {
  return ({ field }) =>
    field === "p95MsFailing"
      ? override.p95MsFailing !== null || override.p95MsDegraded !== null
      : override.errorPercentFailing !== null || override.errorPercentDegraded !== null;
}

interface OrderProblem {
  readonly field: "errorPercentFailing" | "p95MsFailing";
  readonly message: string;
}

/** What fails must be worse than what degrades, where both are judged. */
function orderProblems(thresholds: HealthThresholds): OrderProblem[] {
  const { errorPercentDegraded, errorPercentFailing, p95MsDegraded, p95MsFailing } = thresholds;
  const problems: OrderProblem[] = [];
  if (errorPercentFailing > 0 && errorPercentFailing < errorPercentDegraded)
    problems.push({ field: "errorPercentFailing", message: `Less than degraded (${errorPercentDegraded} %)` });
  if (p95MsFailing > 0 && p95MsFailing < p95MsDegraded)
    problems.push({ field: "p95MsFailing", message: `Less than degraded (${p95MsDegraded} ms)` });
  return problems;
}

/** The thresholds that bind a service. */
export interface BindingThresholds extends HealthThresholds {
  /** The override they come from, as `pay*`; empty: the default. */
  readonly by: string;
}

/**
 * Finds what binds each service: the override of its very name, else the pattern with the most letters that are no `*`
 * (among equals the first), else the default.
 */
export function thresholdsBy(policy: HealthPolicySpec): (service: string) => BindingThresholds {
  const standard = { ...policy.thresholds, by: "" };
  const exact = new Map<string, BindingThresholds>();
  const patterns: { readonly matches: (name: string) => boolean; readonly binding: BindingThresholds }[] = [];
  const bySpecificity = policy.overrides.toSorted((a, b) => letters(b.match) - letters(a.match));
  for (const override of bySpecificity) {
    const binding = { ...overridden(policy.thresholds, override), by: override.match };
    if (override.match.includes("*")) patterns.push({ matches: namePattern(override.match), binding });
    else exact.set(override.match, binding);
  }
  return (service) => exact.get(service) ?? patterns.find(({ matches }) => matches(service))?.binding ?? standard;
}

const letters = (pattern: string): number => pattern.replaceAll("*", "").length;

function overridden(standard: HealthThresholds, override: HealthOverride): HealthThresholds {
  return {
    errorPercentDegraded: override.errorPercentDegraded ?? standard.errorPercentDegraded,
    errorPercentFailing: override.errorPercentFailing ?? standard.errorPercentFailing,
    p95MsDegraded: override.p95MsDegraded ?? standard.p95MsDegraded,
    p95MsFailing: override.p95MsFailing ?? standard.p95MsFailing,
    timeoutPercentDegraded: override.timeoutPercentDegraded ?? standard.timeoutPercentDegraded,
    minRequests: override.minRequests ?? standard.minRequests,
  };
}

/** Tells whether a name is of the pattern, in which `*` stands for any characters, none included. Takes linear time. */
export function namePattern(pattern: string): (name: string) => boolean {
  const [head = "", ...rest] = pattern.split("*");
  const tail = rest.pop();
  if (tail === undefined) return (name) => name === pattern;
  return (name) => {
    if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) return false;
    const end = name.length - tail.length;
    let at = head.length;
    for (const part of rest) {
      const found = name.indexOf(part, at);
      if (found === -1 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}
