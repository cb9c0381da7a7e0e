import { align, crossedByLongEdges, type Blocks, type LinkPorts } from "./alignment.ts";
import { at, groupByKey, realAt } from "./cells.ts";
import { distance, type ItemRoom } from "./item-room.ts";
import type { LayerOrder } from "./layer-order.ts";
import type { LayeredGraph } from "./layered-graph.ts";

/**
 * Centre of each item, px, so that long edges run straight, others bend little and items keep their distance: the mean of
 * the two middle ones of four layouts that each lean to another corner (Brandes and Köpf, 2001). Places within blocks are
 * found by longest paths, which needs none of the corrections that the paper's own compaction got later.
 */
export function balancedCentres(
  graph: LayeredGraph,
  order: LayerOrder,
  ports: LinkPorts,
  room: ItemRoom,
): Float64Array {
  const crossed = crossedByLongEdges(graph, order);
  const layouts = [true, false].flatMap((toRight) =>
    [true, false].map((downwards) => {
      const blocks = align(graph, order, ports, crossed, toRight, downwards);
      return compact(graph, order, blocks, room, downwards);
    }),
  );
  return balance(layouts);
}

/** Blocks as near to the top as distances allow, or to the bottom; then each as near to the next ones as it can be. */
function compact(
  graph: LayeredGraph,
  order: LayerOrder,
  { root, shift }: Blocks,
  room: ItemRoom,
  downwards: boolean,
): Float64Array {
  const upper = new Int32Array(graph.items);
  const lower = new Int32Array(graph.items);
  const least = new Float64Array(graph.items);
  let count = 0;
  for (let layer = 0; layer < graph.layers; layer += 1) {
    for (let place = at(order.start, layer) + 1; place < at(order.start, layer + 1); place += 1) {
      const a = at(order.items, place - 1);
      const b = at(order.items, place);
      upper[count] = at(root, a);
      lower[count] = at(root, b);
      least[count] = distance(room, a, b) + realAt(shift, a) - realAt(shift, b);
      count += 1;
    }
  }
  const [from, to] = downwards
    ? [upper.subarray(0, count), lower.subarray(0, count)]
    : [lower.subarray(0, count), upper.subarray(0, count)];
  const depth = blockDepths(graph.items, from, to, least);
  const sign = downwards ? 1 : -1;
  return Float64Array.from(root, (block, item) => sign * realAt(depth, block) + realAt(shift, item));
}

/** Distance of each block from the side it leans to, along `from` → `to`. */
function blockDepths(size: number, from: Int32Array, to: Int32Array, least: Float64Array): Float64Array {
  const leaving = groupByKey(size, from);
  const waiting = new Int32Array(size);
  for (const block of to) waiting[block] = at(waiting, block) + 1;
  const order: number[] = [];
  for (let block = 0; block < size; block += 1) if (at(waiting, block) === 0) order.push(block);
  const depth = new Float64Array(size);
  for (let next = 0; next < order.length; next += 1) {
    const block = order[next] ?? 0;
    for (let k = at(leaving.start, block); k < at(leaving.start, block + 1); k += 1) {
      const edge = at(leaving.members, k);
      const other = at(to, edge);
      depth[other] = Math.max(realAt(depth, other), realAt(depth, block) + realAt(least, edge));
      waiting[other] = at(waiting, other) - 1;
      if (at(waiting, other) === 0) order.push(other);
    }
  }
  for (const block of order.reverse()) {
    let limit = Number.POSITIVE_INFINITY;
    for (let k = at(leaving.start, block); k < at(leaving.start, block + 1); k += 1) {
      const edge = at(leaving.members, k);
      limit = Math.min(limit, realAt(depth, at(to, edge)) - realAt(least, edge));
    }
    if (limit !== Number.POSITIVE_INFINITY) depth[block] = Math.max(realAt(depth, block), limit);
  }
  return depth;
}

function balance(layouts: readonly Float64Array[]): Float64Array {
  const spans = layouts.map((ys) => {
    let top = Number.POSITIVE_INFINITY;
    let bottom = Number.NEGATIVE_INFINITY;
    for (const y of ys) {
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
    return { top, bottom };
  });
  const narrowest = spans.reduce((best, span) => (span.bottom - span.top < best.bottom - best.top ? span : best));
  // Layouts that lean upwards are laid on the narrowest one by their tops, the others by their bottoms.
  const moves = spans.map((span, which) =>
    which % 2 === 0 ? narrowest.top - span.top : narrowest.bottom - span.bottom,
  );
  const four = new Float64Array(layouts.length);
  return Float64Array.from(layouts[0] ?? [], (_, item) => {
    for (const [which, ys] of layouts.entries()) four[which] = realAt(ys, item) + (moves[which] ?? 0);
    four.sort();
    return (realAt(four, 1) + realAt(four, 2)) / 2;
  });
}
