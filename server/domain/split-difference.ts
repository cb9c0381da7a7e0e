import { DIFFERENCE_THRESHOLDS, isShareChange } from "./figure-difference.ts";
import type { EdgeShare } from "./topology.ts";

/** The share of an edge's calls that goes to a subset. */
export interface SubsetShare {
  /** Empty: to no subset. */
  readonly subset: string;
  /** 0 … 1. */
  readonly before: number;
  readonly after: number;
}

/** How the calls of an edge were split at a moment. */
export interface SplitAt {
  readonly split: readonly EdgeShare[];
  /** Span that the figures are the average of, s. */
  readonly seconds: number;
}

/** All shares, when that of any subset changed; else none. An edge without calls at either moment has no split to compare. */
export function splitBetween(before: SplitAt, after: SplitAt): readonly SubsetShare[] {
  const was = ratesOf(before.split);
  const is = ratesOf(after.split);
  const wasCalls = sumOf(was) * before.seconds;
  const isCalls = sumOf(is) * after.seconds;
  if (wasCalls === 0 || isCalls === 0) return [];
  const shares = [...new Set([...was.keys(), ...is.keys()])].toSorted().map((subset) => ({
    subset,
    before: ((was.get(subset) ?? 0) * before.seconds) / wasCalls,
    after: ((is.get(subset) ?? 0) * after.seconds) / isCalls,
  }));
  const changed = shares.some((share) =>
    isShareChange(
      { share: share.before, of: wasCalls },
      { share: share.after, of: isCalls },
      DIFFERENCE_THRESHOLDS.splitPoints,
    ),
  );
  return changed ? shares : [];
}

function ratesOf(split: readonly EdgeShare[]): ReadonlyMap<string, number> {
  const rates = new Map<string, number>();
  for (const { subset, requestsPerSecond } of split) rates.set(subset, (rates.get(subset) ?? 0) + requestsPerSecond);
  return rates;
}

function sumOf(rates: ReadonlyMap<string, number>): number {
  return [...rates.values()].reduce((sum, rate) => sum + rate, 0);
}
