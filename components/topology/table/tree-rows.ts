import type { Topology, TopologyEdge, TopologyNode } from "#domain/topology.ts";
import { instancesInWords, nameOfId, nodeName } from "../describe.ts";
import { instanceId, subsetId } from "../model/drawn-nodes.ts";
import { figuresOf, mergeFigures, partFigures, type Figures } from "../model/figures.ts";
import type { GraphNode } from "../model/graph-model.ts";
import type { ServiceGroup } from "../model/group-services.ts";
import { inOrder, type TreeOrder } from "./tree-order.ts";
import type { TreeRow } from "./tree-row.ts";

/** What the tree grid is made of: the mesh, and how it is grouped. */
export interface TreeSource {
  readonly topology: Topology;
  readonly groups: readonly ServiceGroup[];
  readonly gateways: readonly GraphNode[];
}

/** A row before its place among its siblings is known. */
type Item = Omit<TreeRow, "key" | "parent" | "level" | "position" | "siblings" | "open"> & {
  readonly children: (() => readonly Item[]) | null;
};

const EMPTY = { leadsTo: null, direction: null, configuredOnly: false } as const;

/** All rows that are to be seen: children only of rows whose keys are in `open`. Nothing is made for the others. */
export function treeRows(
  source: TreeSource,
  open: ReadonlySet<string>,
  order: TreeOrder,
  sortFigures: ReadonlyMap<string, Figures> = new Map(),
): TreeRow[] {
  const rows: TreeRow[] = [];
  const place = (items: readonly Item[], parent: string | null, level: number): void => {
    const sorted = inOrder(items, order, sortFigures);
    for (const [at, { children, ...item }] of sorted.entries()) {
      const key = `${parent ?? ""}/${item.direction ?? ""}${item.element}`;
      const isOpen = children === null ? null : open.has(key);
      rows.push({ ...item, key, parent, level, position: at + 1, siblings: sorted.length, open: isOpen });
      if (isOpen === true && children !== null) place(children(), key, level + 1);
    }
  };
  place(topItems(source), null, 1);
  return rows;
}

/** Keys that have to be open for a service's own row to be seen, and that row's key. */
export function wayTo(source: TreeSource, node: string): { readonly open: readonly string[]; readonly key: string } {
  const open: string[] = [];
  let key = "";
  for (const group of source.groups) {
    if (!group.members.some(({ id }) => id === node)) continue;
    // The rest of an opened group is no row of its own: the group's row holds all its members.
    if (group.parent === null) {
      key = `/${group.id}`;
      open.push(key);
    }
  }
  return { open, key: `${key}/${node}` };
}

function topItems({ topology, groups, gateways }: TreeSource): Item[] {
  const calls = indexCalls(topology);
  const grouped = new Set(groups.flatMap(({ members }) => members.map(({ id }) => id)));
  return [
    ...topology.nodes.filter(({ id }) => !grouped.has(id)).map((node) => nodeItem(node, calls)),
    ...groups.filter(({ parent }) => parent === null).map((group) => groupItem(group, calls)),
    ...gateways.map(gatewayItem),
  ];
}

interface Calls {
  readonly incoming: ReadonlyMap<string, readonly TopologyEdge[]>;
  readonly outgoing: ReadonlyMap<string, readonly TopologyEdge[]>;
}

function indexCalls({ edges }: Topology): Calls {
  return { incoming: Map.groupBy(edges, ({ to }) => to), outgoing: Map.groupBy(edges, ({ from }) => from) };
}

function nodeItem(node: TopologyNode, calls: Calls): Item {
  const incoming = calls.incoming.get(node.id) ?? [];
  const outgoing = calls.outgoing.get(node.id) ?? [];
  const isLeaf = incoming.length + outgoing.length + node.parts.length === 0;
  return {
    ...EMPTY,
    kind: "node",
    element: node.id,
    within: node.id,
    label: nodeName(node),
    note:
      node.kind === "outside" ? "" : node.kind === "caller" ? "only calls others" : instancesInWords(node.instances),
    figures: figuresOf(node),
    children: isLeaf
      ? null
      : () => [
          ...outgoing.map((edge) => callItem(edge, "out")),
          ...incoming.map((edge) => callItem(edge, "in")),
          ...partItems(node),
        ],
  };
}

function callItem(edge: TopologyEdge, direction: "in" | "out"): Item {
  const leadsTo = direction === "out" ? edge.to : edge.from;
  const backup = edge.asFallback ? " as backup" : "";
  return {
    kind: "call",
    element: edge.id,
    within: direction === "out" ? edge.from : edge.to,
    leadsTo,
    direction,
    label: direction === "out" ? `calls ${nameOfId(leadsTo)}${backup}` : `called by ${nameOfId(leadsTo)}${backup}`,
    note: edge.configuredOnly ? "configured, no traffic" : byRoutes(edge.routes),
    figures: figuresOf(edge),
    configuredOnly: edge.configuredOnly,
    children: null,
  };
}

function byRoutes(routes: readonly string[]): string {
  if (routes.length === 0) return "";
  return `by ${routes.length === 1 ? "route" : "routes"} ${routes.join(", ")}`;
}

function partItems(node: TopologyNode): Item[] {
  const bySubset = Map.groupBy(node.parts, ({ subset }) => subset);
  return [...bySubset].flatMap(([subset, parts]) => {
    const instances = parts.map((part): Item => ({
      ...EMPTY,
      kind: "instance",
      element: instanceId(node.id, subset, part.instance),
      within: node.id,
      label: part.instance,
      note: part.serving ? "instance" : "instance, not serving",
      figures: partFigures(part),
      children: null,
    }));
    if (subset === "" && bySubset.size === 1) return instances;
    return {
      ...EMPTY,
      kind: "subset" as const,
      element: subsetId(node.id, subset),
      within: node.id,
      label: subset === "" ? "no subset" : subset,
      note: instancesInWords(parts.length),
      figures: mergeFigures(parts.map(partFigures)),
      children: () => instances,
    };
  });
}

function groupItem(group: ServiceGroup, calls: Calls): Item {
  return {
    ...EMPTY,
    kind: "group",
    element: group.id,
    within: group.id,
    label: group.label,
    note: group.note,
    figures: mergeFigures(group.members.map(figuresOf)),
    children: () => group.members.map((node) => nodeItem(node, calls)),
  };
}

function gatewayItem(node: GraphNode): Item {
  const { requestsPerSecond, errorRatio, p95Ms, health } = node;
  const figures: Figures = partFigures({ requestsPerSecond, errorRatio, p95Ms, health });
  return {
    ...EMPTY,
    kind: "gateway",
    element: node.id,
    within: node.id,
    label: node.label,
    note: "gateway",
    figures,
    children: null,
  };
}
