import type { BreakerSettings } from "#domain/breaker-policy.ts";
import type { SavedBreaker } from "#domain/breaker-saved.ts";
import { Breaker, type CallOutcome, type Transition } from "#domain/breaker.ts";
import type { Outcome } from "#domain/traffic.ts";
import type { Clock } from "#platform/clock.ts";
import { OutcomeCounter } from "#telemetry/gateway-outcomes.ts";
import type { RandomSource } from "./chance.ts";
import { FailedCalls, type CalledInstance } from "./failed-calls.ts";

/** Since when a breaker has not been closed (Unix epoch, ms), and why it opened then; trials may have failed since. */
export interface Outage {
  readonly sinceMs: number;
  readonly cause: string;
}

/** A command's breaker as it is kept over a restart. */
export interface SavedCommand extends SavedBreaker {
  readonly outage: Outage | null;
}

/** Everything about the calls a route makes to a service that outlives snapshots. */
export class Command {
  readonly key: string;
  readonly routeId: string;
  readonly service: string;
  readonly breaker: Breaker;
  /** Windows closed since its last call. */
  idleWindows = 0;
  /** Calls since the last window, for display. */
  readonly calls = new OutcomeCounter();
  fallbackServed = 0;
  fallbackFailed = 0;
  fallbackRejected = 0;
  #fallbacksInFlight = 0;
  #maxInFlight = 0;
  /** Null until a call has gone wrong. */
  #failed: FailedCalls | null = null;
  #outage: Outage | null = null;
  readonly #clock: Clock;

  constructor(
    key: string,
    routeId: string,
    service: string,
    settings: BreakerSettings,
    clock: Clock,
    onTransition: (command: Command, transition: Transition) => void,
    random: RandomSource = Math.random,
  ) {
    this.key = key;
    this.routeId = routeId;
    this.service = service;
    this.#clock = clock;
    const told = (transition: Transition): void => {
      this.#remember(transition);
      onTransition(this, transition);
    };
    this.breaker = new Breaker(settings, clock.monotonicMs(), told, { random, explain: () => this.#where() });
  }

  /** Null while the breaker is closed. */
  get outage(): Outage | null {
    return this.#outage;
  }

  /** What must survive a restart; null while closed. */
  save(): SavedCommand | null {
    const saved = this.breaker.save(this.#clock.monotonicMs(), this.#clock.nowMs());
    return saved === null ? null : { ...saved, outage: this.#outage };
  }

  restore(saved: SavedCommand): void {
    this.breaker.restore(saved, this.#clock.monotonicMs(), this.#clock.nowMs());
    if (this.breaker.state.kind !== "closed") this.#outage = saved.outage;
  }

  /** A call was let through. */
  admitted(): void {
    const { inFlight } = this.breaker;
    if (inFlight > this.#maxInFlight) this.#maxInFlight = inFlight;
  }

  /** A call to the instance failed, or (`outcome` success) took too long. */
  wentWrong(instance: CalledInstance, outcome: CallOutcome, nowMs: number): void {
    this.#failed ??= new FailedCalls();
    this.#failed.add(instance, outcome, nowMs);
  }

  /** Counts a call or a refusal; `latencyMs` is null for refusals and callers that went away. */
  count(outcome: Outcome, latencyMs: number | null): void {
    this.idleWindows = 0;
    this.calls.add(outcome, latencyMs);
  }

  /** Takes a place among the fallbacks in flight; false when all are taken (Hystrix: FALLBACK_REJECTION). */
  enterFallback(max: number): boolean {
    if (this.#fallbacksInFlight >= max) return false;
    this.#fallbacksInFlight += 1;
    return true;
  }

  leaveFallback(): void {
    this.#fallbacksInFlight -= 1;
  }

  /** Most calls in flight at once since this was last asked. */
  takeMaxInFlight(): number {
    const taken = Math.max(this.#maxInFlight, this.breaker.inFlight);
    this.#maxInFlight = this.breaker.inFlight;
    return taken;
  }

  takeFallbacks(): { served: number; failed: number; rejected: number } {
    const taken = { served: this.fallbackServed, failed: this.fallbackFailed, rejected: this.fallbackRejected };
    this.fallbackServed = 0;
    this.fallbackFailed = 0;
    this.fallbackRejected = 0;
    return taken;
  }

  #remember({ from, to, atMs, cause }: Transition): void {
    if (to === "closed") this.#outage = null;
    if (from !== "closed") return;
    const sinceMs = Math.round(this.#clock.nowMs() - (this.#clock.monotonicMs() - atMs));
    this.#outage = { sinceMs, cause };
  }

  /** Where the calls of the breaker's window went wrong. */
  #where(): string {
    return this.#failed?.inWords(this.#clock.monotonicMs() - this.breaker.settings.rollingWindowMs) ?? "";
  }
}
