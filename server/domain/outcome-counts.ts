import { OUTCOMES, type Outcome } from "./traffic.ts";

export type OutcomeCounts = Readonly<Partial<Record<Outcome, number>>>;

/** Outcomes that are no error: what succeeded, and what the caller gave up on itself. */
const FINE: ReadonlySet<Outcome> = new Set(["success", "abandoned"]);

/** A call that failed or was refused. */
export const isError = (outcome: Outcome): boolean => !FINE.has(outcome);

/** Calls offered, refused ones included. */
export function totalOf(counts: OutcomeCounts): number {
  return OUTCOMES.reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0);
}

/** Calls that failed or were refused. */
export function errorsOf(counts: OutcomeCounts): number {
  return OUTCOMES.reduce((sum, outcome) => sum + (FINE.has(outcome) ? 0 : (counts[outcome] ?? 0)), 0);
}

/** 0 … 1; 0 when there were no calls. */
export function errorRatioOf(counts: OutcomeCounts): number {
  const total = totalOf(counts);
  return total === 0 ? 0 : errorsOf(counts) / total;
}

/** Adds up counts; outcomes that never happened are left out. */
export function addCounts(all: Iterable<OutcomeCounts>): OutcomeCounts {
  const sum: Partial<Record<Outcome, number>> = {};
  for (const counts of all) {
    for (const outcome of OUTCOMES) {
      const count = counts[outcome] ?? 0;
      if (count > 0) sum[outcome] = (sum[outcome] ?? 0) + count;
    }
  }
  return sum;
}

/** `20 timeout, 14 failure`: the errors among the counts, most frequent first; empty when there are none. */
export function describeErrors(counts: OutcomeCounts): string {
  return OUTCOMES.filter((outcome) => !FINE.has(outcome) && (counts[outcome] ?? 0) > 0)
    .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0))
    .map((outcome) => `${counts[outcome] ?? 0} ${outcome}`)
    .join(", ");
}

/** The same calls as their caller saw them, when backups answered `served` of those that failed. */
export function saveErrors(counts: OutcomeCounts, served: number): OutcomeCounts {
  const seen: Partial<Record<Outcome, number>> = { ...counts };
  let left = served;
  for (const outcome of OUTCOMES.filter((one) => !FINE.has(one))) {
    const saved = Math.min(left, seen[outcome] ?? 0);
    seen[outcome] = (seen[outcome] ?? 0) - saved;
    seen.success = (seen.success ?? 0) + saved;
    left -= saved;
  }
  return seen;
}
