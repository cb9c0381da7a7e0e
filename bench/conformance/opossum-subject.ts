import CircuitBreaker from "opossum";
import type { BreakerSettings } from "#domain/breaker-policy.ts";
import { WINDOW_BUCKETS } from "#domain/breaker-window.ts";
import type { Begun, Library, Subject } from "#domain/conformance/subject.ts";
import { failureStatusTest } from "#domain/failure-statuses.ts";
import type { OverrideMode } from "#domain/override.ts";
import type { BreakerState } from "#domain/traffic.ts";
import { CallFailed, CallUnderWay } from "./call-under-way.ts";
import { pass, settled } from "./virtual-time.ts";

type Opossum = CircuitBreaker<void, [() => Promise<void>]>;

/**
 * As its README says: volumeThreshold, errorThresholdPercentage, resetTimeout, capacity, timeout, rollingCount*; errorFilter for
 * what is no failure; open() and close() for forced open, disable() and enable() for forced closed; toJSON() for restarts.
 */
export const OPOSSUM: Library = {
  name: "opossum",
  abilities: new Set([
    "counts that can be read",
    "being forced open",
    "being forced closed",
    "a state that can be saved",
    "a bulkhead",
    "being switched off",
  ]),
  make: (settings) => new OpossumSubject(settings),
};

class OpossumSubject implements Subject {
  readonly #settings: BreakerSettings;
  #breaker: Opossum;
  #forced: OverrideMode | null = null;

  constructor(settings: BreakerSettings) {
    this.#settings = settings;
    this.#breaker = this.#make({});
  }

  async begin(): Promise<Begun> {
    const call = new CallUnderWay();
    let refusal: "rejected" | "short-circuited" | null = null;
    this.#breaker.fire(call.action).catch((error: unknown) => {
      const code = error instanceof Error && "code" in error ? error.code : null;
      if (code === "EOPENBREAKER") refusal = "short-circuited";
      if (code === "ESEMLOCKED") refusal = "rejected";
    });
    await settled();
    return call.begun(refusal);
  }

  wait(ms: number): Promise<void> {
    return pass(ms);
  }

  state(): BreakerState {
    if (this.#breaker.halfOpen) return "half-open";
    return this.#breaker.opened ? "open" : "closed";
  }

  /** What it decides by. Of failures it tells only its own timeouts apart, and counts those as failures, too. */
  window(): ReturnType<NonNullable<Subject["window"]>> {
    const { fires, failures, successes, semaphoreRejections } = this.#breaker.stats;
    const byKind = { success: successes, rejected: semaphoreRejections };
    return { total: fires, errors: failures, slow: 0, waiting: 0, byKind };
  }

  force(mode: OverrideMode | null): void {
    if (mode === "forced-open") this.#breaker.open();
    else if (mode === "forced-closed") this.#breaker.disable();
    else if (this.#forced === "forced-open") this.#breaker.close();
    else this.#breaker.enable();
    this.#forced = mode;
  }

  async restart(downMs: number): Promise<void> {
    const { state, status } = this.#breaker.toJSON();
    this.#breaker.shutdown();
    await pass(downMs);
    this.#breaker = this.#make({ state, status });
  }

  stop(): void {
    this.#breaker.shutdown();
  }

  #make(kept: ReturnType<Opossum["toJSON"]> | Record<string, never>): Opossum {
    const { settings, fails } = { settings: this.#settings, fails: failureStatusTest(this.#settings.failureStatuses) };
    const options = {
      timeout: settings.timeoutMs,
      errorThresholdPercentage: settings.errorThresholdPercent,
      volumeThreshold: settings.requestVolumeThreshold,
      resetTimeout: settings.sleepWindowMs,
      rollingCountTimeout: settings.rollingWindowMs,
      rollingCountBuckets: WINDOW_BUCKETS,
      capacity: settings.maxConcurrent,
      enabled: settings.enabled,
      enableSnapshots: false,
      errorFilter: (error: unknown) => {
        if (!(error instanceof CallFailed)) return false;
        const { ending } = error;
        return ending === "abandoned" || (typeof ending === "number" && !fails(ending));
      },
      ...kept,
    };
    return new CircuitBreaker((action: () => Promise<void>) => action(), options);
  }
}
