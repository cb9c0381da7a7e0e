import type { Figures } from "../model/figures.ts";

export type TreeRowKind = "node" | "group" | "gateway" | "subset" | "instance" | "call";

/** One line of the tree grid. */
export interface TreeRow {
  /** Where it stands in the tree; the same in every picture. */
  readonly key: string;
  readonly parent: string | null;
  readonly kind: TreeRowKind;
  /** What is selected by it: an id of the topology, or of a drawn box. */
  readonly element: string;
  /** The service it is part of; itself for a service. */
  readonly within: string;
  /** Of a call: the node at its other end. */
  readonly leadsTo: string | null;
  readonly direction: "in" | "out" | null;
  readonly label: string;
  readonly note: string;
  readonly figures: Figures;
  readonly configuredOnly: boolean;
  /** From 1. */
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  /** Null: there is nothing in it. */
  readonly open: boolean | null;
}

export const TREE_COLUMNS = ["name", "health", "rate", "error", "p50", "p95", "p99", "bytes"] as const;
export type TreeColumn = (typeof TREE_COLUMNS)[number];
