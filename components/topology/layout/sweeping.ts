import { at, realAt } from "./cells.ts";
import { renumber, type LayerOrder } from "./layer-order.ts";
import type { LayeredGraph } from "./layered-graph.ts";

/** Places in a layer are told apart down to one part in this many. */
const FINE = 0x1000_0000;
/** Above the number of items in any layer; FINE × WIDEST is still an exact number. */
const WIDEST = 0x40_0000;

/** Which neighbours of an item count. */
export type Side = "left" | "both";

/**
 * Orders layers by the mean place of each item's neighbours (barycentres), places counted from 0 at the top of a layer to 1 at
 * its bottom.
 */
export class Sweeper {
  readonly #graph: LayeredGraph;
  /** Neighbours of each item, those on the left first, in one run of cells. */
  readonly #start: Int32Array;
  readonly #split: Int32Array;
  readonly #neighbours: Int32Array;
  readonly #height: Float64Array;
  readonly #keys: Float64Array;
  readonly #before: Int32Array;

  constructor(graph: LayeredGraph) {
    const { items, left, right, incoming, outgoing } = graph;
    this.#graph = graph;
    this.#start = new Int32Array(items + 1);
    this.#split = new Int32Array(items);
    this.#neighbours = new Int32Array(2 * left.length);
    this.#height = new Float64Array(items);
    this.#keys = new Float64Array(items);
    this.#before = new Int32Array(items);
    let end = 0;
    for (let item = 0; item < items; item += 1) {
      for (let k = at(incoming.start, item); k < at(incoming.start, item + 1); k += 1) {
        this.#neighbours[end++] = at(left, at(incoming.members, k));
      }
      this.#split[item] = end;
      for (let k = at(outgoing.start, item); k < at(outgoing.start, item + 1); k += 1) {
        this.#neighbours[end++] = at(right, at(outgoing.members, k));
      }
      this.#start[item + 1] = end;
    }
  }

  /**
   * Once through all layers. By neighbours on the left alone a first order comes about at once. By both sides, sweeps there and
   * back get better and better, where sweeps by one side each spoil what the one before achieved.
   */
  sweep(order: LayerOrder, toRight: boolean, side: Side): void {
    const { layers } = this.#graph;
    for (let layer = 0; layer < layers; layer += 1) this.#measure(order, layer);
    for (let step = 0; step < layers; step += 1) {
      this.#orderLayer(order, toRight ? step : layers - 1 - step, side);
    }
  }

  #measure({ start, items }: LayerOrder, layer: number): void {
    const first = at(start, layer);
    const width = at(start, layer + 1) - first;
    for (let place = 0; place < width; place += 1) this.#height[at(items, first + place)] = (place + 0.5) / width;
  }

  #orderLayer(order: LayerOrder, layer: number, side: Side): void {
    const { start, items } = order;
    const first = at(start, layer);
    const width = at(start, layer + 1) - first;
    if (width === 1) return;
    for (let place = 0; place < width; place += 1) {
      const item = at(items, first + place);
      this.#before[place] = item;
      const from = at(this.#start, item);
      const to = side === "left" ? at(this.#split, item) : at(this.#start, item + 1);
      let sum = 0;
      for (let k = from; k < to; k += 1) sum += realAt(this.#height, at(this.#neighbours, k));
      const mean = to > from ? sum / (to - from) : realAt(this.#height, item);
      this.#keys[place] = Math.round(mean * FINE) * WIDEST + place;
    }
    // Of equal means, the one that was above stays above.
    sortFirst(this.#keys, width);
    for (let place = 0; place < width; place += 1) {
      items[first + place] = at(this.#before, realAt(this.#keys, place) % WIDEST);
    }
    renumber(order, layer);
    this.#measure(order, layer);
  }
}

/** Below this many, sorting here is faster than calling out of compiled code. */
const FEW = 32;

/** Sorts the first `count` numbers, larger counts natively: without a call for each comparison. */
function sortFirst(keys: Float64Array, count: number): void {
  if (count > FEW) {
    keys.subarray(0, count).sort();
    return;
  }
  for (let next = 1; next < count; next += 1) {
    const key = realAt(keys, next);
    let place = next;
    for (; place > 0 && realAt(keys, place - 1) > key; place -= 1) keys[place] = realAt(keys, place - 1);
    keys[place] = key;
  }
}
