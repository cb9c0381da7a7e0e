import type { BreakerSettings } from "./breaker-policy.ts";
import { afterTrials } from "./breaker-readmission.ts";
import {
  LEASE_GRACE_MS,
  openState,
  type AutomaticState,
  type HalfOpenState,
  type Rules,
  type Verdict,
} from "./breaker-state.ts";
import type { Outcome } from "./traffic.ts";

/** What the end of a call says of the service. A caller that went away says nothing. */
export function verdictOf(outcome: Outcome, slow: boolean): Verdict {
  if (outcome === "abandoned") return "ignored";
  return outcome === "success" && !slow ? "passed" : "failed";
}

/** True while another trial may be sent: never more at once, nor in all, than the settings permit. */
export function trialAvailable(state: HalfOpenState, settings: BreakerSettings): boolean {
  return state.leases.length + state.passed < settings.halfOpenPermits;
}

/** Hands out one trial; its slot is unique among those under way. */
export function startTrial(
  state: HalfOpenState,
  settings: BreakerSettings,
  nowMs: number,
): { state: HalfOpenState; slot: number } {
  let slot = 1;
  while (state.leases.some((lease) => lease.slot === slot)) slot += 1;
  const leases = [...state.leases, { slot, untilMs: nowMs + settings.timeoutMs + LEASE_GRACE_MS }];
  return { state: { ...state, leases }, slot };
}

/** What a trial's end makes of the state. A slot without a lease changes nothing. */
export function settleTrial(
  state: HalfOpenState,
  slot: number,
  verdict: Verdict,
  why: string,
  rules: Rules,
  nowMs: number,
): AutomaticState {
  const leases = state.leases.filter((lease) => lease.slot !== slot);
  if (leases.length === state.leases.length) return state;
  if (verdict === "failed") return openState(nowMs, rules, trialCause(why), state.trips + 1);
  if (verdict === "ignored") return { ...state, leases };
  return trialsPassed({ ...state, passed: state.passed + 1, leases }, rules.settings, nowMs);
}

/** `Trial failed: timeout`; that a failure failed goes without saying. */
function trialCause(why: string): string {
  return why === "failure" ? "Trial failed" : `Trial failed: ${why}`;
}

/** Half-open no longer when enough trials have passed. */
export function trialsPassed(state: HalfOpenState, settings: BreakerSettings, nowMs: number): AutomaticState {
  const { passed, trips } = state;
  if (passed < settings.halfOpenPermits) return state;
  return afterTrials(settings, nowMs, passed === 1 ? "Trial succeeded" : `${passed} trials succeeded`, trips);
}

/** A lease that ran out is a failed trial, at the moment it ran out and not when somebody looked. The same object when none has. */
export function afterLeases(state: HalfOpenState, rules: Rules, nowMs: number): AutomaticState {
  let endedMs = Number.POSITIVE_INFINITY;
  for (const lease of state.leases) endedMs = Math.min(endedMs, lease.untilMs);
  if (nowMs < endedMs) return state;
  return openState(endedMs, rules, "Trial failed: not heard of before its lease ended", state.trips + 1);
}
