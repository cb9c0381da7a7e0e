import { assignColumns, type GraphEdge } from "./columns.ts";
import { keepOrder, orderColumns, type Slot, type SlotLink } from "./ordering.ts";
import { placeRows } from "./rows.ts";

/** Sizes of the drawing, px at scale 1. */
export const NODE_WIDTH = 172;
export const NODE_HEIGHT = 76;
const COLUMN_GAP = 124;
const ROW_GAP = 32;
const BEND_HEIGHT = 12;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface GraphLayout {
  /** Top-left corner of each node. */
  readonly nodes: ReadonlyMap<string, Point>;
  /** Points an edge passes, from its caller's side to its service's side; pairs of points span a column or a gap. */
  readonly edges: ReadonlyMap<string, readonly Point[]>;
  /** Centre line of each connected node and of each bend, so that the next drawing can keep them. */
  readonly centreY: ReadonlyMap<string, number>;
  readonly bounds: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

interface Chain {
  readonly edge: GraphEdge;
  /** Slots from the left end to the right end. */
  readonly slots: readonly string[];
}

/** Identity of a graph: two with the same key are drawn the same. */
export function graphKey(nodeIds: readonly string[], edges: readonly GraphEdge[]): string {
  return JSON.stringify([nodeIds.toSorted(), edges.map((edge) => edge.id).toSorted()]);
}

function columnX(column: number): number {
  return column * (NODE_WIDTH + COLUMN_GAP);
}

function chainsOf(
  forward: readonly GraphEdge[],
  columnOf: ReadonlyMap<string, number>,
): { chains: Chain[]; bends: Slot[] } {
  const bends: Slot[] = [];
  const chains = forward.map((edge) => {
    const start = columnOf.get(edge.from) ?? 0;
    const end = columnOf.get(edge.to) ?? 0;
    const passed = Array.from({ length: Math.max(0, end - start - 1) }, (_, step) => {
      const bend = { id: `${edge.id}#${(start + step + 1).toString()}`, column: start + step + 1, height: BEND_HEIGHT };
      bends.push(bend);
      return bend.id;
    });
    return { edge, slots: [edge.from, ...passed, edge.to] };
  });
  return { chains, bends };
}

function linksOf(chains: readonly Chain[]): SlotLink[] {
  return chains.flatMap(({ slots }) => slots.slice(1).map((to, at) => ({ from: slots[at] ?? to, to })));
}

/** Spreads the ends of edges along a node's side, in the order of where they come from, so that they do not merge. */
function portOffsets(
  ends: readonly { readonly edge: string; readonly node: string; readonly towardsY: number }[],
): Map<string, number> {
  const offsets = new Map<string, number>();
  for (const group of Map.groupBy(ends, (end) => end.node).values()) {
    const step = Math.min(14, (NODE_HEIGHT - 20) / Math.max(1, group.length - 1));
    const sorted = group.toSorted((a, b) => a.towardsY - b.towardsY || (a.edge < b.edge ? -1 : 1));
    for (const [at, end] of sorted.entries()) offsets.set(end.edge, (at - (sorted.length - 1) / 2) * step);
  }
  return offsets;
}

function routeEdges(
  chains: readonly Chain[],
  reversed: ReadonlySet<string>,
  columnOf: ReadonlyMap<string, number>,
  centreY: ReadonlyMap<string, number>,
): Map<string, readonly Point[]> {
  const y = (id: string | undefined): number => (id === undefined ? 0 : (centreY.get(id) ?? 0));
  const leaving = portOffsets(
    chains.map(({ edge, slots }) => ({ edge: edge.id, node: edge.from, towardsY: y(slots[1]) })),
  );
  const arriving = portOffsets(
    chains.map(({ edge, slots }) => ({ edge: edge.id, node: edge.to, towardsY: y(slots.at(-2)) })),
  );
  return new Map(
    chains.map(({ edge, slots }) => {
      const start = columnOf.get(edge.from) ?? 0;
      const points = slots.flatMap((slot, at): Point[] => {
        const left = columnX(start + at);
        if (at === 0) return [{ x: left + NODE_WIDTH, y: y(slot) + (leaving.get(edge.id) ?? 0) }];
        if (at === slots.length - 1) return [{ x: left, y: y(slot) + (arriving.get(edge.id) ?? 0) }];
        return [
          { x: left, y: y(slot) },
          { x: left + NODE_WIDTH, y: y(slot) },
        ];
      });
      return [edge.id, reversed.has(edge.id) ? points.toReversed() : points];
    }),
  );
}

/** Rows of the nodes nothing is connected to, below the drawing. */
function placeLoose(ids: readonly string[], columns: number, top: number): Map<string, Point> {
  const perRow = Math.max(4, columns);
  return new Map(
    ids.map((id, at) => [
      id,
      { x: columnX(at % perRow) * 0.75, y: top + Math.floor(at / perRow) * (NODE_HEIGHT + ROW_GAP) },
    ]),
  );
}

function boundsOf(
  nodes: ReadonlyMap<string, Point>,
  edges: ReadonlyMap<string, readonly Point[]>,
): GraphLayout["bounds"] {
  const corners = [...nodes.values()].flatMap((at) => [at, { x: at.x + NODE_WIDTH, y: at.y + NODE_HEIGHT }]);
  const all = [...corners, ...[...edges.values()].flat()];
  if (all.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  const x = Math.min(...all.map((point) => point.x));
  const y = Math.min(...all.map((point) => point.y));
  return {
    x,
    y,
    width: Math.max(...all.map((point) => point.x)) - x,
    height: Math.max(...all.map((point) => point.y)) - y,
  };
}

/**
 * Draws the mesh from left to right, callers before what they call. Pure: the same graph gives the same drawing.
 * With `previous`, nodes that were drawn keep their order in the column, and their place unless somebody new needs room.
 */
export function layoutTopology(
  nodeIds: readonly string[],
  edges: readonly GraphEdge[],
  previous?: GraphLayout,
): GraphLayout {
  const known = new Set(nodeIds);
  const drawable = edges.filter((edge) => edge.from !== edge.to && known.has(edge.from) && known.has(edge.to));
  const connected = new Set(drawable.flatMap((edge) => [edge.from, edge.to]));
  const loose = nodeIds.filter((id) => !connected.has(id)).toSorted();
  const { columnOf, forward, reversed } = assignColumns([...connected], drawable);
  const { chains, bends } = chainsOf(forward, columnOf);
  const links = linksOf(chains);

  const count = Math.max(0, ...columnOf.values()) + 1;
  const slots = [
    ...[...connected].toSorted().map((id) => ({ id, column: columnOf.get(id) ?? 0, height: NODE_HEIGHT })),
    ...bends,
  ];
  const columns = Array.from({ length: count }, (_, column) => slots.filter((slot) => slot.column === column));
  const present = new Set(slots.map((slot) => slot.id));
  const previousY = new Map([...(previous?.centreY ?? [])].filter(([id]) => present.has(id)));
  const ordered = previousY.size === 0 ? orderColumns(columns, links) : keepOrder(columns, links, previousY);
  const centreY = placeRows(ordered, links, ROW_GAP, previousY);

  const placed = new Map(
    [...connected].map((id) => [
      id,
      { x: columnX(columnOf.get(id) ?? 0), y: (centreY.get(id) ?? 0) - NODE_HEIGHT / 2 },
    ]),
  );
  const routes = routeEdges(chains, reversed, columnOf, centreY);
  const bottom = connected.size === 0 ? 0 : Math.max(...centreY.values()) + NODE_HEIGHT / 2 + ROW_GAP * 2;
  const nodes = new Map([...placed, ...placeLoose(loose, count, bottom)]);
  return { nodes, edges: routes, centreY, bounds: boundsOf(nodes, routes) };
}
