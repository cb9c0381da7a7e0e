export interface GraphEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** A graph without cycles: `reversed` names the edges that were turned round to get there. Self loops are left out. */
export interface ColumnedGraph {
  readonly columnOf: ReadonlyMap<string, number>;
  /** Edges that all point to a later column. */
  readonly forward: readonly GraphEdge[];
  readonly reversed: ReadonlySet<string>;
}

function findBackEdges(order: readonly string[], outgoing: ReadonlyMap<string, readonly GraphEdge[]>): Set<string> {
  const state = new Map<string, "open" | "done">();
  const back = new Set<string>();
  const visit = (id: string): void => {
    state.set(id, "open");
    for (const edge of outgoing.get(id) ?? []) {
      const seen = state.get(edge.to);
      if (seen === "open") back.add(edge.id);
      else if (seen === undefined) visit(edge.to);
    }
    state.set(id, "done");
  };
  for (const id of order) if (!state.has(id)) visit(id);
  return back;
}

function group(edges: readonly GraphEdge[], by: (edge: GraphEdge) => string): Map<string, GraphEdge[]> {
  return Map.groupBy(edges, by);
}

function longestPaths(ids: readonly string[], forward: readonly GraphEdge[]): Map<string, number> {
  const incoming = group(forward, (edge) => edge.to);
  const columnOf = new Map<string, number>();
  const columnAt = (id: string): number => {
    const known = columnOf.get(id);
    if (known !== undefined) return known;
    const column = Math.max(0, ...(incoming.get(id) ?? []).map((edge) => columnAt(edge.from) + 1));
    columnOf.set(id, column);
    return column;
  };
  for (const id of ids) columnAt(id);
  return columnOf;
}

/**
 * Gives every node the column after its last caller. Where calls go in a circle, the edge that closes it, seen from
 * the nodes nobody calls, is turned round. The answer depends only on the graph, not on the order it is listed in.
 */
export function assignColumns(nodeIds: readonly string[], edges: readonly GraphEdge[]): ColumnedGraph {
  const ids = nodeIds.toSorted();
  const links = edges.filter((edge) => edge.from !== edge.to).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const called = new Set(links.map((edge) => edge.to));
  const order = [...ids.filter((id) => !called.has(id)), ...ids.filter((id) => called.has(id))];
  const reversed = findBackEdges(
    order,
    group(links, (edge) => edge.from),
  );
  const forward = links.map((edge) => (reversed.has(edge.id) ? { id: edge.id, from: edge.to, to: edge.from } : edge));
  return { columnOf: longestPaths(ids, forward), forward, reversed };
}
