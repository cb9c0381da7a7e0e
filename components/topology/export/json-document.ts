import type { GraphLayout } from "../layout/layout-types.ts";
import type { GraphModel } from "../model/graph-model.ts";

/** Raised when a reader of earlier files would misread a new one. */
const FORMAT_VERSION = 1;

/**
 * The graph as JSON: what is drawn, with its figures. `nodes` and `edges` have the fields of GraphNode and GraphEdge
 * (rates per second, ratios of 0 … 1, latencies in ms or null), nodes their `box` besides: px at scale 1, null for one
 * that the drawing has not placed yet. `takenAt` is the moment of the export, ISO 8601.
 */
export function jsonDocument({ nodes, edges }: GraphModel, layout: GraphLayout, takenAtMs: number): string {
  const document = {
    format: "meshkeeper-graph",
    version: FORMAT_VERSION,
    takenAt: new Date(takenAtMs).toISOString(),
    nodes: nodes.map((node) => ({ ...node, box: layout.nodes.get(node.id) ?? null })),
    edges,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
