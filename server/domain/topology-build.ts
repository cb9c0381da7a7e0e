import { buildCallers, buildOutside } from "./topology-callers.ts";
import { configuredEdges } from "./topology-configured.ts";
import { buildLiveEdges } from "./topology-edges.ts";
import { indexTopology, type TopologyInput } from "./topology-index.ts";
import { buildService } from "./topology-node.ts";
import { OUTSIDE_ID, type Topology, type TopologyEdge, type TopologyNode } from "./topology.ts";

/**
 * Draws the mesh: what flowed in the window, what is registered, and dotted what is only configured (routes from outside,
 * backups, and callers that registered as such). Nodes and edges come sorted by id, and figures to three significant
 * digits, so that a picture without news equals the one before.
 */
export function buildTopology(input: TopologyInput): Topology {
  const index = indexTopology(input);
  const live = buildLiveEdges(index);
  const flowing = new Set(live.map(({ id }) => id));
  const edges = [...live, ...configuredEdges(input, index).filter(({ id }) => !flowing.has(id))].sort(byId);
  const services = servicesOf(input, edges).map((name) => buildService(name, index));
  const known = new Set(services.map(({ id }) => id));
  const nodes: TopologyNode[] = [...services, ...buildCallers(edges, known, index)];
  if (edges.some(({ from }) => from === OUTSIDE_ID)) nodes.push(buildOutside(input));
  return { nodes: nodes.sort(byId), edges };
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);

/** Registered, called, or to be called by configuration. */
function servicesOf({ registry }: TopologyInput, edges: readonly TopologyEdge[]): string[] {
  const names = new Set(registry.services.map(({ name }) => name));
  for (const { to } of edges) names.add(to.slice("service:".length));
  return [...names];
}
