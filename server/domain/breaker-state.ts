import type { BreakerSettings } from "./breaker-policy.ts";
import type { WindowSums } from "./breaker-window.ts";

/**
 * What a lease adds to the call's own timeout, ms. The caller ends calls on coarse timers; a result that was in time
 * must not find its lease over because it was told a few ticks late.
 */
export const LEASE_GRACE_MS = 250;

/** A trial call under way: it must be heard of before its lease ends, or counts as failed. */
export interface TrialLease {
  readonly slot: number;
  readonly untilMs: number;
}

export interface ClosedState {
  readonly kind: "closed";
  readonly sinceMs: number;
  readonly cause: string;
}
export interface OpenState {
  readonly kind: "open";
  readonly sinceMs: number;
  readonly cause: string;
  /** When the sleep window ends and a trial is due. */
  readonly untilMs: number;
}
export interface HalfOpenState {
  readonly kind: "half-open";
  readonly sinceMs: number;
  readonly cause: string;
  /** Trials that succeeded so far. */
  readonly passed: number;
  readonly leases: readonly TrialLease[];
}

/**
 * The automatic layer of a breaker. All times are monotonic ms. Every step below is a pure function, so that recorded
 * history can be replayed with other settings.
 */
export type AutomaticState = ClosedState | OpenState | HalfOpenState;

/** How a trial ended; `ignored` says nothing about the service (the caller went away). */
export type TrialVerdict = "passed" | "failed" | "ignored";

export function closedState(nowMs: number, cause: string): ClosedState {
  return { kind: "closed", sinceMs: nowMs, cause };
}

/** The sleep window starts here, at the transition, and never earlier or later. */
export function openState(nowMs: number, settings: BreakerSettings, cause: string): OpenState {
  return { kind: "open", sinceMs: nowMs, cause, untilMs: nowMs + settings.sleepWindowMs };
}

/** True when a window with these sums must open the breaker. Same as Hystrix's truncated percentage, for whole thresholds. */
export function mustTrip(total: number, errors: number, settings: BreakerSettings): boolean {
  return (
    settings.enabled &&
    total >= settings.requestVolumeThreshold &&
    errors * 100 >= settings.errorThresholdPercent * total
  );
}

/** "61 % of 214 calls failed: 180 timeout, 34 failure". */
export function tripCause(sums: WindowSums): string {
  const kinds = (["failure", "timeout", "unreachable", "rejected"] as const)
    .filter((kind) => sums.byKind[kind] > 0)
    .sort((a, b) => sums.byKind[b] - sums.byKind[a])
    .map((kind) => `${sums.byKind[kind]} ${kind}`);
  return `${Math.floor((sums.errors * 100) / sums.total)} % of ${sums.total} calls failed: ${kinds.join(", ")}`;
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
  verdict: TrialVerdict,
  why: string,
  settings: BreakerSettings,
  nowMs: number,
): AutomaticState {
  const leases = state.leases.filter((lease) => lease.slot !== slot);
  if (leases.length === state.leases.length) return state;
  if (verdict === "failed") return openState(nowMs, settings, `Trial failed: ${why}`);
  if (verdict === "ignored") return { ...state, leases };
  const passed = state.passed + 1;
  if (passed < settings.halfOpenPermits) return { ...state, passed, leases };
  return closedState(nowMs, passed === 1 ? "Trial succeeded" : `${passed} trials succeeded`);
}

/**
 * The state that time alone has led to at `nowMs`: a lease that ran out is a failed trial, at the moment it ran out and
 * not when somebody looked. The same object when nothing changed.
 */
export function afterLeases(state: AutomaticState, settings: BreakerSettings, nowMs: number): AutomaticState {
  if (state.kind !== "half-open") return state;
  let endedMs = Number.POSITIVE_INFINITY;
  for (const lease of state.leases) endedMs = Math.min(endedMs, lease.untilMs);
  return nowMs >= endedMs ? openState(endedMs, settings, "Trial failed: not heard of before its lease ended") : state;
}

/** A trial is due: the next call may be one. */
export function halfOpenState(nowMs: number, cause: string): HalfOpenState {
  return { kind: "half-open", sinceMs: nowMs, cause, passed: 0, leases: [] };
}

/** New settings keep the state; a shorter sleep window also ends a running one sooner. */
export function underSettings(state: AutomaticState, settings: BreakerSettings, nowMs: number): AutomaticState {
  if (!settings.enabled && state.kind !== "closed") return closedState(nowMs, "Breaker switched off by policy");
  if (state.kind === "half-open" && state.passed >= settings.halfOpenPermits)
    return closedState(nowMs, `${state.passed} trials succeeded`);
  if (state.kind !== "open" || state.untilMs <= nowMs + settings.sleepWindowMs) return state;
  return { ...state, untilMs: nowMs + settings.sleepWindowMs };
}
