import type { GraphEdge } from "./columns.ts";
import type { GraphLayout } from "./layout.ts";

export type ArrowKey = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

function neighbour<Item>(items: readonly Item[], current: Item, step: 1 | -1): Item {
  return items[items.indexOf(current) + step] ?? current;
}

function verticalNode(layout: GraphLayout, id: string, step: 1 | -1): string {
  const x = layout.nodes.get(id)?.x;
  const column = [...layout.nodes].filter(([, at]) => at.x === x).toSorted((a, b) => a[1].y - b[1].y);
  return neighbour(
    column.map(([nodeId]) => nodeId),
    id,
    step,
  );
}

/** Edges leaving (or entering) a node, top to bottom as drawn. */
function edgesAt(layout: GraphLayout, edges: readonly GraphEdge[], id: string, side: "from" | "to"): GraphEdge[] {
  const y = (edge: GraphEdge): number => {
    const points = layout.edges.get(edge.id);
    return (side === "from" ? points?.[0] : points?.at(-1))?.y ?? 0;
  };
  return edges.filter((edge) => edge[side] === id && layout.edges.has(edge.id)).toSorted((a, b) => y(a) - y(b));
}

/**
 * Where an arrow key leads: along calls with left and right (node, edge, node …), up and down within a column of
 * nodes, or among the edges of one caller. Stays where there is nothing further.
 */
export function moveFocus(layout: GraphLayout, edges: readonly GraphEdge[], current: string, key: ArrowKey): string {
  const edge = edges.find((candidate) => candidate.id === current);
  if (edge !== undefined) {
    if (key === "ArrowRight") return edge.to;
    if (key === "ArrowLeft") return edge.from;
    return neighbour(edgesAt(layout, edges, edge.from, "from"), edge, key === "ArrowDown" ? 1 : -1).id;
  }
  if (key === "ArrowRight") return edgesAt(layout, edges, current, "from")[0]?.id ?? current;
  if (key === "ArrowLeft") return edgesAt(layout, edges, current, "to")[0]?.id ?? current;
  return verticalNode(layout, current, key === "ArrowDown" ? 1 : -1);
}

/** The four keys, recognised. */
export function asArrowKey(key: string): ArrowKey | null {
  return key === "ArrowLeft" || key === "ArrowRight" || key === "ArrowUp" || key === "ArrowDown" ? key : null;
}
