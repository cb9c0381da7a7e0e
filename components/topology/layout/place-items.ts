import type { LinkPorts } from "./alignment.ts";
import { balancedCentres } from "./balanced-centres.ts";
import { realAt } from "./cells.ts";
import { leastHeight, stackedCentres, type ItemRoom } from "./item-room.ts";
import type { LayerOrder } from "./layer-order.ts";
import type { LayeredGraph } from "./layered-graph.ts";
import { squeeze } from "./squeeze.ts";
import { straighten } from "./straighten.ts";

/** Straight edges may make a drawing this many times as high as it needs to be. */
const TALLEST = 1.2;
/** A graph of more items becomes too tall anyway. */
const BALANCED = 3_000;
/** Sweeps, and links looked at in them, at most. */
const SWEEPS = 12;
const SQUEEZE_WORK = 1_500_000;

/**
 * Centre of each item, px. Small drawings are balanced with long edges all straight. Where that takes too much height, which
 * grows with the graph as straight edges keep nodes apart that have nothing to do with them, the drawing is squeezed, and long
 * edges are as straight as there is room for.
 */
export function placeItems(graph: LayeredGraph, order: LayerOrder, ports: LinkPorts, room: ItemRoom): Float64Array {
  const least = leastHeight(graph, order, room);
  if (graph.items <= BALANCED) {
    const balanced = balancedCentres(graph, order, ports, room);
    if (heightOf(balanced) <= TALLEST * least) return balanced;
  }
  const centres = stackedCentres(graph, order, room);
  const affordable = Math.floor(SQUEEZE_WORK / Math.max(1, 2 * graph.left.length));
  squeeze(graph, order, ports, room, centres, Math.max(4, Math.min(SWEEPS, affordable)));
  straighten(graph, order, ports, room, centres);
  return centres;
}

function heightOf(centres: Float64Array): number {
  let [top, bottom] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let item = 0; item < centres.length; item += 1) {
    top = Math.min(top, realAt(centres, item));
    bottom = Math.max(bottom, realAt(centres, item));
  }
  return Math.max(0, bottom - top);
}
