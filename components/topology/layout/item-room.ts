import { at, realAt } from "./cells.ts";
import type { LayerOrder } from "./layer-order.ts";
import type { LayeredGraph } from "./layered-graph.ts";
import { BEND_GAP, BETWEEN_BENDS, NODE_GAP } from "./spacing.ts";

/** Room that each item needs, px above and below its centre, and between two items that are neighbours in a layer. */
export interface ItemRoom {
  readonly above: Float64Array;
  readonly below: Float64Array;
  readonly between: (upper: number, lower: number) => number;
}

/** Of nodes with their heights, and with `rooms` kept free above them. */
export function itemRoom({ nodes, items }: LayeredGraph, heights: Float64Array, rooms: Float64Array): ItemRoom {
  const above = new Float64Array(items);
  const below = new Float64Array(items);
  for (let node = 0; node < nodes; node += 1) {
    below[node] = realAt(heights, node) / 2;
    above[node] = realAt(below, node) + realAt(rooms, node);
  }
  const between = (upper: number, lower: number): number => {
    if (upper < nodes) return lower < nodes ? NODE_GAP : BEND_GAP;
    return lower < nodes ? BEND_GAP : BETWEEN_BENDS;
  };
  return { above, below, between };
}

/** From the centre of one item to that of the next below it, at least. */
export function distance(room: ItemRoom, upper: number, lower: number): number {
  return realAt(room.below, upper) + room.between(upper, lower) + realAt(room.above, lower);
}

/** Height of the fullest layer when nothing in it is spread: no drawing of this order is lower. */
export function leastHeight(graph: LayeredGraph, order: LayerOrder, room: ItemRoom): number {
  let height = 0;
  for (let layer = 0; layer < graph.layers; layer += 1) {
    let own = 0;
    for (let place = at(order.start, layer) + 1; place < at(order.start, layer + 1); place += 1) {
      own += distance(room, at(order.items, place - 1), at(order.items, place));
    }
    height = Math.max(height, own);
  }
  return height;
}

/** Each layer as close as it can be, around one middle line. */
export function stackedCentres(graph: LayeredGraph, order: LayerOrder, room: ItemRoom): Float64Array {
  const centres = new Float64Array(graph.items);
  for (let layer = 0; layer < graph.layers; layer += 1) {
    const first = at(order.start, layer);
    const end = at(order.start, layer + 1);
    let depth = 0;
    for (let place = first; place < end; place += 1) {
      const item = at(order.items, place);
      if (place > first) depth += distance(room, at(order.items, place - 1), item);
      centres[item] = depth;
    }
    for (let place = first; place < end; place += 1) {
      const item = at(order.items, place);
      centres[item] = realAt(centres, item) - depth / 2;
    }
  }
  return centres;
}
