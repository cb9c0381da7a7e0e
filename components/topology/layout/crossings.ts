import { at } from "./cells.ts";
import type { LayeredGraph } from "./layered-graph.ts";
import type { LayerOrder } from "./layer-order.ts";

/**
 * Counts crossings of links between neighbouring layers in O(links × log(items of the right layer)), by the accumulator
 * tree of Barth, Juenger and Mutzel ("Simple and efficient bilayer cross counting", 2002).
 */
export class CrossingCounter {
  readonly #graph: LayeredGraph;
  readonly #next: Int32Array;
  /** Positions of each item's right neighbours in ascending order, where `graph.outgoing` has the item's links. */
  readonly #ends: Int32Array;
  readonly #tree: Int32Array;

  constructor(graph: LayeredGraph) {
    this.#graph = graph;
    this.#next = new Int32Array(graph.items);
    this.#ends = new Int32Array(graph.left.length);
    const widths = new Int32Array(graph.layers);
    for (const layer of graph.layer) widths[layer] = at(widths, layer) + 1;
    let leaves = 1;
    while (leaves < Math.max(1, ...widths)) leaves *= 2;
    this.#tree = new Int32Array(2 * leaves);
  }

  /** Of the whole drawing. */
  total(order: LayerOrder): number {
    let sum = 0;
    for (let layer = 0; layer + 1 < this.#graph.layers; layer += 1) sum += this.between(order, layer);
    return sum;
  }

  /** Between a layer and the next one. */
  between(order: LayerOrder, layer: number): number {
    this.#sortEnds(order, layer);
    const { start, items } = order;
    const { outgoing } = this.#graph;
    let leaves = 1;
    while (leaves < at(start, layer + 2) - at(start, layer + 1)) leaves *= 2;
    const tree = this.#tree;
    tree.fill(0, 0, 2 * leaves);
    let crossings = 0;
    for (let place = at(start, layer); place < at(start, layer + 1); place += 1) {
      const item = at(items, place);
      for (let k = at(outgoing.start, item); k < at(outgoing.start, item + 1); k += 1) {
        let index = leaves + at(this.#ends, k);
        tree[index] = at(tree, index) + 1;
        while (index > 1) {
          // An even index is a left child: what its sibling holds lies below, and was drawn from further above.
          if ((index & 1) === 0) crossings += at(tree, index + 1);
          index >>= 1;
          tree[index] = at(tree, index) + 1;
        }
      }
    }
    return crossings;
  }

  #sortEnds({ start, items }: LayerOrder, layer: number): void {
    const { outgoing, incoming, left } = this.#graph;
    for (let place = at(start, layer); place < at(start, layer + 1); place += 1) {
      const item = at(items, place);
      this.#next[item] = at(outgoing.start, item);
    }
    const first = at(start, layer + 1);
    for (let place = first; place < at(start, layer + 2); place += 1) {
      const item = at(items, place);
      for (let k = at(incoming.start, item); k < at(incoming.start, item + 1); k += 1) {
        const caller = at(left, at(incoming.members, k));
        this.#ends[at(this.#next, caller)] = place - first;
        this.#next[caller] = at(this.#next, caller) + 1;
      }
    }
  }
}
