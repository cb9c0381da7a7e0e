/** What a trie can keep: things with a rank; greater is better. */
export interface Ranked {
  readonly specificity: number;
}

/** Number of a node; the root is 0. */
export type TrieNode = number;
export const ROOT: TrieNode = 0;
/** There is no such child. */
export const NOWHERE: TrieNode = -1;

/**
 * A trie whose edges are numbers, in one hash table in one array of integers: a step costs one look into memory that mostly
 * lies in the processor's cache, however many nodes there are. Two children are one where hashes fall together, so what is
 * found has to be checked. Never changed once made; a `TrieDraft` makes the next one.
 */
export interface FlatTrie<Item extends Ranked> {
  /** Hash and node by turns; the root's number marks an empty place. As many pairs as a power of two. */
  readonly cells: Int32Array;
  /** By node: no item there or below has a greater rank. Too high, perhaps, after a removal. */
  readonly tops: Float64Array;
  /** By node: 1 when it has children. Small, so that it is nearer than the cells. */
  readonly inner: Uint8Array;
  /** By node: what comes first there, if anything. */
  readonly firsts: readonly (Item | null)[];
  /** By node: what comes after the first, in order. Mostly nothing, and so not looked at. */
  readonly others: readonly (readonly Item[])[];
}

const NO_ITEMS: readonly never[] = [];

export const EMPTY_TRIE: FlatTrie<never> = {
  cells: new Int32Array(32),
  tops: new Float64Array(8).fill(Number.NEGATIVE_INFINITY),
  inner: new Uint8Array(8),
  firsts: [null],
  others: [NO_ITEMS],
};

/** Where an edge leads to from a node. */
export function childOf({ cells }: Pick<FlatTrie<Ranked>, "cells">, node: TrieNode, edge: number): TrieNode {
  const hash = hashOf(node, edge);
  const mask = cells.length - 1;
  for (let at = (hash << 1) & mask; ; at = (at + 2) & mask) {
    const child = cells[at + 1] ?? ROOT;
    if (child === ROOT) return NOWHERE;
    if (cells[at] === hash) return child;
  }
}

/** Spreads well in its lower bits, which choose the place in the table. */
function hashOf(node: TrieNode, edge: number): number {
  let hash = Math.imul(node + 1, 0x9e_37_79_b1) ^ edge;
  hash = Math.imul(hash ^ (hash >>> 15), 0x85_eb_ca_6b);
  return hash ^ (hash >>> 13);
}

/** Makes a trie from another: copies its arrays once, which is quick, and works on the copies. */
export class TrieDraft<Item extends Ranked> {
  readonly #inOrder: (a: Item, b: Item) => number;
  readonly #touched = new Map<TrieNode, Item[]>();
  readonly #firsts: (Item | null)[];
  readonly #others: (readonly Item[])[];
  #cells: Int32Array;
  #tops: Float64Array;
  #inner: Uint8Array;

  constructor(base: FlatTrie<Item>, inOrder: (a: Item, b: Item) => number) {
    this.#inOrder = inOrder;
    this.#cells = base.cells.slice();
    this.#tops = base.tops.slice();
    this.#inner = base.inner.slice();
    this.#firsts = base.firsts.slice();
    this.#others = base.others.slice();
  }

  /** Puts an item where the edges lead to. */
  add(edges: readonly number[], item: Item): void {
    let node = ROOT;
    this.#raise(node, item);
    for (const edge of edges) {
      const child = childOf({ cells: this.#cells }, node, edge);
      node = child === NOWHERE ? this.#branch(node, edge) : child;
      this.#raise(node, item);
    }
    this.#at(node).push(item);
  }

  /** Takes an item away again. Its nodes stay: who removes many makes the trie anew, in the end. */
  remove(edges: readonly number[], item: Item): void {
    let node = ROOT;
    for (const edge of edges) node = childOf({ cells: this.#cells }, node, edge);
    const items = this.#at(node);
    items.splice(items.indexOf(item), 1);
  }

  /** The finished trie; the draft is of no use afterwards. */
  finish(): FlatTrie<Item> {
    for (const [node, items] of this.#touched) {
      const [first = null, ...others] = items.sort(this.#inOrder);
      this.#firsts[node] = first;
      this.#others[node] = others.length === 0 ? NO_ITEMS : others;
    }
    return { cells: this.#cells, tops: this.#tops, inner: this.#inner, firsts: this.#firsts, others: this.#others };
  }

  /** A node's items, to be changed: sorted once, at the end, however many come. */
  #at(node: TrieNode): Item[] {
    const known = this.#touched.get(node);
    if (known !== undefined) return known;
    const first = this.#firsts[node] ?? null;
    const items = first === null ? [] : [first, ...(this.#others[node] ?? NO_ITEMS)];
    this.#touched.set(node, items);
    return items;
  }

  #raise(node: TrieNode, { specificity }: Item): void {
    if (specificity > (this.#tops[node] ?? 0)) this.#tops[node] = specificity;
  }

  #branch(from: TrieNode, edge: number): TrieNode {
    const node = this.#firsts.push(null) - 1;
    this.#others.push(NO_ITEMS);
    if (node >= this.#tops.length) this.#growNodes();
    // Two thirds full, ways to an empty place grow long.
    if (node * 3 > this.#cells.length) this.#growCells();
    this.#inner[from] = 1;
    place(this.#cells, hashOf(from, edge), node);
    return node;
  }

  #growNodes(): void {
    const tops = new Float64Array(this.#tops.length * 2).fill(Number.NEGATIVE_INFINITY);
    tops.set(this.#tops);
    this.#tops = tops;
    const inner = new Uint8Array(tops.length);
    inner.set(this.#inner);
    this.#inner = inner;
  }

  #growCells(): void {
    const cells = new Int32Array(this.#cells.length * 2);
    for (let at = 0; at < this.#cells.length; at += 2) {
      const node = this.#cells[at + 1] ?? ROOT;
      if (node !== ROOT) place(cells, this.#cells[at] ?? 0, node);
    }
    this.#cells = cells;
  }
}

function place(cells: Int32Array, hash: number, node: TrieNode): void {
  const mask = cells.length - 1;
  let at = (hash << 1) & mask;
  while (cells[at + 1] !== ROOT) at = (at + 2) & mask;
  cells[at] = hash;
  cells[at + 1] = node;
}
