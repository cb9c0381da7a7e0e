import type { Topology, TopologyEdge, TopologyNode } from "#domain/topology.ts";

export type Selection =
  | { readonly kind: "node"; readonly node: TopologyNode }
  | { readonly kind: "edge"; readonly edge: TopologyEdge };

/** What an id of the address stands for; null when the mesh has no such node or edge (any more). */
export function findSelection(topology: Topology, id: string | null): Selection | null {
  const node = topology.nodes.find((candidate) => candidate.id === id);
  if (node !== undefined) return { kind: "node", node };
  const edge = topology.edges.find((candidate) => candidate.id === id);
  return edge === undefined ? null : { kind: "edge", edge };
}
