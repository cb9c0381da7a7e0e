import type { LinkPorts } from "./alignment.ts";
import { at, realAt } from "./cells.ts";
import { distance, type ItemRoom } from "./item-room.ts";
import type { LayerOrder } from "./layer-order.ts";
import type { LayeredGraph } from "./layered-graph.ts";

/** Rounds over all long edges; each gives the next one's edges other room. */
const ROUNDS = 2;
/** Links of all long edges, at most: in a larger drawing nobody sees it. */
const MOST = 200_000;

/**
 * Makes long edges level, in `centres`, over as many layers at once as the room between their neighbours allows: the fewest
 * pieces for each edge, longest edges first. Pieces at an edge's ends are level with its node where they can be.
 */
export function straighten(
  graph: LayeredGraph,
  order: LayerOrder,
  ports: LinkPorts,
  room: ItemRoom,
  centres: Float64Array,
): void {
  const { ways } = graph;
  if (ways.members.length > MOST) return;
  const lengthOf = (edge: number): number => at(ways.start, edge + 1) - at(ways.start, edge);
  const long = Array.from({ length: ways.start.length - 1 }, (_, edge) => edge).filter((edge) => lengthOf(edge) > 1);
  long.sort((a, b) => lengthOf(b) - lengthOf(a) || a - b);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const edge of long) straightenEdge(graph, order, ports, room, centres, edge);
  }
}

function straightenEdge(
  graph: LayeredGraph,
  order: LayerOrder,
  ports: LinkPorts,
  room: ItemRoom,
  centres: Float64Array,
  edge: number,
): void {
  const { ways, left, right } = graph;
  const first = at(ways.start, edge);
  const last = at(ways.start, edge + 1) - 1;
  const firstLink = at(ways.members, first);
  const lastLink = at(ways.members, last);
  const startY = realAt(centres, at(left, firstLink)) + realAt(ports.atLeft, firstLink);
  const endY = realAt(centres, at(right, lastLink)) + realAt(ports.atRight, lastLink);
  let from = first;
  while (from < last) {
    // Bends of the links from … to - 1 can all stand between `top` and `bottom`.
    let [top, bottom] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    let sum = 0;
    let to = from;
    while (to < last) {
      const bend = at(right, at(ways.members, to));
      const above = Math.max(top, highest(order, room, centres, graph, bend));
      const below = Math.min(bottom, lowest(order, room, centres, graph, bend));
      if (above > below) break;
      [top, bottom] = [above, below];
      sum += realAt(centres, bend);
      to += 1;
    }
    if (to === from) {
      from += 1;
      continue;
    }
    let wanted = sum / (to - from);
    if (from === first) wanted = startY;
    else if (to === last) wanted = endY;
    const y = Math.max(top, Math.min(bottom, wanted));
    for (let k = from; k < to; k += 1) centres[at(right, at(ways.members, k))] = y;
    from = to;
  }
}

/** How high an item can go until it meets its upper neighbour. */
function highest(order: LayerOrder, room: ItemRoom, centres: Float64Array, graph: LayeredGraph, item: number): number {
  const place = at(order.start, at(graph.layer, item)) + at(order.position, item);
  if (place === at(order.start, at(graph.layer, item))) return Number.NEGATIVE_INFINITY;
  const upper = at(order.items, place - 1);
  return realAt(centres, upper) + distance(room, upper, item);
}

function lowest(order: LayerOrder, room: ItemRoom, centres: Float64Array, graph: LayeredGraph, item: number): number {
  const place = at(order.start, at(graph.layer, item)) + at(order.position, item);
  if (place + 1 === at(order.start, at(graph.layer, item) + 1)) return Number.POSITIVE_INFINITY;
  const lower = at(order.items, place + 1);
  return realAt(centres, lower) - distance(room, item, lower);
}
