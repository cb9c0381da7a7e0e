import type { LayoutEdge, LayoutNode } from "../layout/layout-types.ts";
import type { GraphModel, GraphNodeKind } from "./graph-model.ts";

/** Sizes of boxes that hold no others, px of the drawing at scale 1. */
const SIZES: Readonly<Record<GraphNodeKind, { readonly width: number; readonly height: number }>> = {
  outside: { width: 188, height: 76 },
  caller: { width: 188, height: 76 },
  gateway: { width: 188, height: 76 },
  service: { width: 188, height: 76 },
  group: { width: 188, height: 76 },
  subset: { width: 176, height: 68 },
  instance: { width: 176, height: 60 },
};

/** What the layout has to place. */
export function layoutInput({ nodes, edges }: GraphModel): {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
} {
  return {
    nodes: nodes.map(({ id, kind, parent }) => ({ id, parent, ...SIZES[kind] })),
    edges: edges.map(({ id, from, to }) => ({ id, from, to })),
  };
}
