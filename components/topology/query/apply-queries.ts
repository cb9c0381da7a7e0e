import type { Topology } from "#domain/topology.ts";
import { holds } from "./evaluate-query.ts";
import { meshElements, type QueryContext } from "./mesh-elements.ts";
import type { Query } from "./query.ts";

/** The mesh without what is hidden. */
export interface HiddenPart {
  readonly topology: Topology;
  readonly hiddenNodes: number;
  readonly hiddenEdges: number;
}

/** Takes away what the query holds for; calls go with a service at either end of them. */
export function hideByQuery(topology: Topology, query: Query | null, context: QueryContext): HiddenPart {
  if (query === null) return { topology, hiddenNodes: 0, hiddenEdges: 0 };
  const elements = meshElements(topology, context);
  const isShown = (of: ReadonlyMap<string, Parameters<typeof holds>[1]>, id: string): boolean => {
    const element = of.get(id);
    return element === undefined || !holds(query, element);
  };
  const nodes = topology.nodes.filter(({ id }) => isShown(elements.nodes, id));
  const left = new Set(nodes.map(({ id }) => id));
  const edges = topology.edges.filter(
    ({ id, from, to }) => left.has(from) && left.has(to) && isShown(elements.edges, id),
  );
  return {
    topology: { nodes, edges },
    hiddenNodes: topology.nodes.length - nodes.length,
    hiddenEdges: topology.edges.length - edges.length,
  };
}

/** Ids of the topology's elements that the query holds for, in the topology's order; null: nothing is asked. */
export function findByQuery(topology: Topology, query: Query | null, context: QueryContext): readonly string[] | null {
  if (query === null) return null;
  const elements = meshElements(topology, context);
  return [...elements.nodes, ...elements.edges].flatMap(([id, element]) => (holds(query, element) ? [id] : []));
}
