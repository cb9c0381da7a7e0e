"use client";

import { useState } from "react";
import type { FleetBreaker } from "#domain/live.ts";
import { worstState } from "../breaker-state.ts";
import { keysInOrder, type SortBy } from "./board-rows.ts";

/** Figures change every second; the order follows them only this often, ms. */
const RESORT_MS = 10_000;

interface Order {
  readonly keys: readonly string[];
  /** What the order was made for: it is made anew at once when that is another. */
  readonly reason: string;
  readonly atMs: number;
}

/** Breakers in an order that keeps still. */
export interface SteadyOrder {
  readonly ordered: readonly FleetBreaker[];
  /** For the element around the breakers: while somebody works in it by keyboard, figures move nothing. */
  readonly onFocus: () => void;
  readonly onBlur: () => void;
}

/**
 * Sorts breakers at once when one changed its state, came or went, or another order was asked for; else every ten
 * seconds. React gives the focus back to what had it, wherever that has gone.
 */
export function useSteadyOrder(
  breakers: readonly FleetBreaker[],
  by: SortBy,
  reversed: boolean,
  nowMs: number,
): SteadyOrder {
  const [order, setOrder] = useState<Order>({ keys: [], reason: "", atMs: 0 });
  const [focused, setFocused] = useState(false);
  const reason = `${by} ${String(reversed)} ${breakers.map((breaker) => `${breaker.key} ${worstState(breaker) ?? ""}`).join()}`;
  let current = order;
  if (order.reason !== reason || (!focused && nowMs - order.atMs >= RESORT_MS)) {
    current = { keys: keysInOrder(breakers, by, reversed), reason, atMs: nowMs };
    setOrder(current);
  }
  const byKey = new Map(breakers.map((breaker) => [breaker.key, breaker]));
  return {
    ordered: current.keys.flatMap((key) => byKey.get(key) ?? []),
    onFocus: () => {
      setFocused(true);
    },
    onBlur: () => {
      setFocused(false);
    },
  };
}
