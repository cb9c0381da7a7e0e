import type { EffectiveBreaker } from "#domain/effective-breaker.ts";
import { DIFFERENCE_THRESHOLDS, type Change, type FigureDifference } from "#domain/figure-difference.ts";
import type { SubsetShare } from "#domain/split-difference.ts";
import type { ElementDifference } from "#domain/topology-difference.ts";
import { effectiveState, STATE_STYLES } from "../breakers/breaker-state.ts";
import { formatLatency, formatRate, formatRatio } from "../format/number.ts";
import type { BadgeTone } from "../ui/badge.tsx";

/** A change in a word. Null: another split, other instances or another override, and no figure worse or better. */
export function changeInWord(change: Change | null): { readonly word: string; readonly tone: BadgeTone } {
  return change === null ? { word: "Different", tone: "accent" } : CHANGE_WORDS[change];
}

const CHANGE_WORDS: Readonly<Record<Change, { readonly word: string; readonly tone: BadgeTone }>> = {
  worse: { word: "Worse", tone: "bad" },
  gone: { word: "Gone", tone: "warn" },
  added: { word: "New", tone: "accent" },
  less: { word: "Less traffic", tone: "off" },
  more: { word: "More traffic", tone: "off" },
  better: { word: "Better", tone: "good" },
};

/** Everything that changed of an element, a sentence each. */
export function reasonsOf(difference: ElementDifference): readonly string[] {
  const { change, requestsPerSecond, errorRatio, p95Ms, breaker, instances, split } = difference;
  const isThere = change !== "added" && change !== "gone";
  return [
    ...(breaker === null ? [] : [`Breaker ${breakerInWords(breaker.before)}, then ${breakerInWords(breaker.after)}`]),
    ...(errorRatio.changed ? [`Errors ${fromTo(errorRatio, formatRatio)}`] : []),
    ...(p95Ms.changed ? [`p95 ${fromTo(p95Ms, formatLatency)}`] : []),
    ...(isThere && requestsPerSecond.changed ? [`Requests ${fromTo(requestsPerSecond, formatRate)}`] : []),
    ...(split.length === 0 ? [] : [`Split ${split.map(shareInWords).join(", ")}`]),
    ...(instances === null ? [] : [`Instances ${instances.before.toString()} → ${instances.after.toString()}`]),
  ];
}

function fromTo({ before, after }: FigureDifference, format: (value: number) => string): string {
  return `${before === null ? "none" : format(before)} → ${after === null ? "none" : format(after)}`;
}

function shareInWords({ subset, before, after }: SubsetShare): string {
  return `${subset === "" ? "no subset" : subset} ${formatRatio(before)} → ${formatRatio(after)}`;
}

function breakerInWords(breaker: EffectiveBreaker | null): string {
  if (breaker === null) return "unused";
  return STATE_STYLES[effectiveState(breaker.state, breaker.override)].word.toLowerCase();
}

/** What is not called a change, in words. */
export const THRESHOLDS_IN_WORDS = [
  `Requests change by ${(DIFFERENCE_THRESHOLDS.rateShare * 100).toString()} % and ${DIFFERENCE_THRESHOLDS.ratePerSecond.toString()}/s,`,
  `errors by ${DIFFERENCE_THRESHOLDS.errorPoints.toString()} percentage point,`,
  `p95 by ${(DIFFERENCE_THRESHOLDS.p95Share * 100).toString()} % and ${DIFFERENCE_THRESHOLDS.p95Ms.toString()} ms of at least ${DIFFERENCE_THRESHOLDS.p95Calls.toString()} calls,`,
  `a split by ${DIFFERENCE_THRESHOLDS.splitPoints.toString()} percentage points;`,
  `less, or what chance explains (${DIFFERENCE_THRESHOLDS.deviations.toString()} standard deviations of counting), is no change.`,
].join(" ");
