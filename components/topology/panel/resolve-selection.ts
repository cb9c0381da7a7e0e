import type { Topology, TopologyEdge, TopologyNode } from "#domain/topology.ts";
import { nameOfId, nodeName } from "../describe.ts";
import type { DrawnGraph } from "../model/build-graph.ts";
import { gatewayNodeId, instanceId, subsetId } from "../model/drawn-nodes.ts";
import type { ServiceGroup } from "../model/group-services.ts";

export type Selection =
  | { readonly kind: "node"; readonly node: TopologyNode }
  /** A subset of a service; one instance of it when `instance` is not null. */
  | { readonly kind: "part"; readonly node: TopologyNode; readonly subset: string; readonly instance: string | null }
  | { readonly kind: "edge"; readonly edge: TopologyEdge }
  /** Several edges drawn as one arrow. */
  | { readonly kind: "calls"; readonly title: string; readonly edges: readonly TopologyEdge[] }
  | { readonly kind: "gateway"; readonly gatewayId: string; readonly edges: readonly TopologyEdge[] }
  | { readonly kind: "group"; readonly group: ServiceGroup };

/** What an id of the address stands for, of the mesh or of its drawing; null when there is no such thing (any more). */
export function resolveSelection(id: string | null, topology: Topology, graph: DrawnGraph): Selection | null {
  if (id === null) return null;
  const node = topology.nodes.find((candidate) => candidate.id === id);
  if (node !== undefined) return { kind: "node", node };
  const edge = topology.edges.find((candidate) => candidate.id === id);
  if (edge !== undefined) return { kind: "edge", edge };
  const group = graph.groups.find((candidate) => candidate.id === id);
  if (group !== undefined) return { kind: "group", group };
  return gatewayOf(id, topology) ?? partOf(id, topology) ?? arrowOf(id, topology, graph);
}

function gatewayOf(id: string, { edges }: Topology): Selection | null {
  const carried = edges.filter(({ gateways }) => gateways.some(({ gatewayId }) => gatewayNodeId(gatewayId) === id));
  if (carried.length === 0) return null;
  return { kind: "gateway", gatewayId: id.replace(/^gateway:/u, ""), edges: carried };
}

function partOf(id: string, { nodes }: Topology): Selection | null {
  for (const node of nodes) {
    if (!id.startsWith(`${node.id}/`)) continue;
    for (const { subset, instance } of node.parts) {
      if (subsetId(node.id, subset) === id) return { kind: "part", node, subset, instance: null };
      if (instanceId(node.id, subset, instance) === id) return { kind: "part", node, subset, instance };
    }
  }
  return null;
}

function arrowOf(id: string, { edges }: Topology, { model }: DrawnGraph): Selection | null {
  const arrow = model.edges.find((candidate) => candidate.id === id);
  if (arrow === undefined) return null;
  const behind = edges.filter((edge) => arrow.stands.includes(edge.id));
  const [only, ...others] = behind;
  if (only === undefined) return null;
  if (others.length === 0) return { kind: "edge", edge: only };
  const label = (end: string): string => model.nodes.find((node) => node.id === end)?.label ?? nameOfId(end);
  return { kind: "calls", title: `${label(arrow.from)} → ${label(arrow.to)}`, edges: behind };
}

/** What the panel is headed with. */
export function titleOf(selection: Selection): string {
  switch (selection.kind) {
    case "node":
      return nodeName(selection.node);
    case "part":
      return selection.instance ?? (selection.subset === "" ? "no subset" : selection.subset);
    case "edge":
      return `${nameOfId(selection.edge.from)} → ${nameOfId(selection.edge.to)}`;
    case "calls":
      return selection.title;
    case "gateway":
      return selection.gatewayId;
    case "group":
      return selection.group.label;
  }
}
