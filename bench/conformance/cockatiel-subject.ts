import {
  bulkhead,
  BulkheadRejectedError,
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ExponentialBackoff,
  handleWhen,
  IsolatedCircuitError,
  noJitterGenerator,
  SamplingBreaker,
  timeout,
  TimeoutStrategy,
  wrap,
  type CircuitBreakerPolicy,
  type IDisposable,
  type IPolicy,
} from "cockatiel";
import type { BreakerSettings } from "#domain/breaker-policy.ts";
import type { Begun, Library, Subject } from "#domain/conformance/subject.ts";
import { failureStatusTest } from "#domain/failure-statuses.ts";
import type { OverrideMode } from "#domain/override.ts";
import type { BreakerState } from "#domain/traffic.ts";
import { CallFailed, CallUnderWay } from "./call-under-way.ts";
import { pass, settled } from "./virtual-time.ts";

/** It wants less than 1. */
const ALL = 0.999_999;

/**
 * As its README says: a SamplingBreaker (threshold, duration, minimumRps) with halfOpenAfter, and inside it bulkhead and timeout, whose
 * refusals then count as failures; isolate() for forced open; toJSON() and initialState for restarts.
 */
export const COCKATIEL: Library = {
  name: "cockatiel",
  abilities: new Set([
    "being forced open",
    "a state that can be saved",
    "a bulkhead",
    "rejections that do not count",
    "several trials",
    "a longer sleep each time",
  ]),
  make: (settings) => new CockatielSubject(settings),
};

class CockatielSubject implements Subject {
  readonly #settings: BreakerSettings;
  #breaker: CircuitBreakerPolicy;
  #policy: IPolicy;
  #isolation: IDisposable | null = null;

  constructor(settings: BreakerSettings) {
    this.#settings = settings;
    this.#breaker = this.#make(undefined);
    this.#policy = this.#around(this.#breaker);
  }

  async begin(): Promise<Begun> {
    const call = new CallUnderWay();
    let refusal: "rejected" | "short-circuited" | null = null;
    this.#policy.execute(call.action).catch((error: unknown) => {
      if (error instanceof BulkheadRejectedError) refusal = "rejected";
      if (error instanceof BrokenCircuitError || error instanceof IsolatedCircuitError) refusal = "short-circuited";
    });
    await settled();
    return call.begun(refusal);
  }

  wait(ms: number): Promise<void> {
    return pass(ms);
  }

  state(): BreakerState {
    if (this.#breaker.state === CircuitState.Closed) return "closed";
    return this.#breaker.state === CircuitState.HalfOpen ? "half-open" : "open";
  }

  force(mode: OverrideMode | null): void {
    this.#isolation?.dispose();
    this.#isolation = mode === null ? null : this.#breaker.isolate();
  }

  async restart(downMs: number): Promise<void> {
    const saved: unknown = JSON.parse(JSON.stringify(this.#breaker.toJSON()));
    await pass(downMs);
    this.#breaker = this.#make(saved);
    this.#policy = this.#around(this.#breaker);
  }

  stop(): void {
    this.#isolation?.dispose();
  }

  #make(initialState: unknown): CircuitBreakerPolicy {
    const settings = this.#settings;
    const seconds = settings.rollingWindowMs / 1000;
    const fails = failureStatusTest(settings.failureStatuses);
    const counts = handleWhen((error) => {
      if (error instanceof BulkheadRejectedError) return settings.countRejections;
      if (!(error instanceof CallFailed)) return true;
      return error.ending !== "abandoned" && (typeof error.ending !== "number" || fails(error.ending));
    });
    return circuitBreaker(counts, {
      halfOpenAfter:
        settings.sleepBackoffFactor === 1
          ? settings.sleepWindowMs
          : new ExponentialBackoff({
              initialDelay: settings.sleepWindowMs,
              exponent: settings.sleepBackoffFactor,
              maxDelay: settings.sleepWindowMaxMs,
              generator: noJitterGenerator,
            }),
      halfOpenSampling: { calls: settings.halfOpenPermits, threshold: 0 },
      breaker: new SamplingBreaker({
        threshold: Math.min(ALL, settings.errorThresholdPercent / 100),
        duration: settings.rollingWindowMs,
        minimumRps: settings.requestVolumeThreshold / seconds,
      }),
      initialState,
    });
  }

  #around(breaker: CircuitBreakerPolicy): IPolicy {
    const { maxConcurrent, timeoutMs } = this.#settings;
    return wrap(breaker, bulkhead(maxConcurrent), timeout(timeoutMs, TimeoutStrategy.Aggressive));
  }
}
