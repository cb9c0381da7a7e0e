"use client";

import { useState } from "react";
import type { Topology } from "#domain/topology.ts";
import { figuresOf, type Figures } from "../model/figures.ts";
import type { TreeOrder } from "./tree-order.ts";

/** Figures change every second; the order follows them only this often, ms. */
const RESORT_MS = 10_000;

interface Held {
  readonly figures: ReadonlyMap<string, Figures>;
  readonly reason: string;
  readonly atMs: number;
}

/**
 * The figures that rows are sorted by: at once those of now when another order is asked for, else renewed every ten
 * seconds, and never while somebody works in the rows by keyboard.
 */
export function useSortFigures(
  topology: Topology,
  order: TreeOrder,
  nowMs: number,
  working: boolean,
): ReadonlyMap<string, Figures> {
  const reason = `${order.column} ${order.descending.toString()}`;
  const [held, hold] = useState<Held>({ figures: new Map(), reason: "", atMs: 0 });
  const isOver = !working && nowMs - held.atMs >= RESORT_MS;
  if (held.reason === reason && !isOver) return held.figures;
  const elements = [...topology.nodes, ...topology.edges];
  const next = { figures: new Map(elements.map((of) => [of.id, figuresOf(of)])), reason, atMs: nowMs };
  hold(next);
  return next.figures;
}
