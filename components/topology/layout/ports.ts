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
  const ports = { atLeft: fixed.atLeft.slice(), atRight: fixed.atRight.slice() };
  const spread = (groups: Groups, node: number, own: Float64Array, farEnds: Int32Array, far: Float64Array): void => {
    const free = groups.members
      .slice(at(groups.start, node), at(groups.start, node + 1))
      .filter((link) => Number.isNaN(realAt(own, link)));
    // Links to the same node: in the order of what they end at inside it.
    const within = (link: number): number => realAt(far, link) || 0;
    free.sort(
      (a, b) =>
        at(order.position, at(farEnds, a)) - at(order.position, at(farEnds, b)) || within(a) - within(b) || a - b,
    );
    for (const [place, link] of free.entries()) own[link] = portOffset(place, free.length, realAt(heights, node));
  };
  for (let node = 0; node < nodes; node += 1) {
    spread(outgoing, node, ports.atLeft, right, fixed.atRight);
    spread(incoming, node, ports.atRight, left, fixed.atLeft);
  }
  // Links meet bends in their middle.
  for (let link = 0; link < left.length; link += 1) {
    if (at(left, link) >= nodes) ports.atLeft[link] = 0;
    if (at(right, link) >= nodes) ports.atRight[link] = 0;
  }
  return ports;
}

/** Of one of `count` ports on a side of `height`, below the side's middle. */
function portOffset(place: number, count: number, height: number): number {
  if (count < 2) return 0;
  const room = Math.max(0, height - 2 * PORT_MARGIN);
  const step = Math.min(PORT_GAP, room / (count - 1));
  return (place - (count - 1) / 2) * step;
}
