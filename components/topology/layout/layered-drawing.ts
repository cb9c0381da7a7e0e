import { edgesToReverse } from "./acyclic.ts";
import { at, realAt } from "./cells.ts";
import { turned, type Digraph } from "./digraph.ts";
import { backwards } from "./edge-ends.ts";
import { assignLayers, limitWidths } from "./layering.ts";
import { layeredGraph, type LayeredGraph } from "./layered-graph.ts";
import { itemRoom } from "./item-room.ts";
import { orderLayers } from "./ordering.ts";
import { placeItems } from "./place-items.ts";
import { spreadPorts, type FixedPorts } from "./ports.ts";
import { wayOf } from "./ways.ts";
import { COLUMN_GAP, WIDEST_COLUMN_GAP } from "./spacing.ts";

/** A connected graph to be drawn in layers from left to right. */
export interface LayeredInput {
  readonly graph: Digraph;
  readonly widths: Float64Array;
  readonly heights: Float64Array;
  /** Room wanted above each node, for calls to itself. */
  readonly rooms: Float64Array;
  /** Where an edge meets its caller (or its callee), px below the node's centre, on the right or left side; NaN: anywhere. */
  readonly fixedPort: (edge: number, atCaller: boolean, onRight: boolean) => number;
}

export interface LayeredDrawing {
  /** Top-left corner of each node. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Points of each edge from its caller's border to its callee's: x, y, x, y … */
  readonly edges: readonly number[][];
}

/** Draws a graph by the method of Sugiyama: no cycles, layers, order within layers, coordinates, ways of edges. */
export function drawLayers(input: LayeredInput): LayeredDrawing {
  const reversed = edgesToReverse(input.graph);
  const acyclic = turned(input.graph, reversed);
  const layers = limitWidths(acyclic, assignLayers(acyclic), widestLayer(input.graph.size));
  const graph = layeredGraph(acyclic, layers);
  const order = orderLayers(graph);
  const ports = spreadPorts(graph, order, input.heights, fixedPorts(graph, reversed, input));
  const centres = placeItems(graph, order, ports, itemRoom(graph, input.heights, input.rooms));
  const columns = columnsOf(graph, centres, input.widths);
  const x = Float64Array.from({ length: graph.nodes }, (_, node) => realAt(columns.left, at(graph.layer, node)));
  const y = Float64Array.from({ length: graph.nodes }, (_, node) =>
    Math.round(realAt(centres, node) - realAt(input.heights, node) / 2),
  );
  const edges = Array.from(reversed, (mark, edge) => {
    const way = wayOf(graph, edge, { centres, ports, columns, x, widths: input.widths });
    return mark === 1 ? backwards(way) : way;
  });
  return { x, y, edges };
}

/** Layers of more nodes than this are split: about a fifth as many layers as nodes in a layer. */
function widestLayer(nodes: number): number {
  return Math.max(12, Math.ceil(3 * Math.sqrt(nodes)));
}

/** Those of edges at their first and last links. A reversed edge's caller is on the right. */
function fixedPorts(graph: LayeredGraph, reversed: Uint8Array, { fixedPort }: LayeredInput): FixedPorts {
  const atLeft = new Float64Array(graph.left.length).fill(Number.NaN);
  const atRight = new Float64Array(graph.left.length).fill(Number.NaN);
  for (const [edge, mark] of reversed.entries()) {
    const first = at(graph.ways.members, at(graph.ways.start, edge));
    const last = at(graph.ways.members, at(graph.ways.start, edge + 1) - 1);
    atLeft[first] = fixedPort(edge, mark === 0, true);
    atRight[last] = fixedPort(edge, mark === 1, false);
  }
  return { atLeft, atRight };
}

export interface Columns {
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/** Columns as wide as their widest node, further apart where edges between them rise or fall much. */
function columnsOf(graph: LayeredGraph, centres: Float64Array, widths: Float64Array): Columns {
  const left = new Float64Array(graph.layers);
  const right = new Float64Array(graph.layers);
  const widest = new Float64Array(graph.layers);
  for (let node = 0; node < graph.nodes; node += 1) {
    const layer = at(graph.layer, node);
    widest[layer] = Math.max(realAt(widest, layer), realAt(widths, node));
  }
  const rise = new Float64Array(graph.layers);
  const links = new Int32Array(graph.layers);
  for (let link = 0; link < graph.left.length; link += 1) {
    const from = at(graph.left, link);
    const layer = at(graph.layer, from);
    rise[layer] = realAt(rise, layer) + Math.abs(realAt(centres, at(graph.right, link)) - realAt(centres, from));
    links[layer] = at(links, layer) + 1;
  }
  let x = 0;
  for (let layer = 0; layer < graph.layers; layer += 1) {
    left[layer] = x;
    right[layer] = x + realAt(widest, layer);
    const mean = realAt(rise, layer) / Math.max(1, at(links, layer));
    x = Math.ceil(realAt(right, layer) + Math.min(WIDEST_COLUMN_GAP, Math.max(COLUMN_GAP, mean / 2)));
  }
  return { left, right };
}
