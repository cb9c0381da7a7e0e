import { buildCallers, buildOutside } from "./topology-callers.ts";
import { configuredEdges } from "./topology-configured.ts";
import { indexTopology, type TopologyIndex, type TopologyInput } from "./topology-index.ts";
import { buildService } from "./topology-node.ts";
import { OUTSIDE_ID, type Topology, type TopologyEdge, type TopologyNode } from "./topology.ts";
import { OUTSIDE } from "./traffic.ts";

/**
 * Draws the mesh: what flowed in the window, what is registered, and dotted what is only configured (routes from outside,
 * backups, and callers that registered as such). Nodes and edges come sorted by id, and figures to three significant
 * digits, so that a picture without news equals the one before.
 */
export function buildTopology(input: TopologyInput): Topology {
  const index = indexTopology(input);
  const configured = configuredEdges(input, index);
  const nodes: TopologyNode[] = [];
  const edges: TopologyEdge[] = [];
  for (const name of servicesOf(index.calls.keys(), input, configured)) {
    nodes.push(buildService(name, index, edges));
  }
  edges.push(...configured.filter(({ from, to, asFallback }) => !hasFlow(index, from, to, asFallback)));
  const known = new Set(nodes.map(({ id }) => id));
  nodes.push(...buildCallers(edges, known, index));
  if (edges.some(({ from }) => from === OUTSIDE_ID)) nodes.push(buildOutside(input));
  return { nodes: nodes.sort(byId), edges: edges.sort(byId) };
}

/** Whether calls went along the arrow within the window. */
function hasFlow({ calls }: TopologyIndex, from: string, to: string, asFallback: boolean): boolean {
  const service = calls.get(to.slice("service:".length));
  const caller = from === OUTSIDE_ID ? OUTSIDE : from.slice("service:".length);
  return (asFallback ? service?.asBackup : service?.ordinary)?.has(caller) === true;
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);

/** Called, registered, or to be called by configuration. */
function servicesOf(
  called: Iterable<string>,
  { registry }: TopologyInput,
  configured: readonly TopologyEdge[],
): Set<string> {
  const names = new Set(called);
  for (const { name } of registry.services) names.add(name);
  for (const { to } of configured) names.add(to.slice("service:".length));
  return names;
}
