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
  const springs = springsOf(graph, ports);
  const depth = depthsOf(graph, order, room);
  const pools = new Pools(graph.items);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    for (let step = 0; step < graph.layers; step += 1) {
      settleLayer(order, sweep % 2 === 0 ? step : graph.layers - 1 - step, springs, depth, centres, pools);
    }
  }
}

/** What pulls each item: neighbours and weights in one place for each, as they are read again and again. */
interface Springs {
  readonly start: Int32Array;
  readonly neighbour: Int32Array;
  readonly weight: Float64Array;
  /** Of each item: the sum of its weights, and that of weights times how much lower it wants to be than its neighbours. */
  readonly total: Float64Array;
  readonly lower: Float64Array;
}

function springsOf(graph: LayeredGraph, { atLeft, atRight }: LinkPorts): Springs {
  const { items, left, right, nodes, incoming, outgoing } = graph;
  const start = new Int32Array(items + 1);
  const neighbour = new Int32Array(2 * left.length);
  const weight = new Float64Array(2 * left.length);
  const total = new Float64Array(items);
  const lower = new Float64Array(items);
  let end = 0;
  const pull = (item: number, other: number, offset: number): void => {
    const own = weightOf(nodes, item, other);
    neighbour[end] = other;
    weight[end] = own;
    end += 1;
    total[item] = realAt(total, item) + own;
    lower[item] = realAt(lower, item) + own * offset;
  };
  for (let item = 0; item < items; item += 1) {
    for (let k = at(incoming.start, item); k < at(incoming.start, item + 1); k += 1) {
      const link = at(incoming.members, k);
      pull(item, at(left, link), realAt(atLeft, link) - realAt(atRight, link));
    }
    for (let k = at(outgoing.start, item); k < at(outgoing.start, item + 1); k += 1) {
      const link = at(outgoing.members, k);
      pull(item, at(right, link), realAt(atRight, link) - realAt(atLeft, link));
    }
    start[item + 1] = end;
  }
  return { start, neighbour, weight, total, lower };
}

/** How far each item is below the first one of its layer, at least. */
function depthsOf(graph: LayeredGraph, order: LayerOrder, room: ItemRoom): Float64Array {
  const depth = new Float64Array(graph.items);
  for (let layer = 0; layer < graph.layers; layer += 1) {
    for (let place = at(order.start, layer) + 1; place < at(order.start, layer + 1); place += 1) {
      const upper = at(order.items, place - 1);
      const item = at(order.items, place);
      depth[item] = realAt(depth, upper) + distance(room, upper, item);
    }
  }
  return depth;
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
  order: LayerOrder,
  layer: number,
  { start, neighbour, weight, total, lower }: Springs,
  depth: Float64Array,
  centres: Float64Array,
  pools: Pools,
): void {
  const first = at(order.start, layer);
  const end = at(order.start, layer + 1);
  pools.count = 0;
  for (let place = first; place < end; place += 1) {
    const item = at(order.items, place);
    const strength = realAt(total, item);
    let sum = realAt(lower, item);
    for (let k = at(start, item); k < at(start, item + 1); k += 1) {
      sum += realAt(weight, k) * realAt(centres, at(neighbour, k));
    }
    // An item that nothing pulls wants to stay.
    const wish = strength === 0 ? realAt(centres, item) : sum / strength;
    pools.add(wish - realAt(depth, item), strength === 0 ? NODE_TO_NODE : strength);
  }
  let place = first;
  for (let pool = 0; pool < pools.count; pool += 1) {
    for (let member = 0; member < at(pools.size, pool); member += 1, place += 1) {
      const item = at(order.items, place);
      centres[item] = realAt(pools.place, pool) + realAt(depth, item);
    }
  }
}

function weightOf(nodes: number, left: number, right: number): number {
  const bends = Number(left >= nodes) + Number(right >= nodes);
  if (bends === 0) return NODE_TO_NODE;
  return bends === 1 ? NODE_TO_BEND : BEND_TO_BEND;
}
