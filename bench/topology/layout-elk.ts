import ELK, { type ElkExtendedEdge, type ElkNode } from "elkjs/lib/elk.bundled.js";
import type { Mesh } from "./layout-mesh.ts";

/** A drawing by elk: the ways of edges, and where each node is. */
export interface ElkDrawing {
  readonly ms: number;
  readonly ways: readonly number[][];
  readonly nodes: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
  readonly width: number;
  readonly height: number;
}

/**
 * elk's layered algorithm with its defaults, from left to right, edges as polylines as ours are. In this thread, as elk's own
 * worker only moves the same work elsewhere.
 */
export async function drawWithElk({ nodes, edges }: Mesh): Promise<ElkDrawing> {
  const elk = new ELK();
  const graph: ElkNode = {
    id: "root",
    layoutOptions: { "elk.algorithm": "layered", "elk.direction": "RIGHT", "elk.edgeRouting": "POLYLINE" },
    children: nodes.map(({ id, width, height }) => ({ id, width, height })),
    edges: edges.map(({ id, from, to }) => ({ id, sources: [from], targets: [to] })),
  };
  const started = performance.now();
  const drawn = await elk.layout(graph);
  const ms = performance.now() - started;
  return {
    ms,
    ways: (drawn.edges ?? []).map(wayOf),
    nodes: new Map((drawn.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }])),
    width: drawn.width ?? 0,
    height: drawn.height ?? 0,
  };
}

function wayOf({ sections = [] }: ElkExtendedEdge): number[] {
  return sections.flatMap(({ startPoint, bendPoints = [], endPoint }) =>
    [startPoint, ...bendPoints, endPoint].flatMap(({ x, y }) => [x, y]),
  );
}
