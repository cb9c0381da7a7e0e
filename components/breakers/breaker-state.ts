import { CircleDot, Lock, OctagonX, Zap, ZapOff, type LucideIcon } from "lucide-react";
import { placeOf } from "#domain/breaker-place.ts";
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
  let worst: EffectiveState | null = null;
  for (const { reading } of breaker.gateways) {
    const state = effectiveOf(reading);
    if (worst === null || STATE_STYLES[state].rank < STATE_STYLES[worst].rank) worst = state;
  }
  return worst;
}

/** Each gateway has a breaker of its own, and each worker of a gateway that has several. */
function placesWord(breaker: FleetBreaker): string {
  return breaker.gateways.some(({ reading }) => reading.worker !== null) ? "workers" : "gateways";
}

/** The fleet's effective state in words, naming how many gateways agree: `Open on 1 of 2 gateways`. */
export function stateInWords(breaker: FleetBreaker): string {
  const worst = worstState(breaker);
  if (worst === null) return "Not reported";
  const count = breaker.gateways.filter(({ reading }) => effectiveOf(reading) === worst).length;
  const total = breaker.gateways.length;
  const word = STATE_STYLES[worst].word;
  if (count < total) return `${word} on ${count.toString()} of ${total.toString()} ${placesWord(breaker)}`;
  return worst === "closed" && isIdle(breaker) ? `${word}, idle` : word;
}

/** True when no call was offered of late, not even one that was refused. */
export function isIdle(breaker: FleetBreaker): boolean {
  return breaker.offeredPerSecond === 0;
}

/** True when callers meet different states at different gateways. */
export function isDisputed(breaker: FleetBreaker): boolean {
  const [first, ...others] = breaker.gateways;
  return first !== undefined && others.some(({ reading }) => effectiveOf(reading) !== effectiveOf(first.reading));
}

/** Which gateway has which state, worst first: `open on gateway-2; closed on gateway-1 (no calls)`. Who has none says little. */
export function statesByPlace(breaker: FleetBreaker): string {
  const states = [...new Set(breaker.gateways.map(({ reading }) => effectiveOf(reading)))];
  return states
    .toSorted((a, b) => STATE_STYLES[a].rank - STATE_STYLES[b].rank)
    .map((state) => {
      const places = breaker.gateways.filter(({ reading }) => effectiveOf(reading) === state);
      return `${STATE_STYLES[state].word.toLowerCase()} on ${places.map(placeWithQuiet).join(", ")}`;
    })
    .join("; ");
}

/** A closed breaker without calls has nothing to open by. */
function placeWithQuiet(placed: FleetBreaker["gateways"][number]): string {
  const { state, window, inFlight } = placed.reading;
  const isQuiet = state === "closed" && window.total === 0 && inFlight === 0 && effectiveOf(placed.reading) === state;
  return isQuiet ? `${placeOf(placed)} (no calls)` : placeOf(placed);
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
  readonly slow: number;
  readonly waiting: number;
} {
  const sum = { total: 0, errors: 0, slow: 0, waiting: 0 };
  for (const { reading } of breaker.gateways) {
    sum.total += reading.window.total;
    sum.errors += reading.window.errors;
    sum.slow += reading.window.slow;
    sum.waiting += reading.window.waiting;
  }
  return { ...sum, percent: sum.total === 0 ? 0 : (sum.errors / sum.total) * 100 };
}
