import { effectiveState, type EffectiveBreaker } from "#domain/effective-breaker.ts";
import type { Topology, TopologyEdge, TopologyNode } from "#domain/topology.ts";
import { nameOfId, nodeName } from "../describe.ts";
import type { QueryElement } from "./evaluate-query.ts";
import type { FieldName } from "./fields.ts";

/** What queries can ask for beyond the mesh itself. */
export interface QueryContext {
  readonly pinned: ReadonlySet<string>;
  /** Ids of what differs from the moment compared with. */
  readonly changed: ReadonlySet<string>;
}

/** The mesh as queries see it, by ids of the topology. */
export interface MeshElements {
  readonly nodes: ReadonlyMap<string, QueryElement>;
  readonly edges: ReadonlyMap<string, QueryElement>;
}

const NOTHING: readonly string[] = [];

/** Each node and edge as an element to ask. Answers are worked out when asked for. */
export function meshElements(topology: Topology, context: QueryContext): MeshElements {
  const incoming = Map.groupBy(topology.edges, (edge) => edge.to);
  const outgoing = Map.groupBy(topology.edges, (edge) => edge.from);
  const nodeById = new Map(topology.nodes.map((node) => [node.id, node]));
  const sent = new Map(
    [...outgoing].map(([from, edges]) => [from, edges.reduce((sum, edge) => sum + edge.requestsPerSecond, 0)]),
  );
  return {
    nodes: new Map(
      topology.nodes.map((node) => [
        node.id,
        new NodeElement(node, incoming.get(node.id) ?? [], outgoing.get(node.id) ?? [], context),
      ]),
    ),
    edges: new Map(
      topology.edges.map((edge) => [
        edge.id,
        new EdgeElement(edge, nodeById.get(edge.to), sent.get(edge.from) ?? 0, context),
      ]),
    ),
  };
}

function breakerWords(breaker: EffectiveBreaker | null): readonly string[] {
  if (breaker === null) return NOTHING;
  const state = effectiveState(breaker);
  return breaker.override === null ? [state] : [state, breaker.override];
}

/** Values of the label `version` in names of subsets. */
export function versionsOf(subsets: readonly string[]): readonly string[] {
  return subsets.flatMap((subset) =>
    subset.split(",").flatMap((label) => {
      const [name, value] = label.trim().split("=");
      return name === "version" && value !== undefined ? [value] : [];
    }),
  );
}

type Figures = Pick<TopologyNode, "requestsPerSecond" | "errorRatio" | "p50Ms" | "p95Ms" | "p99Ms" | "bytesPerSecond">;

function figureOf(of: Figures, field: FieldName): number | null {
  switch (field) {
    case "rate":
      return of.requestsPerSecond;
    case "error":
      // No call, no share of failed ones.
      return of.requestsPerSecond > 0 ? of.errorRatio * 100 : null;
    case "p50":
      return of.p50Ms;
    case "p95":
      return of.p95Ms;
    case "p99":
      return of.p99Ms;
    case "bytes":
      return of.bytesPerSecond;
    default:
      return null;
  }
}

class NodeElement implements QueryElement {
  readonly names: readonly string[];
  readonly #node: TopologyNode;
  readonly #in: readonly TopologyEdge[];
  readonly #out: readonly TopologyEdge[];
  readonly #context: QueryContext;
  constructor(
    node: TopologyNode,
    incoming: readonly TopologyEdge[],
    outgoing: readonly TopologyEdge[],
    context: QueryContext,
  ) {
    this.names = [nodeName(node)];
    this.#node = node;
    this.#in = incoming;
    this.#out = outgoing;
    this.#context = context;
  }

  texts(field: FieldName): readonly string[] {
    const node = this.#node;
    switch (field) {
      case "service":
        return this.names;
      case "kind":
        return [node.kind];
      case "health":
        return [node.health];
      case "breaker":
        return breakerWords(node.breaker);
      case "override":
        return node.breaker?.override == null ? NOTHING : [node.breaker.override];
      case "version":
        return versionsOf(node.parts.map(({ subset }) => subset));
      case "subset":
        return node.parts.flatMap(({ subset }) => (subset === "" ? [] : [subset]));
      case "instance":
        return node.parts.map(({ instance }) => instance);
      case "route":
        return this.#in.flatMap(({ routes }) => routes);
      case "gateway":
        return this.#in.flatMap(({ gateways }) => gateways.map(({ gatewayId }) => gatewayId));
      case "from":
        return this.#in.map(({ from }) => nameOfId(from));
      case "to":
        return this.#out.map(({ to }) => nameOfId(to));
      default:
        return NOTHING;
    }
  }

  figure(field: FieldName): number | null {
    return field === "instances" ? this.#node.instances : figureOf(this.#node, field);
  }

  flag(field: FieldName): boolean {
    switch (field) {
      case "backup":
        return this.#node.servingAsBackup;
      case "idle":
        return (
          this.#node.requestsPerSecond === 0 && this.#out.every(({ requestsPerSecond }) => requestsPerSecond === 0)
        );
      case "pinned":
        return this.#context.pinned.has(this.#node.id);
      case "changed":
        return this.#context.changed.has(this.#node.id);
      default:
        return false;
    }
  }
}

class EdgeElement implements QueryElement {
  readonly names: readonly string[];
  readonly #edge: TopologyEdge;
  readonly #target: TopologyNode | undefined;
  readonly #sent: number;
  readonly #context: QueryContext;
  constructor(edge: TopologyEdge, target: TopologyNode | undefined, sent: number, context: QueryContext) {
    this.names = [nameOfId(edge.from), nameOfId(edge.to), ...edge.routes];
    this.#edge = edge;
    this.#target = target;
    this.#sent = sent;
    this.#context = context;
  }

  texts(field: FieldName): readonly string[] {
    const edge = this.#edge;
    switch (field) {
      case "service":
      case "to":
        return [nameOfId(edge.to)];
      case "from":
        return [nameOfId(edge.from)];
      case "kind":
        return ["call"];
      case "health":
        return [edge.health];
      case "breaker":
        return breakerWords(edge.breaker);
      case "override":
        return edge.breaker?.override == null ? NOTHING : [edge.breaker.override];
      case "version":
        return versionsOf(edge.split.map(({ subset }) => subset));
      case "subset":
        return edge.split.flatMap(({ subset }) => (subset === "" ? [] : [subset]));
      case "instance":
        return edge.split.flatMap(({ instance }) => (instance === "" ? [] : [instance]));
      case "route":
        return edge.routes;
      case "gateway":
        return edge.gateways.map(({ gatewayId }) => gatewayId);
      default:
        return NOTHING;
    }
  }

  figure(field: FieldName): number | null {
    if (field === "instances") return this.#target?.instances ?? null;
    if (field === "share") return this.#sent === 0 ? null : (this.#edge.requestsPerSecond / this.#sent) * 100;
    return figureOf(this.#edge, field);
  }

  flag(field: FieldName): boolean {
    switch (field) {
      case "backup":
        return this.#edge.asFallback;
      case "idle":
        return this.#edge.requestsPerSecond === 0;
      case "changed":
        return this.#context.changed.has(this.#edge.id);
      default:
        return false;
    }
  }
}
