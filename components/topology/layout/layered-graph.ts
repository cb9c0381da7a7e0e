import { at, groupByKey, type Groups } from "./cells.ts";
import type { Digraph } from "./digraph.ts";

/**
 * A graph whose every link joins neighbouring layers: edges that pass layers are cut by bends, one in each layer passed.
 * Items 0 … nodes - 1 are the nodes, the others bends.
 */
export interface LayeredGraph {
  readonly nodes: number;
  readonly items: number;
  readonly layers: number;
  /** Of each item. */
  readonly layer: Int32Array;
  /** Ends of each link; `right` is one layer further than `left`. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Links by their right end, and by their left end. */
  readonly incoming: Groups;
  readonly outgoing: Groups;
  /** Links of each edge, from left to right. Edges that share bends share links. */
  readonly ways: Groups;
}

/**
 * More bends than this, all told or for each node, and long edges of one caller (or to one callee) share theirs: memory stays
 * bounded, and columns are not mostly filled by what passes through them.
 */
const OWN_BENDS = 40_000;
const OWN_BENDS_PER_NODE = 40;

class Builder {
  readonly layer: number[];
  readonly left: number[] = [];
  readonly right: number[] = [];

  constructor(layer: Int32Array) {
    this.layer = [...layer];
  }

  bend(layer: number): number {
    this.layer.push(layer);
    return this.layer.length - 1;
  }

  link(left: number, right: number): number {
    this.left.push(left);
    this.right.push(right);
    return this.left.length - 1;
  }
}

/** Cuts long edges by bends. Every edge of `graph` leads to a higher layer. */
export function layeredGraph(graph: Digraph, layer: Int32Array): LayeredGraph {
  let bends = 0;
  for (let edge = 0; edge < graph.from.length; edge += 1) {
    bends += at(layer, at(graph.to, edge)) - at(layer, at(graph.from, edge)) - 1;
  }
  const builder = new Builder(layer);
  const own = bends <= Math.min(OWN_BENDS, OWN_BENDS_PER_NODE * graph.size);
  const ways = own ? ownWays(graph, layer, builder) : sharedWays(graph, layer, builder);
  const items = builder.layer.length;
  const left = Int32Array.from(builder.left);
  const right = Int32Array.from(builder.right);
  return {
    nodes: graph.size,
    items,
    layers: graph.size === 0 ? 0 : Math.max(...layer) + 1,
    layer: Int32Array.from(builder.layer),
    left,
    right,
    incoming: groupByKey(items, right),
    outgoing: groupByKey(items, left),
    ways,
  };
}

function ownWays({ from, to }: Digraph, layer: Int32Array, builder: Builder): Groups {
  const start = new Int32Array(from.length + 1);
  const members: number[] = [];
  for (let edge = 0; edge < from.length; edge += 1) {
    const end = at(to, edge);
    let last = at(from, edge);
    for (let passed = at(layer, last) + 1; passed < at(layer, end); passed += 1) {
      const bend = builder.bend(passed);
      members.push(builder.link(last, bend));
      last = bend;
    }
    members.push(builder.link(last, end));
    start[edge + 1] = members.length;
  }
  return { start, members: Int32Array.from(members) };
}

/** Bends of one trunk by layer, each with the link that leads to it along the trunk. */
type Trunk = Map<number, { readonly bend: number; readonly link: number }>;

/**
 * Each long edge runs along a trunk of whichever of its ends has more edges: out of the caller until it leaves the trunk
 * just before its callee, or along the callee's trunk from just behind its caller.
 */
function sharedWays(graph: Digraph, layer: Int32Array, builder: Builder): Groups {
  const { from, to, leaving, entering } = graph;
  const start = new Int32Array(from.length + 1);
  const members: number[] = [];
  const outOf = Array.from({ length: graph.size }, (): Trunk => new Map());
  const into = Array.from({ length: graph.size }, (): Trunk => new Map());
  for (let edge = 0; edge < from.length; edge += 1) {
    const caller = at(from, edge);
    const callee = at(to, edge);
    const calls = at(leaving.start, caller + 1) - at(leaving.start, caller);
    const callers = at(entering.start, callee + 1) - at(entering.start, callee);
    const [first, end] = [at(layer, caller) + 1, at(layer, callee) - 1];
    if (first > end) members.push(builder.link(caller, callee));
    else if (calls >= callers) {
      let last = caller;
      for (let passed = first; passed <= end; passed += 1) {
        const step = trunkStep(outOf[caller], passed, builder, (bend) => [last, bend]);
        members.push(step.link);
        last = step.bend;
      }
      members.push(builder.link(last, callee));
    } else {
      const way: number[] = [];
      let last = callee;
      for (let passed = end; passed >= first; passed -= 1) {
        const step = trunkStep(into[callee], passed, builder, (bend) => [bend, last]);
        way.push(step.link);
        last = step.bend;
      }
      members.push(builder.link(caller, last), ...way.reverse());
    }
    start[edge + 1] = members.length;
  }
  return { start, members: Int32Array.from(members) };
}

function trunkStep(
  trunk: Trunk | undefined,
  layer: number,
  builder: Builder,
  ends: (bend: number) => readonly [number, number],
): { readonly bend: number; readonly link: number } {
  const known = trunk?.get(layer);
  if (known !== undefined) return known;
  const bend = builder.bend(layer);
  const step = { bend, link: builder.link(...ends(bend)) };
  trunk?.set(layer, step);
  return step;
}
