import { at, realAt } from "./cells.ts";
import { renumber, type LayerOrder } from "./layer-order.ts";
import type { LayeredGraph } from "./layered-graph.ts";

/** Positions differ by less than a part of one in this many: enough for means of hundreds of neighbours. */
const FINE = 512;
/** Above any number of items in one layer. */
const WIDEST = 0x40_0000;

/** Orders layers by the mean position of each item's neighbours in the layer that was ordered before (barycentres). */
export class Sweeper {
  readonly #graph: LayeredGraph;
  readonly #keys: Float64Array;
  readonly #before: Int32Array;

  constructor(graph: LayeredGraph) {
    this.#graph = graph;
    this.#keys = new Float64Array(graph.items);
    this.#before = new Int32Array(graph.items);
  }

  /** From left to right; or from right to left. `flipTies` turns round items whose means are equal. */
  sweep(order: LayerOrder, toRight: boolean, flipTies: boolean): void {
    const { layers } = this.#graph;
    for (let step = 1; step < layers; step += 1) {
      this.#orderLayer(order, toRight ? step : layers - 1 - step, toRight, flipTies);
    }
  }

  #orderLayer(order: LayerOrder, layer: number, toRight: boolean, flipTies: boolean): void {
    const { start, items, position } = order;
    const groups = toRight ? this.#graph.incoming : this.#graph.outgoing;
    const ends = toRight ? this.#graph.left : this.#graph.right;
    const first = at(start, layer);
    const width = at(start, layer + 1) - first;
    let key = 0;
    for (let turn = 0; turn < width; turn += 1) {
      const item = at(items, flipTies ? first + width - 1 - turn : first + turn);
      this.#before[turn] = item;
      const from = at(groups.start, item);
      const to = at(groups.start, item + 1);
      let sum = 0;
      for (let k = from; k < to; k += 1) sum += at(position, at(ends, at(groups.members, k)));
      // An item without neighbours stays beside the one that was looked at before it.
      if (to > from) key = Math.round((sum / (to - from)) * FINE);
      this.#keys[turn] = key * WIDEST + turn;
    }
    // Numbers sort natively, without a call for each comparison.
    this.#keys.subarray(0, width).sort();
    for (let place = 0; place < width; place += 1) {
      items[first + place] = at(this.#before, realAt(this.#keys, place) % WIDEST);
    }
    renumber(order, layer);
  }
}
