import type { LinkPorts } from "./alignment.ts";
import { at, realAt, type Groups } from "./cells.ts";
import type { LayerOrder } from "./layer-order.ts";
import type { LayeredGraph } from "./layered-graph.ts";
import { PORT_GAP, PORT_MARGIN } from "./spacing.ts";

/** Where links meet nodes that leave them no choice, px below the centre; NaN: free. */
export type FixedPorts = LinkPorts;

/**
 * Spreads links on the sides of their nodes in the order of their other ends, so that links of one node do not cross each
 * other. Links with a fixed port keep it.
 */
export function spreadPorts(
  graph: LayeredGraph,
  order: LayerOrder,
  heights: Float64Array,
  fixed: FixedPorts,
): LinkPorts {
  const { outgoing, incoming, left, right, nodes } = graph;
  const atLeft = new Float64Array(left.length);
  const atRight = new Float64Array(left.length);
  for (let node = 0; node < nodes; node += 1) {
    spread(linksOf(outgoing, node), right, order, realAt(heights, node), fixed.atLeft, atLeft);
    spread(linksOf(incoming, node), left, order, realAt(heights, node), fixed.atRight, atRight);
  }
  return { atLeft, atRight };
}

const linksOf = (groups: Groups, node: number): Int32Array =>
  groups.members.slice(at(groups.start, node), at(groups.start, node + 1));

function spread(
  links: Int32Array,
  farEnds: Int32Array,
  { position }: LayerOrder,
  height: number,
  fixed: Float64Array,
  ports: Float64Array,
): void {
  const free = links.filter((link) => Number.isNaN(realAt(fixed, link)));
  for (const link of links) ports[link] = realAt(fixed, link);
  free.sort((a, b) => at(position, at(farEnds, a)) - at(position, at(farEnds, b)) || a - b);
  for (const [place, link] of free.entries()) ports[link] = portOffset(place, free.length, height);
}

/** Of one of `count` ports on a side of `height`, below the side's middle. */
function portOffset(place: number, count: number, height: number): number {
  if (count < 2) return 0;
  const room = Math.max(0, height - 2 * PORT_MARGIN);
  const step = Math.min(PORT_GAP, room / (count - 1));
  return (place - (count - 1) / 2) * step;
}
