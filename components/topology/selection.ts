import type { Topology, TopologyEdge, TopologyNode } from "#domain/topology.ts";
import { nameOfId, nodeName } from "./describe.ts";

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

/** Nodes and edges that touch what is selected, itself included; null when nothing is, or nothing touches it. */
export function neighbourhood(topology: Topology, selected: string | null): ReadonlySet<string> | null {
  if (selected === null) return null;
  const touching = topology.edges.filter((edge) => [edge.id, edge.from, edge.to].includes(selected));
  if (touching.length === 0) return null;
  return new Set([selected, ...touching.flatMap((edge) => [edge.id, edge.from, edge.to])]);
}

/** The part of the mesh that `matches` by name: services, and calls whose ends or routes match. */
export function findInTopology(topology: Topology, matches: (...words: readonly string[]) => boolean): Topology {
  return {
    nodes: topology.nodes.filter((node) => matches(nodeName(node))),
    edges: topology.edges.filter((edge) => matches(nameOfId(edge.from), nameOfId(edge.to), ...edge.routes)),
  };
}
