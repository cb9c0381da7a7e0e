"use client";

import type { FleetBreaker } from "#domain/live.ts";
import { useSteadyKeys, type SteadyKeys } from "../../ui/use-steady-keys.ts";
import { worstState } from "../breaker-state.ts";
import { keysInOrder, type SortBy } from "./board-rows.ts";

/** Breakers in an order that keeps still. */
export interface SteadyOrder extends Pick<SteadyKeys, "onFocus" | "onBlur"> {
  readonly ordered: readonly FleetBreaker[];
}

/** Sorts breakers at once when one changed its state, came or went, or another order was asked for; else now and then. */
export function useSteadyOrder(
  breakers: readonly FleetBreaker[],
  by: SortBy,
  reversed: boolean,
  nowMs: number,
): SteadyOrder {
  const reason = `${by} ${String(reversed)} ${breakers.map((breaker) => `${breaker.key} ${worstState(breaker) ?? ""}`).join()}`;
  const { keys, onFocus, onBlur } = useSteadyKeys(() => keysInOrder(breakers, by, reversed), reason, nowMs);
  const byKey = new Map(breakers.map((breaker) => [breaker.key, breaker]));
  return { ordered: keys.flatMap((key) => byKey.get(key) ?? []), onFocus, onBlur };
}
