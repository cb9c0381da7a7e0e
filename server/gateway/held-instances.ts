import { isOverrideActive, type OverrideMode } from "#domain/override.ts";
import type { BoundOverride } from "./bound-override.ts";

/**
 * What people hold of a service's instances, as one snapshot has it for this gateway. Who is held changes by itself when
 * an expiry passes on the wall clock, which may also be set back: asking for the phase is two comparisons.
 */
export class HeldInstances {
  /** By instance id: those that could bind it, the one that wins first. */
  readonly #overrides: ReadonlyMap<string, readonly BoundOverride[]>;
  readonly #gatewayId: string;
  /** Unix epoch, ms. */
  readonly #nowMs: () => number;
  /** Ends of overrides, Unix epoch, ms, in order. */
  readonly #ends: readonly number[];
  #phase = 0;
  #fromMs = Number.POSITIVE_INFINITY;
  #untilMs = Number.NEGATIVE_INFINITY;

  constructor(overrides: ReadonlyMap<string, readonly BoundOverride[]>, gatewayId: string, nowMs: () => number) {
    this.#overrides = overrides;
    this.#gatewayId = gatewayId;
    this.#nowMs = nowMs;
    const ends = [...overrides.values()].flat().map(({ spec }) => spec.expiresAtMs);
    this.#ends = ends.filter((endMs) => endMs !== null).sort((a, b) => a - b);
  }

  /** How many of the ends have passed: who is held is the same while this is. */
  get phase(): number {
    const nowMs = this.#nowMs();
    if (nowMs >= this.#fromMs && nowMs < this.#untilMs) return this.#phase;
    const next = this.#ends.findIndex((endMs) => nowMs < endMs);
    this.#phase = next === -1 ? this.#ends.length : next;
    this.#fromMs = this.#ends[this.#phase - 1] ?? Number.NEGATIVE_INFINITY;
    this.#untilMs = this.#ends[this.#phase] ?? Number.POSITIVE_INFINITY;
    return this.#phase;
  }

  /** The override in force of an instance, or null. */
  overrideOf(instanceId: string): BoundOverride | null {
    const nowMs = this.#nowMs();
    const bound = this.#overrides.get(instanceId);
    return bound?.find(({ spec }) => isOverrideActive(spec, this.#gatewayId, nowMs)) ?? null;
  }

  modeOf(instanceId: string): OverrideMode | null {
    return this.overrideOf(instanceId)?.spec.mode ?? null;
  }
}
