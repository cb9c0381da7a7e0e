import { afterStep, stepUnderSettings, type CallsUnderWay } from "./breaker-readmission.ts";
import { longestSleepMs } from "./breaker-sleep.ts";
import { closedState, type AutomaticState, type Rules } from "./breaker-state.ts";
import { afterLeases, trialsPassed } from "./breaker-trial.ts";
import type { BreakerSettings } from "./breaker-policy.ts";

/** The state that time alone has led to at `nowMs`. The same object when nothing changed. `underWay`: of a step. */
export function afterTime(state: AutomaticState, underWay: CallsUnderWay, rules: Rules, nowMs: number): AutomaticState {
  if (state.kind === "half-open") return afterLeases(state, rules, nowMs);
  return state.kind === "readmitting" ? afterStep(state, underWay, rules, nowMs) : state;
}

/** New settings keep the state; a shorter sleep window also ends a running one sooner, a longer one is for the next time. */
export function underSettings(state: AutomaticState, settings: BreakerSettings, nowMs: number): AutomaticState {
  if (state.kind === "closed") return state;
  if (!settings.enabled) return closedState(nowMs, "Breaker switched off by policy");
  if (state.kind === "half-open") return trialsPassed(state, settings, nowMs);
  if (state.kind === "readmitting") return stepUnderSettings(state, settings, nowMs);
  const latestMs = nowMs + longestSleepMs(settings, state.trips);
  return state.untilMs <= latestMs ? state : { ...state, untilMs: latestMs };
}
