import { effectiveState, type EffectiveBreaker } from "./effective-breaker.ts";
import type { BindingThresholds } from "./health-policy.ts";
import { describeErrors, type OutcomeCounts } from "./outcome-counts.ts";
import type { Health } from "./topology.ts";

export interface HealthVerdict {
  readonly health: Health;
  /** Sentence that explains it. */
  readonly reason: string;
}

/** What a verdict goes by. */
export interface HealthFacts {
  /** Calls within the window, refused ones included. */
  readonly total: number;
  /** 0 … 1. */
  readonly errorRatio: number;
  /** How they failed; null when that is not known. */
  readonly counts: OutcomeCounts | null;
  readonly p95Ms: number | null;
  /** After which its breaker gives a call up, ms; null when that is not known. */
  readonly timeoutMs: number | null;
  readonly breaker: EffectiveBreaker | null;
  /** Its instances; null where that is not asked, as of a caller outside. */
  readonly instances: InstancesFact | null;
}

export interface InstancesFact {
  readonly registered: number;
  readonly serving: number;
  /** Something is configured to call it: a route, or a policy that names it as a backup. */
  readonly wanted: boolean;
}

type Finding = HealthVerdict | null;

/**
 * How calls fare, and why. Rules are tried from worst to best; the first that holds decides. Without calls, a service that
 * something is configured to call and that nothing serves is degraded: the next call fails.
 */
export function judge(facts: HealthFacts, thresholds: BindingThresholds): HealthVerdict {
  const { total, errorRatio } = facts;
  const judged = total >= thresholds.minRequests;
  return (
    openBreaker(facts) ??
    (judged ? (errors(facts, thresholds, "failing") ?? latency(facts, thresholds, "failing")) : null) ??
    nothingServes(facts) ??
    halfOpenBreaker(facts) ??
    (judged
      ? (errors(facts, thresholds, "degraded") ??
        latency(facts, thresholds, "degraded") ??
        nearTimeout(facts, thresholds))
      : null) ??
    (!judged && errorRatio > 0 ? tooFew(facts, thresholds) : null) ??
    (total === 0
      ? { health: "idle", reason: "No calls in the last seconds." }
      : { health: "healthy", reason: errorRatio === 0 ? "All calls succeed." : `${shareOf(facts)}${kinds(facts)}.` })
  );
}

function openBreaker({ breaker }: HealthFacts): Finding {
  if (breaker === null || effectiveState(breaker) !== "open") return null;
  const reason = breaker.override === "forced-open" ? "Its breaker is forced open." : "Its breaker is open.";
  return { health: "failing", reason };
}

function halfOpenBreaker({ breaker }: HealthFacts): Finding {
  if (breaker === null || effectiveState(breaker) !== "half-open") return null;
  return { health: "degraded", reason: "Its breaker is half-open: trial calls decide." };
}

function errors(facts: HealthFacts, thresholds: BindingThresholds, health: "failing" | "degraded"): Finding {
  const limit = health === "failing" ? thresholds.errorPercentFailing : thresholds.errorPercentDegraded;
  if (limit === 0 || facts.errorRatio * 100 < limit) return null;
  return { health, reason: `${shareOf(facts)} (limit ${limit} %${source(thresholds)})${kinds(facts)}.` };
}

function latency(facts: HealthFacts, thresholds: BindingThresholds, health: "failing" | "degraded"): Finding {
  const limit = health === "failing" ? thresholds.p95MsFailing : thresholds.p95MsDegraded;
  if (limit === 0 || facts.p95Ms === null || facts.p95Ms <= limit) return null;
  const by = thresholds.by === "" ? "" : ` (${thresholds.by})`;
  return { health, reason: `p95 ${inMs(facts.p95Ms)} is over ${limit} ms${by}.` };
}

function nearTimeout({ p95Ms, timeoutMs }: HealthFacts, thresholds: BindingThresholds): Finding {
  const percent = thresholds.timeoutPercentDegraded;
  if (percent === 0 || p95Ms === null || timeoutMs === null || p95Ms <= (timeoutMs * percent) / 100) return null;
  const limit = `${percent} % of its timeout of ${timeoutMs} ms${source(thresholds)}`;
  return { health: "degraded", reason: `p95 ${inMs(p95Ms)} is over ${limit}.` };
}

function nothingServes({ total, instances }: HealthFacts): Finding {
  if (instances === null || instances.serving > 0) return null;
  const { registered, wanted } = instances;
  const fact =
    registered === 0
      ? "No instance is registered"
      : registered === 1
        ? "Its only instance is not serving"
        : `None of its ${registered} instances is serving`;
  if (total > 0) return { health: "failing", reason: `${fact}.` };
  return wanted
    ? { health: "degraded", reason: `${fact}: a call to it would fail.` }
    : { health: "idle", reason: `${fact}.` };
}

/** Neither good nor bad: it is drawn as what has no traffic is. */
function tooFew(facts: HealthFacts, { minRequests, by }: BindingThresholds): HealthVerdict {
  const limit = `fewer than ${minRequests} are not judged${by === "" ? "" : ` (${by})`}`;
  return { health: "idle", reason: `${shareOf(facts)}, ${limit}${kinds(facts)}.` };
}

const shareOf = ({ errorRatio, total }: HealthFacts): string =>
  `${Math.round(errorRatio * 1000) / 10} % of ${Math.round(total)} calls failed`;
const kinds = ({ counts }: HealthFacts): string => (counts === null ? "" : `: ${describeErrors(counts)}`);
const source = ({ by }: BindingThresholds): string => (by === "" ? "" : `, ${by}`);
const inMs = (ms: number): string => `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`;
