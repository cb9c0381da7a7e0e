import type { BreakerSettings } from "./breaker-policy.ts";
import { sleepMs } from "./breaker-sleep.ts";
import type { BreakerState } from "./traffic.ts";

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
  /** How often it opened in a row, this time included, without having closed in between. */
  readonly trips: number;
  /** When the sleep window ends and a trial is due. */
  readonly untilMs: number;
}
export interface HalfOpenState {
  readonly kind: "half-open";
  readonly sinceMs: number;
  readonly cause: string;
  readonly trips: number;
  /** Trials that succeeded so far. */
  readonly passed: number;
  readonly leases: readonly TrialLease[];
}
/** Graded return: the trials have passed, and a share of the calls is let through. A state of its own, shown as half-open. */
export interface ReadmittingState {
  readonly kind: "readmitting";
  /** When this step began. */
  readonly sinceMs: number;
  readonly cause: string;
  readonly trips: number;
  /** From 0. */
  readonly step: number;
  /** Share let through. */
  readonly percent: number;
  /** Calls of this step that have ended. */
  readonly calls: number;
  /** Those that failed or were slow. */
  readonly errors: number;
}

/**
 * The automatic layer of a breaker. All times are monotonic ms. Every step from one to the next is a pure function, so that
 * recorded history can be replayed with other settings.
 */
export type AutomaticState = ClosedState | OpenState | HalfOpenState | ReadmittingState;

/** What the steps go by; `random` gives 0 to 1. */
export interface Rules {
  readonly settings: BreakerSettings;
  readonly random: () => number;
}

/** What the end of a call says of the service, while not closed; `ignored`: nothing (the caller went away). */
export type Verdict = "passed" | "failed" | "ignored";

export function closedState(nowMs: number, cause: string): ClosedState {
  return { kind: "closed", sinceMs: nowMs, cause };
}

/** The sleep window starts here, at the transition, and never earlier or later. */
export function openState(nowMs: number, { settings, random }: Rules, cause: string, trips: number): OpenState {
  return { kind: "open", sinceMs: nowMs, cause, trips, untilMs: nowMs + sleepMs(settings, trips, random()) };
}

/** A trial is due: the next call may be one. */
export function halfOpenState(nowMs: number, cause: string, trips: number): HalfOpenState {
  return { kind: "half-open", sinceMs: nowMs, cause, trips, passed: 0, leases: [] };
}

/** How often it opened in a row; 0 while closed. */
export function tripsOf(state: AutomaticState): number {
  return state.kind === "closed" ? 0 : state.trips;
}

/** The state as the rest of the world knows it. */
export function shownState({ kind }: AutomaticState): BreakerState {
  return kind === "readmitting" ? "half-open" : kind;
}
