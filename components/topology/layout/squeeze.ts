import type { LinkPorts } from "./alignment.ts";
import { at, realAt } from "./cells.ts";
import { distance, type ItemRoom } from "./item-room.ts";
import type { LayerOrder } from "./layer-order.ts";
import type { LayeredGraph } from "./layered-graph.ts";

/** How much more a piece of a long edge wants to be level than a link that joins two nodes (as in Gansner et al., 1993). */
const NODE_TO_NODE = 1;
const NODE_TO_BEND = 2;
const BEND_TO_BEND = 6;

/**
 * Moves items, in `centres`, to where the weighted squares of all rises of links are least, one layer after the other, each
 * layer exactly: with distances taken off, that is isotonic regression, solved in linear time by pooling adjacent violators.
 * Tall drawings shrink to what their fullest layer needs.
 */
export function squeeze(
  graph: LayeredGraph,
  order: LayerOrder,
  ports: LinkPorts,
  room: ItemRoom,
  centres: Float64Array,
  sweeps: number,
): void {
  const pools = new Pools(graph.items);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    for (let step = 0; step < graph.layers; step += 1) {
      const layer = sweep % 2 === 0 ? step : graph.layers - 1 - step;
      settleLayer(graph, order, ports, room, centres, layer, pools);
    }
  }
}

/** Runs of items that touch: their common place, their weight, and how many they are. */
class Pools {
  count = 0;
  readonly place: Float64Array;
  readonly weight: Float64Array;
  readonly size: Int32Array;

  constructor(items: number) {
    this.place = new Float64Array(items);
    this.weight = new Float64Array(items);
    this.size = new Int32Array(items);
  }

  /** Adds an item below the others; where it wants to be higher than the run above it, both become one. */
  add(place: number, weight: number): void {
    let [own, heavy, size] = [place, weight, 1];
    while (this.count > 0 && realAt(this.place, this.count - 1) > own) {
      this.count -= 1;
      const above = realAt(this.weight, this.count);
      own = (own * heavy + realAt(this.place, this.count) * above) / (heavy + above);
      heavy += above;
      size += at(this.size, this.count);
    }
    this.place[this.count] = own;
    this.weight[this.count] = heavy;
    this.size[this.count] = size;
    this.count += 1;
  }
}

function settleLayer(
  graph: LayeredGraph,
  order: LayerOrder,
  ports: LinkPorts,
  room: ItemRoom,
  centres: Float64Array,
  layer: number,
  pools: Pools,
): void {
  const first = at(order.start, layer);
  const end = at(order.start, layer + 1);
  pools.count = 0;
  let depth = 0;
  for (let place = first; place < end; place += 1) {
    const item = at(order.items, place);
    if (place > first) depth += distance(room, at(order.items, place - 1), item);
    const wish = wishOf(graph, ports, centres, item);
    pools.add(wish.place - depth, wish.weight);
  }
  depth = 0;
  let place = first;
  for (let pool = 0; pool < pools.count; pool += 1) {
    for (let member = 0; member < at(pools.size, pool); member += 1, place += 1) {
      const item = at(order.items, place);
      if (place > first) depth += distance(room, at(order.items, place - 1), item);
      centres[item] = realAt(pools.place, pool) + depth;
    }
  }
}

/** Where an item's links would run level on average. An item without links wants to stay. */
function wishOf(
  graph: LayeredGraph,
  { atLeft, atRight }: LinkPorts,
  centres: Float64Array,
  item: number,
): { readonly place: number; readonly weight: number } {
  const { incoming, outgoing, left, right, nodes } = graph;
  let [sum, weight] = [0, 0];
  for (let k = at(incoming.start, item); k < at(incoming.start, item + 1); k += 1) {
    const link = at(incoming.members, k);
    const own = weightOf(nodes, at(left, link), item);
    sum += own * (realAt(centres, at(left, link)) + realAt(atLeft, link) - realAt(atRight, link));
    weight += own;
  }
  for (let k = at(outgoing.start, item); k < at(outgoing.start, item + 1); k += 1) {
    const link = at(outgoing.members, k);
    const own = weightOf(nodes, item, at(right, link));
    sum += own * (realAt(centres, at(right, link)) + realAt(atRight, link) - realAt(atLeft, link));
    weight += own;
  }
  return weight === 0 ? { place: realAt(centres, item), weight: NODE_TO_NODE } : { place: sum / weight, weight };
}

function weightOf(nodes: number, left: number, right: number): number {
  const bends = Number(left >= nodes) + Number(right >= nodes);
  if (bends === 0) return NODE_TO_NODE;
  return bends === 1 ? NODE_TO_BEND : BEND_TO_BEND;
}
