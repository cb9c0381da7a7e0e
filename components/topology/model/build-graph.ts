import { isSameValue } from "#domain/same-value.ts";
import type { Topology, TopologyNode } from "#domain/topology.ts";
import { drawnEdges } from "./drawn-edges.ts";
import { gatewayNodes, groupNode, serviceNodes } from "./drawn-nodes.ts";
import type { GraphEdge, GraphModel, GraphNode } from "./graph-model.ts";
import type { GraphOptions } from "./graph-options.ts";
import { groupServices, type ServiceGroup } from "./group-services.ts";

/** What is drawn, and what of the mesh stands where. */
export interface DrawnGraph {
  readonly model: GraphModel;
  /** The mesh without what the options leave out. */
  readonly shown: Topology;
  readonly groups: readonly ServiceGroup[];
  /** Id of the box that stands for a node of the topology: its own, or its group's. */
  readonly placeOf: ReadonlyMap<string, string>;
  /** Ids of the arrows that stand for an edge of the topology; none for calls within a group. */
  readonly arrowsOf: ReadonlyMap<string, readonly string[]>;
}

/**
 * The drawing of a mesh, in a steady order. With the drawing before, what did not change is the same object, and groups
 * stay as they are while they can.
 */
export function buildGraph(topology: Topology, options: GraphOptions, previous: DrawnGraph | null): DrawnGraph {
  const shown = withoutUnwanted(topology, options);
  const groups = options.grouped ? groupServices(requestOf(shown, options, previous)) : [];
  const placeOf = placesOf(shown.nodes, groups);
  const nodes = nodesOf(shown, groups, options);
  const names = new Map(nodes.map((node) => [node.id, nameWithin(node)]));
  const edges = drawnEdges({
    topology: shown,
    nodes: new Map(shown.nodes.map((node) => [node.id, node])),
    options,
    placeOf: (id) => placeOf.get(id) ?? id,
    nameOf: (id) => names.get(id) ?? id,
  });
  const model = steadyModel({ nodes, edges }, previous?.model ?? null);
  return { model, shown, groups, placeOf, arrowsOf: arrowsOf(model.edges) };
}

/** A box in another is named with it: three services can have a `version=2`. */
function nameWithin(node: GraphNode): string {
  return node.kind === "subset" || node.kind === "instance"
    ? `${node.label} of ${(node.parent ?? "").replace(/^service:/u, "")}`
    : node.label;
}

function withoutUnwanted(topology: Topology, options: GraphOptions): Topology {
  const edges = options.configured ? topology.edges : topology.edges.filter((edge) => !edge.configuredOnly);
  if (options.idle) return { nodes: topology.nodes, edges };
  const busy = new Set(
    edges.filter(({ requestsPerSecond }) => requestsPerSecond > 0).flatMap(({ from, to }) => [from, to]),
  );
  const nodes = topology.nodes.filter(({ id, health }) => busy.has(id) || options.keep.has(id) || isSick(health));
  const left = new Set(nodes.map(({ id }) => id));
  return { nodes, edges: edges.filter(({ from, to }) => left.has(from) && left.has(to)) };
}

function isSick(health: TopologyNode["health"]): boolean {
  return health === "failing" || health === "degraded";
}

function requestOf(shown: Topology, options: GraphOptions, previous: DrawnGraph | null) {
  const quiet = previous?.groups.find(({ id }) => id === "group:+")?.members ?? [];
  return {
    nodes: shown.nodes,
    budget: options.budget,
    expanded: options.expanded,
    keep: options.keep,
    quietBefore: new Set(quiet.map(({ id }) => id)),
  };
}

function placesOf(nodes: readonly TopologyNode[], groups: readonly ServiceGroup[]): ReadonlyMap<string, string> {
  const places = new Map(nodes.map(({ id }) => [id, id]));
  // The rest of an opened group comes after it, and takes in who is not shown there.
  for (const group of groups) for (const { id } of group.members) places.set(id, group.id);
  for (const group of groups) for (const { id } of group.shown) places.set(id, id);
  return places;
}

function nodesOf(shown: Topology, groups: readonly ServiceGroup[], options: GraphOptions): GraphNode[] {
  const grouped = new Set(groups.flatMap(({ members }) => members.map(({ id }) => id)));
  return [
    ...shown.nodes.filter(({ id }) => !grouped.has(id)).flatMap((node) => serviceNodes(node, null, options)),
    ...groups.flatMap((group) => [
      groupNode(group, options),
      ...group.shown.flatMap((node) => serviceNodes(node, group.id, options)),
    ]),
    ...(options.gateways ? gatewayNodes(shown, options) : []),
  ];
}

function arrowsOf(edges: readonly GraphEdge[]): ReadonlyMap<string, readonly string[]> {
  const arrows = new Map<string, string[]>();
  for (const { id, stands } of edges) {
    for (const edge of stands) {
      const known = arrows.get(edge);
      if (known === undefined) arrows.set(edge, [id]);
      else known.push(id);
    }
  }
  return arrows;
}

function steadyModel(next: GraphModel, previous: GraphModel | null): GraphModel {
  if (previous === null) return next;
  const nodes = steady(next.nodes, previous.nodes);
  const edges = steady(next.edges, previous.edges);
  return nodes === previous.nodes && edges === previous.edges ? previous : { nodes, edges };
}

function steady<Element extends { readonly id: string }>(
  next: readonly Element[],
  previous: readonly Element[],
): readonly Element[] {
  const known = new Map(previous.map((element) => [element.id, element]));
  let isSame = next.length === previous.length;
  const kept = next.map((element, at) => {
    const before = known.get(element.id);
    const is = before !== undefined && isSameValue(before, element) ? before : element;
    isSame &&= is === previous[at];
    return is;
  });
  return isSame ? previous : kept;
}
