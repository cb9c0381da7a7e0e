import type { NodePart, Topology, TopologyNode } from "#domain/topology.ts";
import { instancesInWords, nodeName } from "../describe.ts";
import { describeDrawnNode } from "./describe-graph.ts";
import { figuresOf, mergeFigures, partFigures, type Figures } from "./figures.ts";
import type { GraphNode, GraphNodeKind } from "./graph-model.ts";
import type { GraphOptions } from "./graph-options.ts";
import type { ServiceGroup } from "./group-services.ts";

/** Id of the box of a subset. */
export function subsetId(service: string, subset: string): string {
  return `${service}/${subset}`;
}

/** Id of the box of an instance. */
export function instanceId(service: string, subset: string, instance: string): string {
  return `${service}/${subset}/${instance}`;
}

/** Id of the box of a gateway. */
export function gatewayNodeId(gatewayId: string): string {
  return `gateway:${gatewayId}`;
}

interface Drawn {
  readonly id: string;
  readonly kind: GraphNodeKind;
  readonly label: string;
  readonly note: string;
  readonly parent: string | null;
  readonly expanded: boolean;
  readonly figures: Figures;
  readonly merged: boolean;
  readonly servingAsBackup: boolean;
  /** What a difference knows it by, when that is not its id. */
  readonly comparedAs?: string;
}

function drawn(node: Drawn, options: GraphOptions): GraphNode {
  const change = options.changes.get(node.comparedAs ?? node.id) ?? null;
  const { id, kind, label, note, parent, expanded, figures, servingAsBackup } = node;
  return {
    id,
    kind,
    label,
    note,
    parent,
    expanded,
    servingAsBackup,
    change,
    requestsPerSecond: figures.requestsPerSecond,
    errorRatio: figures.errorRatio,
    p95Ms: figures.p95Ms,
    health: figures.health,
    breaker: figures.breaker,
    description: describeDrawnNode({ ...node, change }),
  };
}

/** A service or outside as a box; expanded, with boxes in it. */
export function serviceNodes(node: TopologyNode, parent: string | null, options: GraphOptions): GraphNode[] {
  const children = options.expanded.has(node.id) ? partNodes(node, options) : [];
  const box = drawn(
    {
      id: node.id,
      kind: node.kind,
      label: nodeName(node),
      note: noteOf(node),
      parent,
      expanded: children.length > 0,
      figures: figuresOf(node),
      merged: false,
      servingAsBackup: node.servingAsBackup,
    },
    options,
  );
  return [box, ...children];
}

function noteOf(node: TopologyNode): string {
  if (node.kind === "outside") return "";
  return node.kind === "caller" ? "only calls others" : instancesInWords(node.instances);
}

/** True when parts of the service are told apart by subset at all. */
function hasSubsets(parts: readonly NodePart[]): boolean {
  return parts.some(({ subset }) => subset !== "");
}

function partNodes(node: TopologyNode, options: GraphOptions): GraphNode[] {
  if (!hasSubsets(node.parts)) return node.parts.map((part) => instanceNode(node, part, node.id, options));
  const bySubset = [...Map.groupBy(node.parts, ({ subset }) => subset)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return bySubset.flatMap(([subset, parts]) => {
    const id = subsetId(node.id, subset);
    const instances = options.expanded.has(id) ? parts.map((part) => instanceNode(node, part, id, options)) : [];
    const box = drawn(
      {
        id,
        kind: "subset",
        label: subset === "" ? "no subset" : subset,
        note: instancesInWords(parts.length),
        parent: node.id,
        expanded: instances.length > 0,
        figures: mergeFigures(parts.map(partFigures)),
        merged: parts.length > 1,
        servingAsBackup: false,
      },
      options,
    );
    return [box, ...instances];
  });
}

function instanceNode(node: TopologyNode, part: NodePart, parent: string, options: GraphOptions): GraphNode {
  return drawn(
    {
      id: instanceId(node.id, part.subset, part.instance),
      kind: "instance",
      label: part.instance,
      note: part.serving ? "" : "not serving",
      parent,
      expanded: false,
      figures: partFigures(part),
      merged: false,
      servingAsBackup: false,
      comparedAs: `${node.id}//${part.instance}`,
    },
    options,
  );
}

/** A group as one box, or opened, as a box around those shown. */
export function groupNode(group: ServiceGroup, options: GraphOptions): GraphNode {
  return drawn(
    {
      id: group.id,
      kind: "group",
      label: group.label,
      note: group.note,
      parent: group.parent,
      expanded: group.shown.length > 0,
      figures: mergeFigures(group.members.map(figuresOf)),
      merged: true,
      servingAsBackup: group.members.some(({ servingAsBackup }) => servingAsBackup),
    },
    options,
  );
}

/** Gateways that carried calls from outside, each as a box. */
export function gatewayNodes(topology: Topology, options: GraphOptions): GraphNode[] {
  const shares = topology.edges
    .filter(({ from }) => from === "outside")
    .flatMap((edge) => edge.gateways.map((share) => ({ ...share, health: edge.health })));
  return [...Map.groupBy(shares, ({ gatewayId }) => gatewayId)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([gatewayId, own]) =>
      drawn(
        {
          id: gatewayNodeId(gatewayId),
          kind: "gateway",
          label: gatewayId,
          note: "gateway",
          parent: null,
          expanded: false,
          figures: mergeFigures(own.map(partFigures)),
          merged: false,
          servingAsBackup: false,
        },
        options,
      ),
    );
}

/** The box that a share of the calls to a service ends at. */
export function placeOfShare(
  node: TopologyNode,
  share: { readonly subset: string; readonly instance: string },
  expanded: ReadonlySet<string>,
): string {
  if (!expanded.has(node.id)) return node.id;
  const own = node.parts.filter(({ subset }) => subset === share.subset);
  const isKnown = own.some(({ instance }) => instance === share.instance);
  if (!hasSubsets(node.parts)) return isKnown ? instanceId(node.id, share.subset, share.instance) : node.id;
  if (own.length === 0) return node.id;
  const subset = subsetId(node.id, share.subset);
  return expanded.has(subset) && isKnown ? instanceId(node.id, share.subset, share.instance) : subset;
}
