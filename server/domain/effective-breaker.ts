import type { OverrideMode } from "./override.ts";
import type { BreakerReading, BreakerState } from "./traffic.ts";

/** A breaker's two layers, as shown together: the automatic state and a person's override. */
export interface EffectiveBreaker {
  readonly state: BreakerState;
  readonly override: OverrideMode | null;
}

/** What calls meet: the override when there is one, else the automatic state. */
export function effectiveState(breaker: EffectiveBreaker): BreakerState {
  if (breaker.override === null) return breaker.state;
  return breaker.override === "forced-open" ? "open" : "closed";
}

const SEVERITY: Readonly<Record<BreakerState, number>> = { closed: 0, "half-open": 1, open: 2 };

/** The one that hinders calls most; among equals, one with an override, since a person should see it. Null for none. */
export function worstBreaker(readings: Iterable<Pick<BreakerReading, "state" | "override">>): EffectiveBreaker | null {
  let worst: EffectiveBreaker | null = null;
  for (const reading of readings) {
    const breaker = { state: reading.state, override: reading.override?.mode ?? null };
    if (worst === null || rank(breaker) > rank(worst)) worst = breaker;
  }
  return worst;
}

function rank(breaker: EffectiveBreaker): number {
  return SEVERITY[effectiveState(breaker)] * 2 + (breaker.override === null ? 0 : 1);
}
