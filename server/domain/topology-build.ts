import { backupsIn, type BreakerPolicySpec } from "./breaker-policy.ts";
import { worstBreaker } from "./effective-breaker.ts";
import { judge } from "./health.ts";
import { mergeHistograms, percentileMs } from "./histogram.ts";
import type { Instance, RegistryPicture } from "./instance.ts";
import { addCounts, errorRatioOf, saveErrors, totalOf } from "./outcome-counts.ts";
import type { RouteSpec } from "./route.ts";
import type { EdgeTotals } from "./edge-totals.ts";
import type { EdgeShare, GatewayShare, NodePart, Topology, TopologyEdge, TopologyNode } from "./topology.ts";
import { OUTSIDE, type BreakerReading } from "./traffic.ts";

export interface TopologyInput {
  /** Calls of every gateway within the window. */
  readonly calls: readonly EdgeTotals[];
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
  readonly callsTo: ReadonlyMap<string, readonly EdgeTotals[]>;
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

function measure(calls: readonly EdgeTotals[], windowMs: number) {
  const counts = addCounts(calls.map((call) => call.counts));
  const latency = mergeHistograms(calls.map((call) => call.latency));
  const bytes = calls.reduce((sum, { bytesOut }) => sum + bytesOut, 0);
  return {
    counts,
    requestsPerSecond: totalOf(counts) / (windowMs / 1000),
    errorRatio: errorRatioOf(counts),
    p50Ms: percentileMs(latency, 50),
    p95Ms: percentileMs(latency, 95),
    p99Ms: percentileMs(latency, 99),
    bytesPerSecond: bytes / (windowMs / 1000),
  };
}

function liveEdge(id: string, calls: readonly EdgeTotals[], input: IndexedInput): TopologyEdge {
  const { caller = "", service = "", asFallback = false } = calls[0] ?? {};
  const { counts, ...figures } = measure(calls, input.windowMs);
  const routes = [...new Set(calls.map((call) => call.routeId))].sort();
  const breaker = worstBreaker(
    (input.breakersOf.get(service) ?? []).filter((reading) => routes.includes(reading.routeId)),
  );
  const { health, reason } = judge({ counts, breaker, instances: null });
  return {
    id,
    from: nodeId(caller),
    to: nodeId(service),
    configuredOnly: false,
    asFallback,
    ...figures,
    inFlight: calls.reduce((sum, { inFlight }) => sum + inFlight, 0),
    routes,
    split: splitOf(calls, input.windowMs),
    gateways: gatewaysOf(calls, input.windowMs),
    health,
    healthReason: reason,
    breaker,
  };
}

function gatewaysOf(calls: readonly EdgeTotals[], windowMs: number): GatewayShare[] {
  return [
    ...groupBy(
      calls.flatMap(({ gateways }) => gateways),
      ({ gatewayId }) => gatewayId,
    ),
  ]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([gatewayId, shares]) => {
      const requests = shares.reduce((sum, share) => sum + share.requests, 0);
      const errors = shares.reduce((sum, share) => sum + share.errors, 0);
      return {
        gatewayId,
        requestsPerSecond: requests / (windowMs / 1000),
        errorRatio: requests === 0 ? 0 : errors / requests,
      };
    });
}

function splitOf(calls: readonly EdgeTotals[], windowMs: number): EdgeShare[] {
  // Calls refused before an instance was picked went to none.
  const picked = calls.filter((call) => call.instance !== "");
  return [...groupBy(picked, (call) => `${call.subset}\n${call.instance}`)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => {
      const { requestsPerSecond, errorRatio, p95Ms } = measure(group, windowMs);
      return {
        subset: group[0]?.subset ?? "",
        instance: group[0]?.instance ?? "",
        requestsPerSecond,
        errorRatio,
        p95Ms,
      };
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
    bytesPerSecond: 0,
    inFlight: 0,
    routes: [...routes].sort(),
    split: [],
    gateways: [],
    health: "idle",
    healthReason: "Configured; no call was made in the last seconds.",
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
  const { counts: made, ...figures } = measure(
    asked.filter((call) => !call.asFallback),
    input.windowMs,
  );
  const served = addCounts(asked.filter((call) => call.asFallback).map((call) => call.counts)).success ?? 0;
  const counts = saveErrors(made, served);
  const { health, reason } = judge({ counts, breaker: null, instances: null });
  return {
    id: OUTSIDE,
    kind: "outside",
    name: OUTSIDE,
    instances: null,
    ...figures,
    errorRatio: errorRatioOf(counts),
    health,
    healthReason: reason,
    breaker: null,
    servingAsBackup: false,
    parts: [],
  };
}

function serviceNode(name: string, input: IndexedInput): TopologyNode {
  const calls = input.callsTo.get(name) ?? [];
  const { counts, ...figures } = measure(calls, input.windowMs);
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
    ...figures,
    health,
    healthReason: reason,
    breaker,
    parts: partsOf(registered?.instances ?? [], calls, input.windowMs),
    servingAsBackup: calls.some((call) => call.asFallback && (call.counts.success ?? 0) > 0),
  };
}

/** Registered instances, and those that answered calls, each with the subset that its calls were for. */
function partsOf(registered: readonly Instance[], calls: readonly EdgeTotals[], windowMs: number): NodePart[] {
  const answered = groupBy(
    calls.filter(({ instance }) => instance !== ""),
    ({ instance }) => instance,
  );
  const serving = new Map(registered.map((instance) => [instance.id, instance.serving]));
  return [...new Set([...serving.keys(), ...answered.keys()])].sort().map((instance) => {
    const own = answered.get(instance) ?? [];
    const { counts, requestsPerSecond, errorRatio, p95Ms } = measure(own, windowMs);
    return {
      subset: own.find(({ subset }) => subset !== "")?.subset ?? "",
      instance,
      serving: serving.get(instance) ?? false,
      requestsPerSecond,
      errorRatio,
      p95Ms,
      health: judge({ counts, breaker: null, instances: null }).health,
    };
  });
}
