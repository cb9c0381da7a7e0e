import { backupsIn, type BreakerPolicySpec } from "./breaker-policy.ts";
import { worstBreaker } from "./effective-breaker.ts";
import { judge } from "./health.ts";
import { mergeHistograms, percentileMs } from "./histogram.ts";
import type { RegistryPicture } from "./instance.ts";
import { addCounts, errorRatioOf, saveErrors, totalOf } from "./outcome-counts.ts";
import type { RouteSpec } from "./route.ts";
import type { EdgeShare, Topology, TopologyEdge, TopologyNode } from "./topology.ts";
import { OUTSIDE, type BreakerReading, type EdgeWindow } from "./traffic.ts";

export interface TopologyInput {
  /** Calls of every gateway within the window. */
  readonly calls: readonly EdgeWindow[];
  /** Length of the window the rates are averaged over, ms. */
  readonly windowMs: number;
  /** Latest reading of every breaker at every gateway. */
  readonly breakers: readonly BreakerReading[];
  readonly registry: RegistryPicture;
  readonly routes: readonly { readonly id: string; readonly spec: RouteSpec }[];
  readonly policies: readonly BreakerPolicySpec[];
}

/** With what is asked for by service, since every service asks. */
interface IndexedInput extends TopologyInput {
  readonly callsTo: ReadonlyMap<string, readonly EdgeWindow[]>;
  readonly breakersOf: ReadonlyMap<string, readonly BreakerReading[]>;
}

/**
 * Draws the mesh: what flowed in the window, what is registered, and dotted what is only configured (routes from outside,
 * backups, and callers that registered as such). Nodes and edges come sorted by id, so that a picture without news equals the one before.
 */
export function buildTopology(given: TopologyInput): Topology {
  const callsTo = groupBy(given.calls, (call) => call.service);
  const breakersOf = groupBy(given.breakers, (reading) => reading.service);
  const input: IndexedInput = { ...given, callsTo, breakersOf };
  const flowing = groupBy(input.calls, (call) => edgeId(nodeId(call.caller), call.service, call.asFallback));
  const live = [...flowing].map(([id, calls]) => liveEdge(id, calls, input));
  const edges = [...live, ...configuredEdges(input).filter((edge) => !flowing.has(edge.id))].sort(byId);
  return { nodes: buildNodes(input, edges), edges };
}

const nodeId = (name: string): string => (name === OUTSIDE ? OUTSIDE : `service:${name}`);
const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

/** A service's calls as a backup are an arrow of their own beside its ordinary ones. */
function edgeId(from: string, service: string, asFallback: boolean): string {
  return `${from}${asFallback ? "⇢" : "→"}${nodeId(service)}`;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function measure(calls: readonly EdgeWindow[], windowMs: number) {
  const counts = addCounts(calls.map((call) => call.counts));
  const latency = mergeHistograms(calls.map((call) => call.latency));
  return { counts, latency, requestsPerSecond: totalOf(counts) / (windowMs / 1000), errorRatio: errorRatioOf(counts) };
}

function liveEdge(id: string, calls: readonly EdgeWindow[], input: IndexedInput): TopologyEdge {
  const { caller = "", service = "", asFallback = false } = calls[0] ?? {};
  const { counts, latency, requestsPerSecond, errorRatio } = measure(calls, input.windowMs);
  const routes = [...new Set(calls.map((call) => call.routeId))].sort();
  const breaker = worstBreaker(
    (input.breakersOf.get(service) ?? []).filter((reading) => routes.includes(reading.routeId)),
  );
  return {
    id,
    from: nodeId(caller),
    to: nodeId(service),
    configuredOnly: false,
    asFallback,
    requestsPerSecond,
    errorRatio,
    p50Ms: percentileMs(latency, 50),
    p95Ms: percentileMs(latency, 95),
    p99Ms: percentileMs(latency, 99),
    routes,
    split: splitOf(calls, input.windowMs),
    health: judge({ counts, breaker, instances: null }).health,
    breaker,
  };
}

function splitOf(calls: readonly EdgeWindow[], windowMs: number): EdgeShare[] {
  // Calls refused before an instance was picked went to none.
  const picked = calls.filter((call) => call.instance !== "");
  return [...groupBy(picked, (call) => `${call.subset}\n${call.instance}`)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => {
      const { requestsPerSecond, errorRatio } = measure(group, windowMs);
      return { subset: group[0]?.subset ?? "", instance: group[0]?.instance ?? "", requestsPerSecond, errorRatio };
    });
}

/** More than a person can look at. */
const CONSUMER_EDGES_MAX = 1000;

/** Arrows that configuration promises. Who calls an egress route is known only once somebody does. */
function configuredEdges(input: IndexedInput): TopologyEdge[] {
  const edges = new Map<string, TopologyEdge>();
  for (const { id, spec } of input.routes) {
    if (!spec.enabled || !spec.listeners.includes("edge")) continue;
    for (const destination of spec.destinations) {
      if (destination.weight > 0) addConfigured(edges, input, OUTSIDE, destination.service, false, id);
    }
  }
  for (const { target, fallbacks } of input.policies) {
    for (const backup of backupsIn(fallbacks)) {
      addConfigured(
        edges,
        input,
        nodeId(target.service),
        backup,
        true,
        target.kind === "command" ? target.routeId : null,
      );
    }
  }
  for (const [application, service] of consumptions(input.registry.consumers)) {
    addConfigured(edges, input, nodeId(application), service, false, null);
  }
  return [...edges.values()];
}

/** Applications that registered as callers of a service, each pair once; the first in order when there are very many. */
function consumptions(consumers: RegistryPicture["consumers"]): (readonly [string, string])[] {
  // One that calls itself by the name of the world outside could not be told from it.
  const named = consumers.filter(({ application }) => application !== "" && application !== OUTSIDE);
  const pairs = new Map(named.map(({ application, service }) => [`${application}→${service}`, [application, service]]));
  return [...pairs.values()].slice(0, CONSUMER_EDGES_MAX).map(([from = "", to = ""]) => [from, to]);
}

function addConfigured(
  edges: Map<string, TopologyEdge>,
  input: IndexedInput,
  from: string,
  service: string,
  asFallback: boolean,
  routeId: string | null,
): void {
  const id = edgeId(from, service, asFallback);
  const routes = new Set(edges.get(id)?.routes);
  if (routeId !== null) routes.add(routeId);
  edges.set(id, {
    id,
    from,
    to: nodeId(service),
    configuredOnly: true,
    asFallback,
    requestsPerSecond: 0,
    errorRatio: 0,
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
    routes: [...routes].sort(),
    split: [],
    health: "idle",
    breaker: worstBreaker((input.breakersOf.get(service) ?? []).filter((reading) => routes.has(reading.routeId))),
  });
}

function buildNodes(input: IndexedInput, edges: readonly TopologyEdge[]): TopologyNode[] {
  const ids = new Set([
    ...edges.flatMap((edge) => [edge.from, edge.to]),
    ...input.registry.services.map((service) => nodeId(service.name)),
  ]);
  return [...ids]
    .sort()
    .map((id) => (id === OUTSIDE ? outsideNode(input) : serviceNode(id.slice("service:".length), input)));
}

function outsideNode(input: IndexedInput): TopologyNode {
  // Its own figures are those of the requests that came in; a backup's calls answer the same requests again.
  const asked = input.calls.filter((call) => call.caller === OUTSIDE);
  const made = measure(
    asked.filter((call) => !call.asFallback),
    input.windowMs,
  );
  const served = addCounts(asked.filter((call) => call.asFallback).map((call) => call.counts)).success ?? 0;
  const counts = saveErrors(made.counts, served);
  const { health, reason } = judge({ counts, breaker: null, instances: null });
  return {
    id: OUTSIDE,
    kind: "outside",
    name: OUTSIDE,
    instances: null,
    requestsPerSecond: made.requestsPerSecond,
    errorRatio: errorRatioOf(counts),
    p95Ms: percentileMs(made.latency, 95),
    health,
    healthReason: reason,
    breaker: null,
    servingAsBackup: false,
  };
}

function serviceNode(name: string, input: IndexedInput): TopologyNode {
  const calls = input.callsTo.get(name) ?? [];
  const { counts, latency, requestsPerSecond, errorRatio } = measure(calls, input.windowMs);
  const registered = input.registry.services.find((service) => service.name === name);
  const instances =
    registered === undefined ? null : registered.instances.filter((instance) => instance.serving).length;
  const breaker = worstBreaker(input.breakersOf.get(name) ?? []);
  const { health, reason } = judge({ counts, breaker, instances });
  return {
    id: nodeId(name),
    kind: "service",
    name,
    instances,
    requestsPerSecond,
    errorRatio,
    p95Ms: percentileMs(latency, 95),
    health,
    healthReason: reason,
    breaker,
    servingAsBackup: calls.some((call) => call.asFallback && (call.counts.success ?? 0) > 0),
  };
}
