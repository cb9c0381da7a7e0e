import type { BreakerSettings } from "#domain/breaker-policy.ts";
import { Breaker, type Transition } from "#domain/breaker.ts";
import type { Outcome } from "#domain/traffic.ts";
import { OutcomeCounter } from "#telemetry/gateway-outcomes.ts";

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

  constructor(
    key: string,
    routeId: string,
    service: string,
    settings: BreakerSettings,
    nowMs: number,
    onTransition: (command: Command, transition: Transition) => void,
  ) {
    this.key = key;
    this.routeId = routeId;
    this.service = service;
    this.breaker = new Breaker(settings, nowMs, (transition) => onTransition(this, transition));
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

  takeFallbacks(): { served: number; failed: number; rejected: number } {
    const taken = { served: this.fallbackServed, failed: this.fallbackFailed, rejected: this.fallbackRejected };
    this.fallbackServed = 0;
    this.fallbackFailed = 0;
    this.fallbackRejected = 0;
    return taken;
  }
}
