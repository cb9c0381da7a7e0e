import { CallTally } from "./call-tally.ts";
import type { EdgeTotals } from "./edge-totals.ts";
import type { EdgeShare } from "./topology.ts";

const SHARE = new CallTally();

/**
 * Shares of an arrow's calls, by subset and instance. Each is added up once: `onSum` hears of its sum, also of that of calls
 * that were refused before an instance was picked, and takes what it needs of it before it returns.
 */
export function splitCalls(
  calls: readonly EdgeTotals[],
  windowMs: number,
  onSum: (sum: CallTally, first: EdgeTotals) => void,
): EdgeShare[] {
  const ordered = isInOrder(calls) ? calls : calls.toSorted(bySubsetAndInstance);
  const split: EdgeShare[] = [];
  let at = 0;
  for (let first = ordered[at]; first !== undefined; first = ordered[at]) {
    SHARE.clear();
    for (let call = ordered[at]; call !== undefined && bySubsetAndInstance(first, call) === 0; call = ordered[at]) {
      SHARE.add(call);
      at += 1;
    }
    onSum(SHARE, first);
    if (first.instance === "") continue;
    split.push({
      subset: first.subset,
      instance: first.instance,
      requestsPerSecond: SHARE.requestsPerSecond(windowMs),
      errorRatio: SHARE.errorRatio(),
      p95Ms: SHARE.percentileMs(95),
    });
  }
  return split;
}

/** As they mostly come: then no list is made of them. */
function isInOrder(calls: readonly EdgeTotals[]): boolean {
  let before = calls[0];
  for (const call of calls) {
    if (before !== undefined && bySubsetAndInstance(before, call) > 0) return false;
    before = call;
  }
  return true;
}

function bySubsetAndInstance(a: EdgeTotals, b: EdgeTotals): number {
  if (a.subset !== b.subset) return a.subset < b.subset ? -1 : 1;
  return a.instance === b.instance ? 0 : a.instance < b.instance ? -1 : 1;
}
