import type { GraphLayout, Rect } from "../layout/layout-types.ts";
import type { GraphEdge, GraphModel, GraphNode } from "../model/graph-model.ts";

/** A healthy service, for tests; `over` says what is different. */
export function aNode(id: string, over: Partial<GraphNode> = {}): GraphNode {
  return {
    id,
    kind: "service",
    label: id,
    note: "2 instances",
    parent: null,
    expanded: false,
    requestsPerSecond: 10,
    errorRatio: 0,
    p95Ms: 20,
    health: "healthy",
    breaker: null,
    servingAsBackup: false,
    change: null,
    description: `${id}: healthy`,
    ...over,
  };
}

/** An arrow with traffic, for tests. */
export function anEdge(from: string, to: string, over: Partial<GraphEdge> = {}): GraphEdge {
  const id = `${from}→${to}`;
  return {
    id,
    from,
    to,
    configuredOnly: false,
    asFallback: false,
    requestsPerSecond: 10,
    errorRatio: 0,
    p95Ms: 20,
    health: "healthy",
    breaker: null,
    label: ["10.0/s"],
    change: null,
    description: `Calls from ${from} to ${to}`,
    stands: [id],
    ...over,
  };
}

/** A layout with these boxes, and straight arrows from the middle of a right side to the middle of a left one; for tests. */
export function layoutOf(model: GraphModel, boxes: Readonly<Record<string, Rect>>): GraphLayout {
  const nodes = new Map(Object.entries(boxes));
  const edges = new Map<string, Float32Array>();
  for (const { id, from, to } of model.edges) {
    const [a, b] = [boxes[from], boxes[to]];
    if (a === undefined || b === undefined) continue;
    edges.set(id, Float32Array.of(a.x + a.width, a.y + a.height / 2, b.x, b.y + b.height / 2));
  }
  const all = [...nodes.values()];
  const x = Math.min(...all.map((box) => box.x));
  const y = Math.min(...all.map((box) => box.y));
  const width = Math.max(...all.map((box) => box.x + box.width)) - x;
  const height = Math.max(...all.map((box) => box.y + box.height)) - y;
  return { nodes, edges, bounds: { x, y, width, height } };
}
