import { backupsIn } from "./breaker-policy.ts";
import type { RegistryPicture } from "./instance.ts";
import { edgeId } from "./topology-edges.ts";
import type { TopologyIndex, TopologyInput } from "./topology-index.ts";
import { OUTSIDE_ID, serviceId, type TopologyEdge } from "./topology.ts";
import { OUTSIDE } from "./traffic.ts";

/** More than a person can look at. */
const CONSUMER_EDGES_MAX = 1000;

/** An arrow that configuration promises, and the routes it is promised by. */
interface Promised {
  readonly from: string;
  readonly service: string;
  readonly asFallback: boolean;
  readonly routes: Set<string>;
}

/** Arrows that configuration promises, in no order. Who calls an egress route is known only once somebody does. */
export function configuredEdges(input: TopologyInput, index: TopologyIndex): TopologyEdge[] {
  const promises = new Map<string, Promised>();
  const promise = (from: string, service: string, asFallback: boolean, routeId: string | null): void => {
    const id = edgeId(from, service, asFallback);
    const known = promises.get(id) ?? { from, service, asFallback, routes: new Set() };
    if (routeId !== null) known.routes.add(routeId);
    promises.set(id, known);
  };
  for (const { id, spec } of input.routes) {
    if (!spec.enabled || !spec.listeners.includes("edge")) continue;
    for (const { service, weight } of spec.destinations) if (weight > 0) promise(OUTSIDE_ID, service, false, id);
  }
  for (const { target, fallbacks } of input.policies) {
    const routeId = target.kind === "command" ? target.routeId : null;
    for (const backup of backupsIn(fallbacks)) promise(serviceId(target.service), backup, true, routeId);
  }
  for (const [application, service] of consumptions(input.registry.consumers))
    promise(serviceId(application), service, false, null);
  return [...promises].map(([id, promised]) => configuredEdge(id, promised, index));
}

/** Applications that registered as callers of a service, each pair once; the first in order when there are very many. */
function consumptions(consumers: RegistryPicture["consumers"]): (readonly [string, string])[] {
  // Once it calls, one that goes by the name of the world outside could not be told from it.
  const named = consumers.filter(({ application }) => application !== "" && application !== OUTSIDE);
  const pairs = new Map(
    named.map(({ application, service }) => [`${application}→${service}`, [application, service] as const]),
  );
  return [...pairs.values()].slice(0, CONSUMER_EDGES_MAX);
}

function configuredEdge(
  id: string,
  { from, service, asFallback, routes }: Promised,
  index: TopologyIndex,
): TopologyEdge {
  const sorted = [...routes].sort();
  return {
    id,
    from,
    to: serviceId(service),
    configuredOnly: true,
    asFallback,
    requestsPerSecond: 0,
    errorRatio: 0,
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
    bytesPerSecond: 0,
    inFlight: 0,
    routes: sorted,
    split: [],
    gateways: [],
    health: "idle",
    healthReason: "Configured; no call was made in the last seconds.",
    breaker: index.guarded(service, sorted).breaker,
  };
}
