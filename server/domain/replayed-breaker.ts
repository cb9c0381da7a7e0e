import { Breaker, type CallOutcome, type Permit, type Transition } from "./breaker.ts";
import type { BreakerSettings } from "./breaker-policy.ts";
import type { WindowKind } from "./breaker-window.ts";
import type { Lane } from "./offered-calls.ts";
import { wentWrong, type ReplayKind } from "./replay-calls.ts";

/** A time during which the breaker was not closed. Unix epoch, ms. */
export interface ReplayedOpening {
  readonly fromMs: number;
  /** Null: to the end of the record. */
  readonly toMs: number | null;
  readonly cause: string;
}

/** What a breaker made of the calls of a record. */
export interface ReplayResult {
  readonly openCount: number;
  /** The first of them: of a breaker that flaps all day more would say nothing more. */
  readonly openings: readonly ReplayedOpening[];
  readonly notClosedMs: number;
  readonly passed: number;
  readonly refused: number;
  readonly refusedGood: number;
  readonly refusedBad: number;
  readonly failed: number;
  /** Calls of which it was not known how they would have ended. */
  readonly assumed: number;
}

/** What the window calls each kind; null: it is not in the window. */
const IN_WINDOW: Readonly<Record<ReplayKind, WindowKind | null>> = {
  success: "success",
  failure: "failure",
  timeout: "timeout",
  unreachable: "unreachable",
  unserved: null,
  rejected: "rejected",
  abandoned: null,
};

/** How the engine is told of each kind; a rejection is told before there is a permit. */
const OUTCOME: Readonly<Record<ReplayKind, CallOutcome>> = {
  success: "success",
  failure: "failure",
  timeout: "timeout",
  unreachable: "unreachable",
  unserved: "abandoned",
  rejected: "abandoned",
  abandoned: "abandoned",
};

const MOST_OPENINGS = 200;

interface Trial {
  readonly permit: Permit;
  readonly outcome: CallOutcome;
  readonly startedMs: number;
  readonly endMs: number;
}

/** The gateway's engine, given calls whose end is known beforehand, and a tally of what it does with them. */
export class ReplayedBreaker {
  readonly #settings: BreakerSettings;
  readonly #breaker: Breaker;
  /** Under way, by when they end. */
  readonly #trials: Trial[] = [];
  readonly #openings: ReplayedOpening[] = [];
  /** The opening that is not over yet. */
  #opening: { readonly fromMs: number; readonly cause: string } | null = null;
  #openCount = 0;
  #notClosedMs = 0;
  #passed = 0;
  #refused = 0;
  #refusedGood = 0;
  #refusedBad = 0;
  #failed = 0;
  #assumed = 0;

  constructor(settings: BreakerSettings, nowMs: number) {
    this.#settings = settings;
    this.#breaker = new Breaker(settings, nowMs, (transition) => this.#moved(transition));
  }

  /**
   * Offers all calls between two moments of the same bucket of the window at once, if it is certain what becomes of them.
   * @returns false, and has done nothing, when each has to be offered by itself.
   */
  offerAll(lanes: readonly Lane[], fromMs: number, toMs: number): boolean {
    this.#until(fromMs);
    if ((this.#trials[0]?.endMs ?? Number.POSITIVE_INFINITY) < toMs) return false;
    const { state } = this.#breaker;
    if (state.kind === "closed" && !this.#mayTrip(lanes, fromMs)) {
      for (const lane of lanes) this.#pass(lane, lane.calls, fromMs);
      return true;
    }
    const refuses =
      state.kind === "open"
        ? toMs <= state.untilMs
        : state.kind === "half-open" && state.leases.length + state.passed >= this.#settings.halfOpenPermits;
    const isCut = (lane: Lane): boolean => this.#wasUnderWay(lane, fromMs) && !this.#wasUnderWay(lane, toMs);
    if (!refuses || lanes.some(isCut)) return false;
    for (const lane of lanes) {
      if (this.#wasUnderWay(lane, fromMs)) this.#pass(lane, lane.calls, fromMs);
      else this.#refuse(lane, lane.calls);
    }
    return true;
  }

  /** Offers one call. */
  offer(lane: Lane, nowMs: number): void {
    this.#until(nowMs);
    if (this.#wasUnderWay(lane, nowMs)) return this.#pass(lane, 1, nowMs);
    const permit = this.#breaker.acquire(nowMs, null);
    if (permit < 0) return this.#refuse(lane, 1);
    this.#breaker.release();
    const outcome = OUTCOME[lane.of.kind];
    const isTrial = this.#breaker.state.kind === "half-open";
    this.#tally(lane, 1);
    if (isTrial && outcome !== "abandoned")
      this.#begin({ permit, outcome, startedMs: nowMs, endMs: nowMs + lane.tookMs });
    else this.#settle({ permit, outcome, startedMs: nowMs, endMs: nowMs }, lane.tookMs);
    // The bulkhead is asked first, and has its own column in the window.
    if (lane.of.kind === "rejected") this.#breaker.count("rejected", 1, 0, nowMs);
  }

  /** What came of it all, up to the end of the record. */
  finish(nowMs: number): ReplayResult {
    this.#until(nowMs);
    this.#closed(nowMs, null);
    return {
      openCount: this.#openCount,
      openings: this.#openings,
      notClosedMs: this.#notClosedMs,
      passed: this.#passed,
      refused: this.#refused,
      refusedGood: this.#refusedGood,
      refusedBad: this.#refusedBad,
      failed: this.#failed,
      assumed: this.#assumed,
    };
  }

  /** Trials end, and time brings about what it does. */
  #until(nowMs: number): void {
    for (let next = this.#trials[0]; next !== undefined && next.endMs <= nowMs; next = this.#trials[0]) {
      this.#trials.shift();
      this.#settle(next, next.endMs - next.startedMs);
    }
    this.#breaker.tick(nowMs);
  }

  #begin(trial: Trial): void {
    const after = this.#trials.findIndex(({ endMs }) => endMs > trial.endMs);
    this.#trials.splice(after === -1 ? this.#trials.length : after, 0, trial);
  }

  #settle({ permit, outcome, startedMs, endMs }: Trial, tookMs: number): void {
    this.#breaker.answered(startedMs, endMs);
    this.#breaker.settle(permit, outcome, endMs, tookMs);
  }

  /** It was let through before the breaker opened, and only its result comes now, too late to have a say. */
  #wasUnderWay({ known, tookMs }: Lane, nowMs: number): boolean {
    return known && this.#opening !== null && nowMs - tookMs < this.#opening.fromMs;
  }

  /**
   * Whether any of these calls could open it, in whatever order they come: nothing leaves the window between, so there are
   * never more errors among the calls than these and those already there, and never fewer calls than there are.
   */
  #mayTrip(lanes: readonly Lane[], nowMs: number): boolean {
    const { enabled, requestVolumeThreshold, errorThresholdPercent, slowCallMs, slowCallRatePercent } = this.#settings;
    if (!enabled) return false;
    const { total, errors, slow } = this.#breaker.window(nowMs);
    let more = 0;
    let moreErrors = 0;
    let moreSlow = 0;
    for (const { of, calls } of lanes) {
      const kind = IN_WINDOW[of.kind];
      if (kind === null) continue;
      more += calls;
      if (kind !== "success") moreErrors += calls;
      if (of.slow) moreSlow += calls;
    }
    if (total + more < requestVolumeThreshold) return false;
    const fewest = Math.max(total, requestVolumeThreshold);
    return (
      (errors + moreErrors) * 100 >= errorThresholdPercent * fewest ||
      (slowCallMs !== null && (slow + moreSlow) * 100 >= slowCallRatePercent * fewest)
    );
  }

  /** Let through without a decision. */
  #pass(lane: Lane, calls: number, nowMs: number): void {
    this.#tally(lane, calls);
    const kind = IN_WINDOW[lane.of.kind];
    if (kind !== null) this.#breaker.count(kind, calls, lane.of.slow ? calls : 0, nowMs);
  }

  #tally(lane: Lane, calls: number): void {
    this.#passed += calls;
    if (wentWrong(lane.of.kind)) this.#failed += calls;
    if (!lane.known) this.#assumed += calls;
  }

  #refuse(lane: Lane, calls: number): void {
    this.#refused += calls;
    if (lane.of.kind === "success") this.#refusedGood += calls;
    else if (wentWrong(lane.of.kind)) this.#refusedBad += calls;
    if (!lane.known) this.#assumed += calls;
  }

  #moved({ atMs, from, to, cause }: Transition): void {
    if (from === "closed") this.#opening = { fromMs: atMs, cause };
    if (to === "closed") this.#closed(atMs, atMs);
  }

  /** `toMs` null: only the record has ended. */
  #closed(nowMs: number, toMs: number | null): void {
    if (this.#opening === null) return;
    this.#notClosedMs += nowMs - this.#opening.fromMs;
    this.#openCount += 1;
    if (this.#openings.length < MOST_OPENINGS) this.#openings.push({ ...this.#opening, toMs });
    this.#opening = null;
  }
}
