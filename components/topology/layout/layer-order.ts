import { at, groupByKey } from "./cells.ts";
import type { LayeredGraph } from "./layered-graph.ts";

/** Order of the items of each layer, top to bottom. */
export interface LayerOrder {
  /** Items of layer l: `items[start[l]]` up to, not including, `items[start[l + 1]]`. */
  readonly start: Int32Array;
  readonly items: Int32Array;
  /** Of each item, from 0 in each layer. */
  readonly position: Int32Array;
}

export function copyOrder({ start, items, position }: LayerOrder): LayerOrder {
  return { start, items: items.slice(), position: position.slice() };
}

/** Writes the positions of a layer's items anew, after they changed places in `items`. */
export function renumber({ start, items, position }: LayerOrder, layer: number): void {
  const first = at(start, layer);
  for (let place = first; place < at(start, layer + 1); place += 1) position[at(items, place)] = place - first;
}

/**
 * The first order: items as a walk along links from the left finds them, so that what belongs together stands together.
 */
export function walkedOrder(graph: LayeredGraph): LayerOrder {
  const start = new Int32Array(graph.layers + 1);
  for (const layer of graph.layer) start[layer + 1] = at(start, layer + 1) + 1;
  for (let layer = 0; layer < graph.layers; layer += 1) start[layer + 1] = at(start, layer + 1) + at(start, layer);
  const order = { start, items: new Int32Array(graph.items), position: new Int32Array(graph.items) };
  const filled = new Int32Array(graph.layers);
  const seen = new Uint8Array(graph.items);
  const stack: number[] = [];
  for (const root of groupByKey(graph.layers, graph.layer).members) {
    stack.push(root);
    for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
      if (seen[item] === 1) continue;
      seen[item] = 1;
      const layer = at(graph.layer, item);
      order.position[item] = at(filled, layer);
      order.items[at(start, layer) + at(filled, layer)] = item;
      filled[layer] = at(filled, layer) + 1;
      for (let k = at(graph.outgoing.start, item + 1) - 1; k >= at(graph.outgoing.start, item); k -= 1) {
        stack.push(at(graph.right, at(graph.outgoing.members, k)));
      }
    }
  }
  return order;
}

/** Mixes each layer. */
export function shuffle(order: LayerOrder, random: () => number): void {
  const { start, items } = order;
  for (let layer = 0; layer + 1 < start.length; layer += 1) {
    const first = at(start, layer);
    for (let last = at(start, layer + 1) - 1; last > first; last -= 1) {
      const other = first + Math.floor(random() * (last - first + 1));
      const moved = at(items, last);
      items[last] = at(items, other);
      items[other] = moved;
    }
    renumber(order, layer);
  }
}
