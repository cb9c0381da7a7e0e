import type { ElementChange } from "./graph-model.ts";

/** What an arrow can be labelled with. */
export const EDGE_FIGURES = ["rate", "error", "p50", "p95", "p99", "share", "bytes"] as const;
export type EdgeFigure = (typeof EDGE_FIGURES)[number];

/** Labels until a person chooses others. */
export const DEFAULT_LABELS: readonly EdgeFigure[] = ["rate", "error", "p95"];

/** Boxes beyond which services are drawn in groups: about as many as can be read. */
export const NODE_BUDGET = 200;

/** How the mesh is to be drawn. */
export interface GraphOptions {
  /** Gateways as boxes of their own, between outside and what they call. */
  readonly gateways: boolean;
  /** Arrows that nothing flows through. */
  readonly configured: boolean;
  /** Services that nobody calls and that call nobody. */
  readonly idle: boolean;
  readonly grouped: boolean;
  readonly budget: number;
  /** Ids of drawn boxes that show what is in them. */
  readonly expanded: ReadonlySet<string>;
  readonly labels: readonly EdgeFigure[];
  /** Services that no group takes in, because a person works with them: selected, pinned. */
  readonly keep: ReadonlySet<string>;
  /** How elements of the topology differ from the moment compared with. */
  readonly changes: ReadonlyMap<string, ElementChange>;
}

/** The drawing until a person changes something. */
export const DEFAULT_OPTIONS: GraphOptions = {
  gateways: false,
  configured: true,
  idle: true,
  grouped: true,
  budget: NODE_BUDGET,
  expanded: new Set(),
  labels: DEFAULT_LABELS,
  keep: new Set(),
  changes: new Map(),
};
