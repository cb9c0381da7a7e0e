import { CircleDot, Lock, OctagonX, Zap, ZapOff, type LucideIcon } from "lucide-react";
import type { FleetBreaker } from "#domain/live.ts";
import type { OverrideMode } from "#domain/override.ts";
import type { BreakerReading, BreakerState } from "#domain/traffic.ts";
import type { BadgeTone } from "../ui/badge.tsx";

/** What callers meet: the person's layer where there is one, else the automatic one. */
export type EffectiveState = BreakerState | OverrideMode;

/** One layer of state over the other; neither is lost, as both are shown beside this. */
export function effectiveState(state: BreakerState, override: OverrideMode | null): EffectiveState {
  return override ?? state;
}

export function effectiveOf(reading: BreakerReading): EffectiveState {
  return effectiveState(reading.state, reading.override?.mode ?? null);
}

export interface StateStyle {
  readonly word: string;
  readonly tone: BadgeTone;
  readonly icon: LucideIcon;
  readonly color: string;
  /** Worst first. */
  readonly rank: number;
}

export const STATE_STYLES: Readonly<Record<EffectiveState, StateStyle>> = {
  open: { word: "Open", tone: "bad", icon: ZapOff, color: "var(--bad)", rank: 0 },
  "forced-open": { word: "Forced open", tone: "bad", icon: OctagonX, color: "var(--bad)", rank: 1 },
  "half-open": { word: "Half-open", tone: "warn", icon: CircleDot, color: "var(--warn)", rank: 2 },
  "forced-closed": { word: "Forced closed", tone: "warn", icon: Lock, color: "var(--warn)", rank: 3 },
  closed: { word: "Closed", tone: "good", icon: Zap, color: "var(--good)", rank: 4 },
};

/** The worst effective state at any gateway; null when no gateway reports the breaker. */
export function worstState(breaker: FleetBreaker): EffectiveState | null {
  const states = breaker.gateways.map(({ reading }) => effectiveOf(reading));
  return states.toSorted((a, b) => STATE_STYLES[a].rank - STATE_STYLES[b].rank)[0] ?? null;
}

/** The fleet's effective state in words, naming how many gateways agree: `Open on 1 of 2 gateways`. */
export function stateInWords(breaker: FleetBreaker): string {
  const worst = worstState(breaker);
  if (worst === null) return "Not reported";
  const count = breaker.gateways.filter(({ reading }) => effectiveOf(reading) === worst).length;
  const total = breaker.gateways.length;
  const word = STATE_STYLES[worst].word;
  return count === total ? word : `${word} on ${count.toString()} of ${total.toString()} gateways`;
}

/** The automatic layer alone, in words. */
export function automaticInWords(breaker: FleetBreaker): string {
  const states: readonly BreakerState[] = ["open", "half-open", "closed"];
  const counts = states
    .map((state) => ({ state, count: breaker.gateways.filter(({ reading }) => reading.state === state).length }))
    .filter(({ count }) => count > 0);
  if (counts.length === 1 && counts[0] !== undefined) return STATE_STYLES[counts[0].state].word;
  return counts.map(({ state, count }) => `${STATE_STYLES[state].word} on ${count.toString()}`).join(", ");
}

/** Figures of the deciding window over all gateways. */
export function fleetWindow(breaker: FleetBreaker): {
  readonly total: number;
  readonly errors: number;
  readonly percent: number;
} {
  const total = breaker.gateways.reduce((sum, { reading }) => sum + reading.window.total, 0);
  const errors = breaker.gateways.reduce((sum, { reading }) => sum + reading.window.errors, 0);
  return { total, errors, percent: total === 0 ? 0 : (errors / total) * 100 };
}
