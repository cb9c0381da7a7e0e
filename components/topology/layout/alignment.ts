import { at, realAt } from "./cells.ts";
import type { LayerOrder } from "./layer-order.ts";
import type { LayeredGraph } from "./layered-graph.ts";

/** Where links meet their items, px below the items' centres. */
export interface LinkPorts {
  readonly atLeft: Float64Array;
  readonly atRight: Float64Array;
}

/** Items that stand in one straight line across layers. */
export interface Blocks {
  /** First item of each item's block. */
  readonly root: Int32Array;
  /** How far each item's centre is below its block's, px, so that the links that hold it run straight. */
  readonly shift: Float64Array;
}

/**
 * Marks links that cross a piece of a long edge between two of its bends ("type 1 conflicts"): the long edge stays straight.
 */
export function crossedByLongEdges(graph: LayeredGraph, order: LayerOrder): Uint8Array {
  const crossed = new Uint8Array(graph.left.length);
  const { incoming, left, nodes } = graph;
  for (let layer = 1; layer < graph.layers; layer += 1) {
    const end = at(order.start, layer + 1);
    let low = 0;
    let scanned = at(order.start, layer);
    for (let place = scanned; place < end; place += 1) {
      const inner = bendBefore(graph, at(order.items, place));
      if (inner < 0 && place < end - 1) continue;
      const high = inner < 0 ? Number.POSITIVE_INFINITY : at(order.position, inner);
      for (; scanned <= place; scanned += 1) {
        const item = at(order.items, scanned);
        for (let k = at(incoming.start, item); k < at(incoming.start, item + 1); k += 1) {
          const link = at(incoming.members, k);
          const position = at(order.position, at(left, link));
          const isInner = item >= nodes && at(left, link) >= nodes;
          if (!isInner && (position < low || position > high)) crossed[link] = 1;
        }
      }
      low = inner < 0 ? low : high;
    }
  }
  return crossed;
}

/** The bend from which a long edge comes to this bend; -1 when the item is no bend, or its edge comes from a node. */
function bendBefore({ incoming, left, nodes }: LayeredGraph, item: number): number {
  if (item < nodes || at(incoming.start, item + 1) === at(incoming.start, item)) return -1;
  const before = at(left, at(incoming.members, at(incoming.start, item)));
  return before >= nodes ? before : -1;
}

/**
 * Lines items up with their median neighbours in the layer before: vertical alignment of Brandes and Köpf ("Fast and simple
 * horizontal coordinate assignment", 2001), with ports. `toRight`: with neighbours on the left, else on the right;
 * `downwards`: upper items choose first.
 */
export function align(
  graph: LayeredGraph,
  order: LayerOrder,
  ports: LinkPorts,
  crossed: Uint8Array,
  toRight: boolean,
  downwards: boolean,
): Blocks {
  const root = Int32Array.from({ length: graph.items }, (_, item) => item);
  const shift = new Float64Array(graph.items);
  const own = toRight ? ports.atRight : ports.atLeft;
  const theirs = toRight ? ports.atLeft : ports.atRight;
  const ends = toRight ? graph.left : graph.right;
  const sign = downwards ? 1 : -1;
  for (let step = 1; step < graph.layers; step += 1) {
    const layer = toRight ? step : graph.layers - 1 - step;
    const first = at(order.start, layer);
    const width = at(order.start, layer + 1) - first;
    let taken = Number.NEGATIVE_INFINITY;
    for (let turn = 0; turn < width; turn += 1) {
      const item = at(order.items, downwards ? first + turn : first + width - 1 - turn);
      for (const link of medianLinks(graph, order, item, toRight, downwards)) {
        const neighbour = at(ends, link);
        const position = at(order.position, neighbour) * sign;
        if (crossed[link] === 1 || position <= taken) continue;
        root[item] = at(root, neighbour);
        shift[item] = realAt(shift, neighbour) + realAt(theirs, link) - realAt(own, link);
        taken = position;
        break;
      }
    }
  }
  return { root, shift };
}

/** The link to an item's median neighbour, or both of an even number, that on the preferred side first. */
function medianLinks(
  graph: LayeredGraph,
  { position }: LayerOrder,
  item: number,
  toRight: boolean,
  downwards: boolean,
): readonly number[] {
  const groups = toRight ? graph.incoming : graph.outgoing;
  const ends = toRight ? graph.left : graph.right;
  const from = at(groups.start, item);
  const to = at(groups.start, item + 1);
  if (to - from < 2) return to === from ? [] : [at(groups.members, from)];
  const links = [...groups.members.subarray(from, to)].sort(
    (a, b) => at(position, at(ends, a)) - at(position, at(ends, b)) || a - b,
  );
  const upper = links[(links.length - 1) >> 1] ?? 0;
  const lower = links[links.length >> 1] ?? 0;
  if (upper === lower) return [upper];
  return downwards ? [upper, lower] : [lower, upper];
}
