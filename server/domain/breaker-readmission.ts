import type { BreakerSettings, Readmission } from "./breaker-policy.ts";
import {
  closedState,
  openState,
  type AutomaticState,
  type ReadmittingState,
  type Rules,
  type Verdict,
} from "./breaker-state.ts";

/** A step that gets fewer calls than it waits for ends after this many times its length, unless all it knows is that calls hang. */
const STARVED_STEPS = 6;

/** A step as people are told of it. */
export interface ReadmissionStep {
  /** From 1. */
  readonly step: number;
  readonly steps: number;
  /** Share of calls let through. */
  readonly percent: number;
  readonly calls: number;
  readonly errors: number;
  readonly errorsAllowed: number;
  /** When it can end at the earliest, monotonic, ms. */
  readonly untilMs: number;
}

/** Null when it is not in a step, as `readmission` has them. */
export function readmissionStep(state: AutomaticState, readmission: Readmission | null): ReadmissionStep | null {
  if (state.kind !== "readmitting" || readmission === null) return null;
  return {
    step: state.step + 1,
    steps: readmission.steps.length,
    percent: state.percent,
    calls: state.calls,
    errors: state.errors,
    errorsAllowed: errorsAllowed(readmission, state.calls),
    untilMs: state.sinceMs + readmission.stepMs,
  };
}

/** The trials have passed: the first step, or closed where settings have none. */
export function afterTrials(settings: BreakerSettings, nowMs: number, cause: string, trips: number): AutomaticState {
  const { readmission } = settings;
  return (readmission === null ? null : stepAt(readmission, 0, nowMs, cause, trips)) ?? closedState(nowMs, cause);
}

/** Calls of the step that have not ended. */
export interface CallsUnderWay {
  /** All of them. */
  readonly pending: number;
  /** Those that have had no answer for longer than is slow, and count as gone wrong. */
  readonly waiting: number;
}

/** What the end of one more call of the step makes of it, while `pending` others have yet to end. */
export function settleStep(
  state: ReadmittingState,
  verdict: Verdict,
  pending: number,
  rules: Rules,
  nowMs: number,
): AutomaticState {
  const underWay = { pending, waiting: 0 };
  if (verdict === "ignored") return judged(state, underWay, rules, nowMs, nowMs);
  const counted = { ...state, calls: state.calls + 1, errors: state.errors + (verdict === "failed" ? 1 : 0) };
  return judged(counted, underWay, rules, nowMs, nowMs);
}

/** What time has made of the step at `nowMs`. It is over when its time was, not when somebody looked. The same object when nothing changed. */
export function afterStep(
  state: ReadmittingState,
  underWay: CallsUnderWay,
  rules: Rules,
  nowMs: number,
): AutomaticState {
  return judged(state, underWay, rules, nowMs, state.sinceMs);
}

/** Other steps: goes on with the same share where there is one, else starts over with the next smaller one. */
export function stepUnderSettings(state: ReadmittingState, settings: BreakerSettings, nowMs: number): AutomaticState {
  const { readmission } = settings;
  if (readmission === null) return closedState(nowMs, "Graded return switched off by policy");
  const same = readmission.steps.indexOf(state.percent);
  if (same === state.step) return state;
  if (same >= 0) return { ...state, step: same };
  const smaller = readmission.steps.findLastIndex((percent) => percent < state.percent);
  const other = stepAt(readmission, Math.max(0, smaller), nowMs, "Steps changed by policy", state.trips);
  return other ?? state;
}

/** `soonestMs`: it cannot have been over before. */
function judged(
  state: ReadmittingState,
  { pending, waiting }: CallsUnderWay,
  rules: Rules,
  nowMs: number,
  soonestMs: number,
): AutomaticState {
  const { readmission } = rules.settings;
  if (readmission === null) return state;
  const calls = state.calls + waiting;
  const errors = state.errors + waiting;
  const allowed = errorsAllowed(readmission, calls);
  if (errors > allowed)
    return openState(nowMs, rules, `${tally(errors, calls, state.percent)}, ${allowed} allowed`, state.trips + 1);
  // Patience is for steps that nobody calls in, not for a service that lets all its calls hang.
  if (state.calls < readmission.stepCalls && state.calls === state.errors && pending > 0) return state;
  const lengths = state.calls >= readmission.stepCalls ? 1 : STARVED_STEPS;
  const endMs = Math.max(soonestMs, state.sinceMs + lengths * readmission.stepMs);
  if (nowMs < endMs) return state;
  const cause = tally(errors, calls, state.percent);
  return (
    stepAt(readmission, state.step + 1, endMs, cause, state.trips) ?? closedState(endMs, `${cause}: all let through`)
  );
}

function stepAt(
  { steps }: Readmission,
  step: number,
  nowMs: number,
  cause: string,
  trips: number,
): ReadmittingState | null {
  const percent = steps[step];
  if (percent === undefined) return null;
  const causeOfStep = `${cause}: ${percent} % let through`;
  return { kind: "readmitting", sinceMs: nowMs, cause: causeOfStep, trips, step, percent, calls: 0, errors: 0 };
}

/** Of the calls a step waits for, or of those it has had if they are more. */
function errorsAllowed({ errorBudgetPercent, stepCalls }: Readmission, calls: number): number {
  return Math.floor((errorBudgetPercent * Math.max(stepCalls, calls)) / 100);
}

/** "2 of 40 calls went wrong at 5 %". */
function tally(errors: number, calls: number, percent: number): string {
  if (calls === 0) return `No call ended at ${percent} %`;
  return `${errors} of ${calls} ${calls === 1 ? "call" : "calls"} went wrong at ${percent} %`;
}
