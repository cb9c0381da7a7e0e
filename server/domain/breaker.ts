import { afterTime, underSettings } from "./breaker-change.ts";
import type { BreakerSettings } from "./breaker-policy.ts";
import { settleStep } from "./breaker-readmission.ts";
import { restoredState, savedState, type SavedBreaker } from "./breaker-saved.ts";
import { closedState, halfOpenState, openState, shownState, type AutomaticState, type Rules } from "./breaker-state.ts";
import { settleTrial, startTrial, trialAvailable, verdictOf } from "./breaker-trial.ts";
import { causeWithWhere, mustTrip, mustTripSlow, slowCause, tripCause } from "./breaker-trip.ts";
import { WaitingCalls } from "./breaker-waiting.ts";
import { BreakerWindow, type WindowKind, type WindowSums } from "./breaker-window.ts";
import type { OverrideMode } from "./override.ts";
import type { BreakerState, Outcome } from "./traffic.ts";

/**
 * Leave to make one call, or (negative) the reason why not. A permit carries the generation it was given in: every
 * transition starts a new one, and only results of the present generation can cause the next. Plain numbers, so that
 * neither admitting nor refusing allocates.
 */
export type Permit = number;

/** The breaker is open, half-open with its trials given out, or letting only a share through. */
export const SHORT_CIRCUITED: Permit = -1;
/** A person forced the breaker open. */
export const FORCED_OPEN: Permit = -2;
/** As many calls are in flight as the policy allows. */
export const REJECTED: Permit = -3;

/** Slots 1 … 100 of a generation are trials (BreakerSettings.halfOpenPermits), slot 0 is any ordinary call. */
const SLOTS = 128;
/** Passes because a person forced the breaker closed; counted, never decides. */
const WITHOUT_SAY: Permit = 0;

/** What a call takes of a step's share, in which every call adds the share let through, percent. */
const WHOLE_CALL = 100;

/** How an admitted call can end; refusals are counted where they happen. */
export type CallOutcome = Exclude<Outcome, "rejected" | "short-circuited">;

/** From one state to the next; between the steps of a graded return both are half-open. */
export interface Transition {
  /** Monotonic, ms. */
  readonly atMs: number;
  readonly from: BreakerState;
  readonly to: BreakerState;
  readonly cause: string;
  /** Share of calls let through from now on, in a step of a graded return; else null. */
  readonly percent: number | null;
}

export interface BreakerOptions {
  /** 0 to 1, for jitter; without it there is none. */
  readonly random?: () => number;
  /** Where the calls failed that open the breaker, for its cause; asked only then. Empty: nobody knows. */
  readonly explain?: () => string;
}

const MIDDLE = (): number => 0.5;
const UNEXPLAINED = (): string => "";

/**
 * Breaker and bulkhead of one command. All times are monotonic ms, passed in. `acquire`, then for each call let through at most
 * once `answered` when the head of its answer is in, exactly one `settle` once the result is known, and exactly one `release`
 * once nothing of it is left in flight.
 */
export class Breaker {
  #rules: Rules;
  #state: AutomaticState;
  #generation = 1;
  #inFlight = 0;
  #slowMs: number;
  /** Null while no call is slow by the settings. */
  #waiting: WaitingCalls | null;
  /** Of a step's share, in hundredths of a call: one passes when there is enough for a whole one. */
  #credit = 0;
  /** Calls of this step that have not ended. */
  #pending = 0;
  /** Calls have been let through in this generation that have no say. */
  #bystanders = false;
  readonly #window: BreakerWindow;
  readonly #onTransition: ((transition: Transition) => void) | undefined;
  readonly #explain: () => string;

  constructor(
    settings: BreakerSettings,
    nowMs: number,
    onTransition?: (transition: Transition) => void,
    { random = MIDDLE, explain = UNEXPLAINED }: BreakerOptions = {},
  ) {
    this.#rules = { settings, random };
    this.#state = closedState(nowMs, "No call has failed yet");
    this.#window = new BreakerWindow(settings.rollingWindowMs, settings.countRejections);
    this.#slowMs = settings.slowCallMs ?? Number.POSITIVE_INFINITY;
    this.#waiting = settings.slowCallMs === null ? null : new WaitingCalls(settings.slowCallMs, nowMs, false);
    this.#onTransition = onTransition;
    this.#explain = explain;
  }

  /** The automatic layer as last decided. Reading it changes nothing. */
  get state(): AutomaticState {
    return this.#state;
  }

  get settings(): BreakerSettings {
    return this.#rules.settings;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Counts of the window that decides, at `nowMs`. Reading them changes nothing. */
  window(nowMs: number): WindowSums {
    const sums = this.#window.read(nowMs);
    return this.#waiting === null ? sums : { ...sums, waiting: this.#waiting.read(nowMs) };
  }

  /**
   * Asks to make a call. The override is a layer above: forced open, nothing runs; forced closed, everything runs that
   * the bulkhead lets through, while the automatic layer goes on underneath. The bulkhead is asked before a trial is
   * taken, so a rejection never uses one up.
   */
  acquire(nowMs: number, override: OverrideMode | null): Permit {
    if (override === "forced-open") return FORCED_OPEN;
    this.#advance(nowMs);
    const refused = !this.#wouldAdmit(nowMs);
    if (refused && override !== "forced-closed") {
      this.#passOver();
      return SHORT_CIRCUITED;
    }
    if (this.#inFlight >= this.#rules.settings.maxConcurrent) {
      this.#window.add("rejected", false, nowMs);
      return REJECTED;
    }
    this.#inFlight += 1;
    const permit = refused ? this.#bystander() : this.#admitted(nowMs);
    // After the permit: giving it may have begun a generation, whose first call this is.
    this.#waiting?.begun(nowMs);
    return permit;
  }

  /** The head of an answer is in, or it is known that none comes: the call that was admitted at `startedMs` waits no more. */
  answered(startedMs: number, nowMs: number): void {
    this.#waiting?.answered(startedMs, nowMs);
  }

  /**
   * Tells how a call ended, and how long it took to the head of its answer or to its failure, ms. Counted whatever the
   * permit's age; decides only when no transition has happened since the permit was given. A caller that went away says
   * nothing about the service: its trial is given back.
   */
  settle(permit: Permit, outcome: CallOutcome, nowMs: number, tookMs: number): void {
    const slow = tookMs >= this.#slowMs;
    if (outcome !== "abandoned") this.#window.add(outcome, slow, nowMs);
    if (Math.floor(permit / SLOTS) !== this.#generation) return;
    if (this.#state.kind === "closed") {
      if (outcome !== "abandoned") this.#tripIfDue(nowMs);
      return;
    }
    this.#advance(nowMs);
    if (Math.floor(permit / SLOTS) === this.#generation) this.#judge(permit, outcome, slow, nowMs);
  }

  /** Counts results, `slow` of them slow, without a decision: for who replays a record, and knows that none would follow. */
  count(kind: WindowKind, calls: number, slow: number, nowMs: number): void {
    this.#window.addMany(kind, calls, slow, nowMs);
  }

  /** Gives the place in the bulkhead back. */
  release(): void {
    this.#inFlight -= 1;
  }

  /** What time alone brings about although nobody calls any more: leases end, steps pass, calls have waited for too long. */
  tick(nowMs: number): void {
    this.#advance(nowMs);
  }

  /** Other thresholds; state and window stay. */
  configure(settings: BreakerSettings, nowMs: number): void {
    const before = this.#rules.settings;
    if (settings === before) return;
    this.#rules = { settings, random: this.#rules.random };
    this.#window.configure(settings.rollingWindowMs, settings.countRejections, nowMs);
    const { slowCallMs } = settings;
    if (slowCallMs !== before.slowCallMs) {
      this.#slowMs = slowCallMs ?? Number.POSITIVE_INFINITY;
      this.#waiting = slowCallMs === null ? null : new WaitingCalls(slowCallMs, nowMs, this.#inFlight > 0);
    }
    this.#move(underSettings(this.#state, settings, nowMs), nowMs);
  }

  /** What must survive a restart; null while closed. */
  save(nowMs: number, epochMs: number): SavedBreaker | null {
    return savedState(this.#state, nowMs, epochMs);
  }

  /** Takes up a saved state. */
  restore(saved: SavedBreaker, nowMs: number, epochMs: number): void {
    const { settings } = this.#rules;
    if (!settings.enabled) return;
    this.#generation += 1;
    this.#state = restoredState(saved, settings, nowMs, epochMs);
  }

  #wouldAdmit(nowMs: number): boolean {
    const state = this.#state;
    const { settings } = this.#rules;
    if (state.kind === "closed" || !settings.enabled) return true;
    if (state.kind === "open") return nowMs >= state.untilMs;
    return state.kind === "half-open" ? trialAvailable(state, settings) : this.#credit + state.percent >= WHOLE_CALL;
  }

  #admitted(nowMs: number): Permit {
    if (this.#state.kind === "closed") return this.#generation * SLOTS;
    if (this.#state.kind === "readmitting") {
      this.#credit += this.#state.percent - WHOLE_CALL;
      this.#pending += 1;
      return this.#generation * SLOTS;
    }
    if (this.#state.kind === "open")
      this.#move(halfOpenState(nowMs, "Sleep window over, trying again", this.#state.trips), nowMs);
    if (this.#state.kind !== "half-open") return this.#generation * SLOTS;
    const { state, slot } = startTrial(this.#state, this.#rules.settings, nowMs);
    this.#state = state;
    return this.#generation * SLOTS + slot;
  }

  #bystander(): Permit {
    this.#bystanders = true;
    this.#passOver();
    return WITHOUT_SAY;
  }

  /** A call that was not in a step's share adds to it. */
  #passOver(): void {
    if (this.#state.kind === "readmitting") this.#credit += this.#state.percent;
  }

  /** What time alone has led to. */
  #advance(nowMs: number): void {
    if (this.#state.kind === "closed") {
      if (this.#waiting !== null && this.#waiting.old(nowMs) > 0) this.#tripIfSlow(nowMs, this.#waiting);
      return;
    }
    for (;;) {
      // Who has no say may be among those who wait.
      const waiting = this.#waiting === null || this.#bystanders ? 0 : this.#waiting.old(nowMs);
      const next = afterTime(this.#state, { pending: this.#pending, waiting }, this.#rules, nowMs);
      if (next === this.#state) return;
      this.#move(next, nowMs);
    }
  }

  #tripIfDue(nowMs: number): void {
    const { settings } = this.#rules;
    if (mustTrip(this.#window.total, this.#window.errors, settings)) this.#trip(tripCause, nowMs);
    else if (this.#waiting !== null) this.#tripIfSlow(nowMs, this.#waiting);
  }

  #tripIfSlow(nowMs: number, waiting: WaitingCalls): void {
    const old = waiting.old(nowMs);
    this.#window.roll(nowMs);
    const { total, slow } = this.#window;
    if (mustTripSlow(total + old, slow + old, this.#rules.settings)) this.#trip(slowCause, nowMs);
  }

  #trip(cause: (sums: WindowSums, settings: BreakerSettings) => string, nowMs: number): void {
    this.#move(openState(nowMs, this.#rules, cause(this.window(nowMs), this.#rules.settings), 1), nowMs);
  }

  /** A result of the present generation, while not closed. */
  #judge(permit: Permit, outcome: CallOutcome, slow: boolean, nowMs: number): void {
    const state = this.#state;
    if (state.kind === "half-open") {
      const why = slow && outcome === "success" ? `slow (over ${this.#slowMs} ms)` : outcome;
      this.#move(settleTrial(state, permit % SLOTS, verdictOf(outcome, slow), why, this.#rules, nowMs), nowMs);
    } else if (state.kind === "readmitting") {
      this.#pending -= 1;
      this.#move(settleStep(state, verdictOf(outcome, slow), this.#pending, this.#rules, nowMs), nowMs);
    }
  }

  #move(next: AutomaticState, nowMs: number): void {
    const from = this.#state;
    this.#state = next;
    const percent = next.kind === "readmitting" ? next.percent : null;
    if (next.kind === from.kind && (from.kind !== "readmitting" || percent === from.percent)) return;
    if (next.kind === "open" && from.kind !== "half-open")
      this.#state = { ...next, cause: causeWithWhere(next.cause, this.#explain()) };
    this.#generation += 1;
    this.#bystanders = false;
    this.#pending = 0;
    this.#waiting?.forget(nowMs);
    if (percent !== null) this.#credit = WHOLE_CALL - percent;
    if (next.kind === "closed") this.#window.clear();
    const { sinceMs, cause } = this.#state;
    const atMs = Math.min(sinceMs, nowMs);
    this.#onTransition?.({ atMs, from: shownState(from), to: shownState(next), cause, percent });
  }
}
