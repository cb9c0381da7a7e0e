import { at } from "./cells.ts";
import type { Digraph } from "./digraph.ts";

/** Nodes in doubly linked lists, one for each difference of edges out and in, so that the next one is found at once. */
class Buckets {
  readonly #head: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #offset: number;
  #highest: number;

  constructor(size: number, reach: number) {
    this.#head = new Int32Array(2 * reach + 1).fill(-1);
    this.#next = new Int32Array(size).fill(-1);
    this.#previous = new Int32Array(size).fill(-1);
    this.#offset = reach;
    this.#highest = -1;
  }

  add(node: number, difference: number): void {
    const bucket = difference + this.#offset;
    const head = at(this.#head, bucket);
    this.#next[node] = head;
    this.#previous[node] = -1;
    if (head >= 0) this.#previous[head] = node;
    this.#head[bucket] = node;
    this.#highest = Math.max(this.#highest, bucket);
  }

  remove(node: number, difference: number): void {
    const next = at(this.#next, node);
    const previous = at(this.#previous, node);
    if (next >= 0) this.#previous[next] = previous;
    if (previous >= 0) this.#next[previous] = next;
    else this.#head[difference + this.#offset] = next;
  }

  /** A node with the most edges out beyond those in; -1 when none is left. */
  takeHighest(): number {
    while (this.#highest >= 0 && at(this.#head, this.#highest) < 0) this.#highest -= 1;
    if (this.#highest < 0) return -1;
    const node = at(this.#head, this.#highest);
    this.remove(node, this.#highest - this.#offset);
    return node;
  }
}

/**
 * Marks the edges that are to be turned round so that no cycle is left: the greedy heuristic of Eades, Lin and Smyth
 * ("A fast and effective heuristic for the feedback arc set problem", 1993) in linear time. Sources are taken to the left
 * end of an order, sinks to the right end, and when only cycles are left, the node that calls more than it is called.
 */
export function edgesToReverse(graph: Digraph): Uint8Array {
  const rank = greedyOrder(graph);
  return Uint8Array.from(graph.from, (from, edge) => (at(rank, from) > at(rank, at(graph.to, edge)) ? 1 : 0));
}

function greedyOrder({ size, from, to, leaving, entering }: Digraph): Int32Array {
  const rank = new Int32Array(size).fill(-1);
  const out = new Int32Array(size);
  const into = new Int32Array(size);
  for (let node = 0; node < size; node += 1) {
    out[node] = at(leaving.start, node + 1) - at(leaving.start, node);
    into[node] = at(entering.start, node + 1) - at(entering.start, node);
  }
  let reach = 1;
  for (let node = 0; node < size; node += 1) reach = Math.max(reach, at(out, node), at(into, node));
  const inCycles = new Buckets(size, reach);
  const sources: number[] = [];
  const sinks: number[] = [];
  const file = (node: number): void => {
    if (at(into, node) === 0) sources.push(node);
    else if (at(out, node) === 0) sinks.push(node);
    else inCycles.add(node, at(out, node) - at(into, node));
  };
  // Last first: lists give what was added last, and of equals the first is to come first.
  for (let node = size - 1; node >= 0; node -= 1) file(node);
  const refile = (node: number, degrees: Int32Array): void => {
    if (at(rank, node) >= 0) return;
    const ended = at(into, node) === 0 || at(out, node) === 0;
    if (!ended) inCycles.remove(node, at(out, node) - at(into, node));
    degrees[node] = at(degrees, node) - 1;
    if (!ended) file(node);
  };
  let first = 0;
  let last = size - 1;
  const settle = (node: number, place: number): void => {
    rank[node] = place;
    for (let k = at(leaving.start, node); k < at(leaving.start, node + 1); k += 1) {
      refile(at(to, at(leaving.members, k)), into);
    }
    for (let k = at(entering.start, node); k < at(entering.start, node + 1); k += 1) {
      refile(at(from, at(entering.members, k)), out);
    }
  };
  while (first <= last) {
    const sink = sinks.pop();
    const node = sink ?? sources.pop() ?? inCycles.takeHighest();
    if (sink === undefined) settle(node, first++);
    else settle(node, last--);
  }
  return rank;
}
