import { at } from "./cells.ts";
import type { Digraph } from "./digraph.ts";

/** Passes of pulling nodes towards their neighbours; meshes settle in three or four. */
const PULLS = 8;

/**
 * Layer of each node of an acyclic graph: every edge leads to a higher layer. Longest path from the sources first; then
 * sources move to what they call, and what is called more than it calls towards its callers, where that shortens edges.
 */
export function assignLayers(graph: Digraph): Int32Array {
  const order = topologicalOrder(graph);
  const layer = longestPath(graph, order);
  for (let pull = 0; pull < PULLS; pull += 1) {
    const moved = shorten(graph, order, layer);
    if (!moved) break;
  }
  return layer;
}

/** Nodes so that every edge leads forward. */
export function topologicalOrder({ size, to, leaving, entering }: Digraph): Int32Array {
  const order = new Int32Array(size);
  const waiting = new Int32Array(size);
  let end = 0;
  for (let node = 0; node < size; node += 1) {
    waiting[node] = at(entering.start, node + 1) - at(entering.start, node);
    if (at(waiting, node) === 0) order[end++] = node;
  }
  for (let next = 0; next < end; next += 1) {
    const node = at(order, next);
    for (let k = at(leaving.start, node); k < at(leaving.start, node + 1); k += 1) {
      const callee = at(to, at(leaving.members, k));
      waiting[callee] = at(waiting, callee) - 1;
      if (at(waiting, callee) === 0) order[end++] = callee;
    }
  }
  return order;
}

function longestPath({ size, to, leaving }: Digraph, order: Int32Array): Int32Array {
  const layer = new Int32Array(size);
  for (const node of order) {
    for (let k = at(leaving.start, node); k < at(leaving.start, node + 1); k += 1) {
      const callee = at(to, at(leaving.members, k));
      layer[callee] = Math.max(at(layer, callee), at(layer, node) + 1);
    }
  }
  return layer;
}

function shorten({ from, to, leaving, entering }: Digraph, order: Int32Array, layer: Int32Array): boolean {
  let moved = false;
  for (let place = order.length - 1; place >= 0; place -= 1) {
    const node = at(order, place);
    const calls = at(leaving.start, node + 1) - at(leaving.start, node);
    const callers = at(entering.start, node + 1) - at(entering.start, node);
    // What calls as much as it is called keeps its depth: gateways stand in one column, whatever they serve.
    if (callers === 0 ? calls === 0 : calls >= callers) continue;
    let wanted: number;
    if (callers === 0) {
      wanted = Number.POSITIVE_INFINITY;
      for (let k = at(leaving.start, node); k < at(leaving.start, node + 1); k += 1) {
        wanted = Math.min(wanted, at(layer, at(to, at(leaving.members, k))) - 1);
      }
    } else {
      wanted = 0;
      for (let k = at(entering.start, node); k < at(entering.start, node + 1); k += 1) {
        wanted = Math.max(wanted, at(layer, at(from, at(entering.members, k))) + 1);
      }
    }
    if (wanted === at(layer, node)) continue;
    layer[node] = wanted;
    moved = true;
  }
  return moved;
}

/**
 * Splits layers of more than `limit` nodes into several, so that one caller of a thousand services is not drawn as one
 * column of a thousand boxes. Nodes that are called more than they call come first. Empty layers vanish.
 */
export function limitWidths({ size, leaving, entering }: Digraph, layer: Int32Array, limit: number): Int32Array {
  const byLayer = Array.from({ length: Math.max(0, ...layer) + 1 }, (): number[] => []);
  for (let node = 0; node < size; node += 1) byLayer[at(layer, node)]?.push(node);
  const pull = (node: number): number =>
    at(leaving.start, node + 1) - at(leaving.start, node) - (at(entering.start, node + 1) - at(entering.start, node));
  const result = new Int32Array(size);
  let next = 0;
  for (const nodes of byLayer) {
    const parts = Math.ceil(nodes.length / limit);
    const each = Math.ceil(nodes.length / parts);
    if (parts > 1) nodes.sort((a, b) => pull(a) - pull(b) || a - b);
    for (const [place, node] of nodes.entries()) result[node] = next + Math.floor(place / each);
    next += parts;
  }
  return result;
}
