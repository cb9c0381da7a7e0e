import { groupByKey, type Groups } from "./cells.ts";

/** Nodes 0 … size - 1; edge e leads from `from[e]` to `to[e]`. No self-edges. */
export interface Digraph {
  readonly size: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Edges by the node they leave, and by the node they enter. */
  readonly leaving: Groups;
  readonly entering: Groups;
}

export function digraph(size: number, from: Int32Array, to: Int32Array): Digraph {
  return { size, from, to, leaving: groupByKey(size, from), entering: groupByKey(size, to) };
}

/** The same graph with the marked edges turned round. */
export function turned(graph: Digraph, reversed: Uint8Array): Digraph {
  const from = graph.from.slice();
  const to = graph.to.slice();
  for (const [edge, mark] of reversed.entries()) {
    if (mark === 0) continue;
    from[edge] = graph.to[edge] ?? 0;
    to[edge] = graph.from[edge] ?? 0;
  }
  return digraph(graph.size, from, to);
}
