import type { CallOutcome, Permit } from "#domain/breaker.ts";
import type { Clock } from "#platform/clock.ts";
import type { GatewayWindows } from "#telemetry/gateway-windows.ts";
import type { Target } from "./mesh.ts";

/** Whose call it is: all of an edge but its instance. */
export interface AttemptOrigin {
  readonly caller: string;
  readonly routeId: string;
}

/**
 * One admitted call, from permit to last byte. Settled once, with how it ended; released once, when nothing of it is in
 * flight. Both are safe to ask for again.
 */
export class Attempt {
  readonly target: Target;
  /** Monotonic, ms. */
  readonly startedMs: number;
  instance = "";
  /** Time from start to response head, ms; null until there is one. */
  headMs: number | null = null;
  readonly #permit: Permit;
  readonly #origin: AttemptOrigin;
  readonly #windows: GatewayWindows;
  readonly #clock: Clock;
  #settled = false;
  #released = false;

  constructor(target: Target, permit: Permit, origin: AttemptOrigin, windows: GatewayWindows, clock: Clock) {
    this.target = target;
    this.#permit = permit;
    this.#origin = origin;
    this.#windows = windows;
    this.#clock = clock;
    this.startedMs = clock.monotonicMs();
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** One instance could not be reached and another is tried: counted on its edge, not at the breaker. */
  missed(): void {
    this.#windows.call(this.#edge(), "unreachable", null);
  }

  /** No instance to call: says nothing about the calls the breaker judges, and its trial is given back. */
  unserved(): void {
    this.#finish("abandoned", "unreachable", null);
  }

  settle(outcome: CallOutcome): void {
    const latencyMs = outcome === "abandoned" ? null : (this.headMs ?? this.#clock.monotonicMs() - this.startedMs);
    this.#finish(outcome, outcome, latencyMs);
  }

  release(bytesOut: number): void {
    if (this.#released) return;
    this.#released = true;
    this.target.guard.command.breaker.release();
    this.#windows.bytes(this.#edge(), bytesOut);
  }

  #finish(judged: CallOutcome, counted: CallOutcome, latencyMs: number | null): void {
    if (this.#settled) return;
    this.#settled = true;
    const { command } = this.target.guard;
    command.breaker.settle(this.#permit, judged, this.#clock.monotonicMs());
    command.count(counted, latencyMs);
    this.#windows.call(this.#edge(), counted, latencyMs);
  }

  #edge() {
    const { service, subset, asFallback } = this.target;
    return { ...this.#origin, service, subset, instance: this.instance, asFallback };
  }
}
