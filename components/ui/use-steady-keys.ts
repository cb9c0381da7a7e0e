"use client";

import { useState } from "react";

/** Figures change every second; the order follows them only this often, ms. */
const RESORT_MS = 10_000;

interface Order {
  readonly keys: readonly string[];
  /** What the order was made for: it is made anew at once when that is another. */
  readonly reason: string;
  readonly atMs: number;
}

/** An order that keeps still. */
export interface SteadyKeys {
  readonly keys: readonly string[];
  /** For the element around the list: while somebody works in it by keyboard, figures move nothing. */
  readonly onFocus: () => void;
  readonly onBlur: () => void;
}

/**
 * Sorts at once when `reason` is another, else every ten seconds. React gives the focus back to what had it, wherever that
 * has gone.
 */
export function useSteadyKeys(keysInOrder: () => readonly string[], reason: string, nowMs: number): SteadyKeys {
  const [order, setOrder] = useState<Order>({ keys: [], reason: "", atMs: 0 });
  const [focused, setFocused] = useState(false);
  let current = order;
  if (order.reason !== reason || (!focused && nowMs - order.atMs >= RESORT_MS)) {
    current = { keys: keysInOrder(), reason, atMs: nowMs };
    setOrder(current);
  }
  return {
    keys: current.keys,
    onFocus: () => {
      setFocused(true);
    },
    onBlur: () => {
      setFocused(false);
    },
  };
}
