import { BreakerSettings } from "./breaker-policy.ts";
import { Breaker, type BreakerOptions, type CallOutcome, type Permit, type Transition } from "./breaker.ts";
import type { OverrideMode } from "./override.ts";

/** A breaker on a clock turned by hand. */
export class BenchedBreaker {
  readonly settings: BreakerSettings;
  readonly breaker: Breaker;
  readonly clock = { nowMs: 100_000 };
  readonly transitions: Transition[] = [];
  /** The layer above, for the calls made here. */
  override: OverrideMode | null = null;

  constructor(settings: Partial<BreakerSettings> = {}, options: BreakerOptions = {}) {
    this.settings = BreakerSettings.parse(settings);
    const told = (transition: Transition): void => void this.transitions.push(transition);
    this.breaker = new Breaker(this.settings, this.clock.nowMs, told, options);
  }

  /** A whole call that takes `tookMs`; the permit it was given. */
  call = (outcome: CallOutcome, tookMs = 0): Permit => {
    const { breaker, clock } = this;
    const startedMs = clock.nowMs;
    const permit = breaker.acquire(startedMs, this.override);
    if (permit < 0) return permit;
    clock.nowMs += tookMs;
    breaker.answered(startedMs, clock.nowMs);
    breaker.settle(permit, outcome, clock.nowMs, tookMs);
    breaker.release();
    return permit;
  };

  calls = (count: number, outcome: CallOutcome, tookMs = 0): void => {
    for (let index = 0; index < count; index += 1) this.call(outcome, tookMs);
  };

  /** Calls that are let through and not heard of again. */
  hang = (count: number): Permit[] =>
    Array.from({ length: count }, () => this.breaker.acquire(this.clock.nowMs, this.override));

  /** Opens it, and waits until a trial is due. */
  sleepThrough(): void {
    this.calls(this.settings.requestVolumeThreshold, "failure");
    this.wake();
  }

  /** Turns the clock to when a trial is due. */
  wake(): void {
    const { state } = this.breaker;
    if (state.kind !== "open") throw new Error(`it is ${state.kind}`);
    this.clock.nowMs = state.untilMs;
  }
}
