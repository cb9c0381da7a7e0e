import { effectiveState, type EffectiveBreaker } from "./effective-breaker.ts";
import { describeErrors, errorRatioOf, totalOf, type OutcomeCounts } from "./outcome-counts.ts";
import type { Health } from "./topology.ts";

export interface HealthVerdict {
  readonly health: Health;
  /** Sentence that explains it. */
  readonly reason: string;
}

export interface HealthFacts {
  readonly counts: OutcomeCounts;
  readonly breaker: EffectiveBreaker | null;
  /** Serving instances; null when the registry does not hold the service. */
  readonly instances: number | null;
}

const DEGRADED_RATIO = 0.02;
const FAILING_RATIO = 0.5;
/** One failed call out of two says little: below this many calls nothing is called failing for its errors. */
const FAILING_CALLS = 5;

/** How calls to a service fare, and why. Rules are tried from worst to best; the first that holds decides. */
export function judge(facts: HealthFacts): HealthVerdict {
  const { counts, breaker, instances } = facts;
  const total = totalOf(counts);
  const ratio = errorRatioOf(counts);
  const share = `${Math.round(ratio * 100)} % of ${total} calls failed: ${describeErrors(counts)}.`;
  const state = breaker === null ? "closed" : effectiveState(breaker);
  if (state === "open")
    return failing(breaker?.override === "forced-open" ? "Its breaker is forced open." : "Its breaker is open.");
  if (ratio >= FAILING_RATIO && total >= FAILING_CALLS) return failing(share);
  if (instances === 0 && total > 0) return failing("No instance is serving.");
  if (state === "half-open") return degraded("Its breaker is half-open: trial calls decide.");
  if (ratio >= DEGRADED_RATIO) return degraded(share);
  if (total === 0) return { health: "idle", reason: "No calls in the last seconds." };
  return { health: "healthy", reason: ratio === 0 ? "All calls succeed." : share };
}

function failing(reason: string): HealthVerdict {
  return { health: "failing", reason };
}

function degraded(reason: string): HealthVerdict {
  return { health: "degraded", reason };
}
