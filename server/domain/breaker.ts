import type { BreakerSettings } from "./breaker-policy.ts";
import {
  afterLeases,
  closedState,
  halfOpenState,
  mustTrip,
  openState,
  settleTrial,
  startTrial,
  trialAvailable,
  tripCause,
  underSettings,
  type AutomaticState,
  type TrialVerdict,
} from "./breaker-state.ts";
import { BreakerWindow, type WindowSums } from "./breaker-window.ts";
import type { OverrideMode } from "./override.ts";
import type { BreakerState, Outcome } from "./traffic.ts";

/**
 * Leave to make one call, or (negative) the reason why not. A permit carries the generation it was given in: every
 * transition starts a new one, and only results of the present generation can cause the next. Plain numbers, so that
 * neither admitting nor refusing allocates.
 */
export type Permit = number;

/** The breaker is open, or half-open with its trials given out. */
export const SHORT_CIRCUITED: Permit = -1;
/** A person forced the breaker open. */
export const FORCED_OPEN: Permit = -2;
/** As many calls are in flight as the policy allows. */
export const REJECTED: Permit = -3;

/** Slots 1 … 100 of a generation are trials (BreakerSettings.halfOpenPermits), slot 0 is any ordinary call. */
const SLOTS = 128;
/** Passes because a person forced the breaker closed; counted, never decides. */
const WITHOUT_SAY: Permit = 0;

/** How an admitted call can end; refusals are counted where they happen. */
export type CallOutcome = Exclude<Outcome, "rejected" | "short-circuited">;

export interface Transition {
  /** Monotonic, ms. */
  readonly atMs: number;
  readonly from: BreakerState;
  readonly to: BreakerState;
  readonly cause: string;
}

/** An open breaker as it is kept over a restart. Unix epoch, ms. */
export interface SavedBreaker {
  readonly sinceEpochMs: number;
  readonly untilEpochMs: number;
  readonly cause: string;
}

/**
 * Breaker and bulkhead of one command. All times are monotonic ms, passed in. `acquire`, then exactly one `settle` once
 * the result is known, and exactly one `release` once nothing of the call is left in flight.
 */
export class Breaker {
  #settings: BreakerSettings;
  #state: AutomaticState;
  #generation = 1;
  #inFlight = 0;
  readonly #window: BreakerWindow;
  readonly #onTransition: ((transition: Transition) => void) | undefined;

  constructor(settings: BreakerSettings, nowMs: number, onTransition?: (transition: Transition) => void) {
    this.#settings = settings;
    this.#state = closedState(nowMs, "No call has failed yet");
    this.#window = new BreakerWindow(settings.rollingWindowMs);
    this.#onTransition = onTransition;
  }

  /** The automatic layer as last decided. Reading it changes nothing. */
  get state(): AutomaticState {
    return this.#state;
  }

  get settings(): BreakerSettings {
    return this.#settings;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Counts of the window that decides, at `nowMs`. Reading them changes nothing. */
  window(nowMs: number): WindowSums {
    return this.#window.read(nowMs);
  }

  /**
   * Asks to make a call. The override is a layer above: forced open, nothing runs; forced closed, everything runs that
   * the bulkhead lets through, while the automatic layer goes on underneath. The bulkhead is asked before a trial is
   * taken, so a rejection never uses one up.
   */
  acquire(nowMs: number, override: OverrideMode | null): Permit {
    if (override === "forced-open") return FORCED_OPEN;
    if (this.#state.kind === "half-open") this.#move(afterLeases(this.#state, this.#settings, nowMs), nowMs);
    const refused = !this.#wouldAdmit(nowMs);
    if (refused && override !== "forced-closed") return SHORT_CIRCUITED;
    if (this.#inFlight >= this.#settings.maxConcurrent) {
      this.#window.add("rejected", nowMs);
      return REJECTED;
    }
    this.#inFlight += 1;
    if (refused) return WITHOUT_SAY;
    return this.#state.kind === "closed" ? this.#generation * SLOTS : this.#trial(nowMs);
  }

  /**
   * Tells how a call ended. Counted whatever the permit's age; decides only when no transition has happened since the
   * permit was given. A caller that went away says nothing about the service: its trial is given back.
   */
  settle(permit: Permit, outcome: CallOutcome, nowMs: number): void {
    if (outcome !== "abandoned") this.#window.add(outcome, nowMs);
    if (Math.floor(permit / SLOTS) !== this.#generation) return;
    if (this.#state.kind === "closed") {
      if (outcome === "abandoned" || !mustTrip(this.#window.total, this.#window.errors, this.#settings)) return;
      this.#move(openState(nowMs, this.#settings, tripCause(this.#window.read(nowMs))), nowMs);
      return;
    }
    const current = afterLeases(this.#state, this.#settings, nowMs);
    if (current.kind !== "half-open") return this.#move(current, nowMs);
    this.#move(settleTrial(current, permit % SLOTS, verdictOf(outcome), outcome, this.#settings, nowMs), nowMs);
  }

  /** Gives the place in the bulkhead back. */
  release(): void {
    this.#inFlight -= 1;
  }

  /** Ends trials whose lease ran out although nobody calls any more. */
  tick(nowMs: number): void {
    this.#move(afterLeases(this.#state, this.#settings, nowMs), nowMs);
  }

  /** Other thresholds; state and window stay. */
  configure(settings: BreakerSettings, nowMs: number): void {
    if (settings === this.#settings) return;
    this.#settings = settings;
    this.#window.resize(settings.rollingWindowMs, nowMs);
    this.#move(underSettings(this.#state, settings, nowMs), nowMs);
  }

  /** What must survive a restart: null unless open or half-open. A trial under way is due again afterwards. */
  save(nowMs: number, epochMs: number): SavedBreaker | null {
    if (this.#state.kind === "closed") return null;
    const untilMs = this.#state.kind === "open" ? this.#state.untilMs : nowMs;
    return {
      sinceEpochMs: Math.round(epochMs - (nowMs - this.#state.sinceMs)),
      untilEpochMs: Math.round(epochMs + (untilMs - nowMs)),
      cause: this.#state.cause,
    };
  }

  /** Takes up a saved state: open for the rest of its sleep window, never for longer than a whole one. */
  restore(saved: SavedBreaker, nowMs: number, epochMs: number): void {
    if (!this.#settings.enabled) return;
    const restMs = Math.min(Math.max(0, saved.untilEpochMs - epochMs), this.#settings.sleepWindowMs);
    this.#generation += 1;
    this.#state = {
      kind: "open",
      sinceMs: nowMs - Math.max(0, epochMs - saved.sinceEpochMs),
      cause: saved.cause,
      untilMs: nowMs + restMs,
    };
  }

  #wouldAdmit(nowMs: number): boolean {
    const state = this.#state;
    if (state.kind === "closed" || !this.#settings.enabled) return true;
    return state.kind === "open" ? nowMs >= state.untilMs : trialAvailable(state, this.#settings);
  }

  #trial(nowMs: number): Permit {
    if (this.#state.kind === "open") this.#move(halfOpenState(nowMs, "Sleep window over, trying again"), nowMs);
    if (this.#state.kind !== "half-open") return this.#generation * SLOTS;
    const { state, slot } = startTrial(this.#state, this.#settings, nowMs);
    this.#state = state;
    return this.#generation * SLOTS + slot;
  }

  #move(next: AutomaticState, nowMs: number): void {
    const from = this.#state.kind;
    this.#state = next;
    if (next.kind === from) return;
    this.#generation += 1;
    if (next.kind === "closed") this.#window.clear();
    this.#onTransition?.({ atMs: Math.min(next.sinceMs, nowMs), from, to: next.kind, cause: next.cause });
  }
}

function verdictOf(outcome: CallOutcome): TrialVerdict {
  if (outcome === "abandoned") return "ignored";
  return outcome === "success" ? "passed" : "failed";
}
