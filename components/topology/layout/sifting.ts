import { at } from "./cells.ts";
import { renumber, type LayerOrder } from "./layer-order.ts";
import type { LayeredGraph } from "./layered-graph.ts";

/** How far an item is moved at most, in places. */
const REACH = 160;

/**
 * Moves single items to the place of their layer where they cross least, both neighbouring layers considered, which
 * barycentres do not: sifting, after Matuszewski, Schönfeld and Molitor ("Using sifting for k-layer straightline crossing
 * minimization", 1999). Never makes a drawing worse.
 */
export class Sifter {
  /** Comparisons of neighbours made up to now. */
  work = 0;
  readonly #graph: LayeredGraph;
  /** Positions of each item's neighbours in ascending order, laid out as `incoming` and `outgoing` are. */
  readonly #lefts: Int32Array;
  readonly #rights: Int32Array;
  readonly #next: Int32Array;

  constructor(graph: LayeredGraph) {
    this.#graph = graph;
    this.#lefts = new Int32Array(graph.left.length);
    this.#rights = new Int32Array(graph.left.length);
    this.#next = new Int32Array(graph.items);
  }

  /** Once through all layers, until `budget` of work is used up. Returns how many crossings fewer there are. */
  round(order: LayerOrder, budget: number): number {
    const end = this.work + budget;
    let saved = 0;
    for (let layer = 0; layer < this.#graph.layers && this.work < end; layer += 1) {
      this.#readNeighbours(order, layer);
      const first = at(order.start, layer);
      const members = order.items.slice(first, at(order.start, layer + 1));
      for (const item of members) {
        if (this.work >= end) break;
        saved += this.#sift(order, layer, item);
      }
    }
    return saved;
  }

  #sift(order: LayerOrder, layer: number, item: number): number {
    const { start, items, position } = order;
    const first = at(start, layer);
    const from = first + at(position, item);
    const top = Math.max(first, from - REACH);
    const bottom = Math.min(at(start, layer + 1) - 1, from + REACH);
    let best = 0;
    let target = from;
    let change = 0;
    for (let place = from + 1; place <= bottom; place += 1) {
      change += this.#gain(item, at(items, place));
      if (change < best) [best, target] = [change, place];
    }
    change = 0;
    for (let place = from - 1; place >= top; place -= 1) {
      change -= this.#gain(item, at(items, place));
      if (change < best) [best, target] = [change, place];
    }
    if (target === from) return 0;
    if (target > from) items.copyWithin(from, from + 1, target + 1);
    else items.copyWithin(target + 1, target, from);
    items[target] = item;
    renumber(order, layer);
    return -best;
  }

  /** How many crossings fewer there are with `a` above `b` than with `b` above `a`; negative: more. */
  #gain(a: number, b: number): number {
    const { incoming, outgoing } = this.#graph;
    return this.#difference(this.#lefts, incoming.start, a, b) + this.#difference(this.#rights, outgoing.start, a, b);
  }

  /** The same on one side of the layer. */
  #difference(ends: Int32Array, start: Int32Array, a: number, b: number): number {
    const aEnd = at(start, a + 1);
    const bEnd = at(start, b + 1);
    const bStart = at(start, b);
    let less = bStart;
    let notMore = bStart;
    let difference = 0;
    for (let k = at(start, a); k < aEnd; k += 1) {
      const end = at(ends, k);
      while (less < bEnd && at(ends, less) < end) less += 1;
      if (notMore < less) notMore = less;
      while (notMore < bEnd && at(ends, notMore) <= end) notMore += 1;
      // With b above a, its links that end further down cross a's; with a above b, those that end further up.
      difference += bEnd - notMore - (less - bStart);
    }
    this.work += aEnd - at(start, a) + bEnd - bStart + 2;
    return difference;
  }

  #readNeighbours(order: LayerOrder, layer: number): void {
    const { incoming, outgoing, left, right } = this.#graph;
    this.#collect(order, layer, layer - 1, this.#lefts, incoming.start, outgoing.start, outgoing.members, right);
    this.#collect(order, layer, layer + 1, this.#rights, outgoing.start, incoming.start, incoming.members, left);
  }

  /** Going through the other layer from top to bottom gives each item's neighbours in ascending order. */
  #collect(
    { start, items }: LayerOrder,
    layer: number,
    other: number,
    ends: Int32Array,
    own: Int32Array,
    back: Int32Array,
    links: Int32Array,
    facing: Int32Array,
  ): void {
    if (other < 0 || other >= this.#graph.layers) return;
    for (let place = at(start, layer); place < at(start, layer + 1); place += 1) {
      const item = at(items, place);
      this.#next[item] = at(own, item);
    }
    const first = at(start, other);
    for (let place = first; place < at(start, other + 1); place += 1) {
      const neighbour = at(items, place);
      for (let k = at(back, neighbour); k < at(back, neighbour + 1); k += 1) {
        const item = at(facing, at(links, k));
        ends[at(this.#next, item)] = place - first;
        this.#next[item] = at(this.#next, item) + 1;
      }
    }
  }
}
