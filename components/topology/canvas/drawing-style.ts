import { effectiveState, type EffectiveState } from "../../breakers/breaker-state.ts";
import type { Health } from "#domain/topology.ts";
import type { ElementChange, GraphEdge, GraphNode } from "../model/graph-model.ts";
import type { Ink } from "./palette.ts";
import type { ShapeName } from "./shapes.ts";

/** How much of a box is drawn: all of it, its name and health, or a spot in the colour of its health. */
export type Detail = "full" | "brief" | "spot";

const FULL_FROM = 0.7;
const BRIEF_FROM = 0.16;

export function detailAt(scale: number): Detail {
  return scale >= FULL_FROM ? "full" : scale >= BRIEF_FROM ? "brief" : "spot";
}

/** Smaller than this, labels of arrows would be a smear. */
export const LABELS_FROM = 0.7;

export const HEALTH_INKS: Readonly<Record<Health, Ink>> = {
  healthy: "good",
  degraded: "warn",
  failing: "bad",
  idle: "off",
};

export const HEALTH_TINTS: Readonly<Record<Health, Ink>> = {
  healthy: "goodTint",
  degraded: "warnTint",
  failing: "badTint",
  idle: "offTint",
};

export function isSick(health: Health): boolean {
  return health === "failing" || health === "degraded";
}

type KindAndHealth = Pick<GraphNode, "kind" | "health">;

/** What stands before a node's name: its health; for those that the mesh does not run, or that run it, what they are. */
export function nodeSign({ kind, health }: KindAndHealth): ShapeName {
  return (kind === "outside" || kind === "gateway") && !isSick(health) ? kind : health;
}

export function nodeInk({ kind, health }: KindAndHealth): Ink {
  return (kind === "outside" || kind === "gateway") && !isSick(health) ? "ink2" : HEALTH_INKS[health];
}

/** State of a breaker that a person should notice; null for none, or closed by itself. */
export function notableBreaker(breaker: GraphNode["breaker"]): EffectiveState | null {
  if (breaker === null) return null;
  const state = effectiveState(breaker.state, breaker.override);
  return state === "closed" ? null : state;
}

export const BREAKER_INKS: Readonly<Record<EffectiveState, Ink>> = {
  open: "bad",
  "forced-open": "bad",
  "half-open": "warn",
  "forced-closed": "warn",
  closed: "good",
};

export interface ChangeStyle {
  readonly sign: ShapeName;
  readonly ink: Ink;
}

/** How a difference between two moments is marked: each has a shape of its own. */
export const CHANGE_STYLES: Readonly<Record<Exclude<ElementChange, null>, ChangeStyle>> = {
  added: { sign: "plus", ink: "good" },
  gone: { sign: "minus", ink: "bad" },
  worse: { sign: "worse", ink: "bad" },
  better: { sign: "better", ink: "good" },
  more: { sign: "up", ink: "accent" },
  less: { sign: "down", ink: "accent" },
};

/** How an arrow is drawn. Arrows of the same look are drawn in one stroke. */
export interface EdgeLook {
  readonly ink: Ink;
  /** Px of the drawing. */
  readonly width: number;
  readonly dash: readonly number[] | null;
  /** Later ones are drawn over earlier ones. */
  readonly rank: number;
}

const DOTTED = [1.5, 5];
const BACKUP = [10, 4];
const GONE = [6, 5];

/** As thick as its traffic, by magnitude: 1.5 px with little, 5 px from about a thousand requests per second; in steps of 0.5. */
function edgeWidth(requestsPerSecond: number): number {
  const width = 1.4 + 0.4 * Math.log2(1 + Math.max(0, requestsPerSecond) / 2);
  return Math.min(5, Math.round(width * 2) / 2);
}

type EdgeFacts = Pick<GraphEdge, "configuredOnly" | "asFallback" | "requestsPerSecond" | "health" | "change">;

export function edgeLook(edge: EdgeFacts): EdgeLook {
  if (edge.change === "gone") return { ink: "bad", width: 1.5, dash: GONE, rank: 4 };
  const width = edge.configuredOnly ? 1.5 : edgeWidth(edge.requestsPerSecond);
  const dash = edge.configuredOnly ? DOTTED : edge.asFallback ? BACKUP : null;
  if (edge.change === "added") return { ink: "good", width: Math.max(2, width), dash, rank: 5 };
  if (edge.configuredOnly) return { ink: "lineStrong", width, dash, rank: 0 };
  if (isSick(edge.health))
    return { ink: HEALTH_INKS[edge.health], width, dash, rank: edge.health === "failing" ? 6 : 3 };
  return { ink: edge.asFallback ? "accent" : "lineStrong", width, dash, rank: edge.asFallback ? 2 : 1 };
}

/** What to draw first, and to label, when there is not room for all: what is wrong, then what differs, then what is busy. */
export function edgeWeight(edge: EdgeFacts): number {
  const trouble = edge.health === "failing" ? 2e6 : edge.health === "degraded" ? 1e6 : 0;
  const difference = edge.change === null ? 0 : 5e5;
  return trouble + difference + (edge.configuredOnly ? -1 : Math.min(4e5, edge.requestsPerSecond));
}
