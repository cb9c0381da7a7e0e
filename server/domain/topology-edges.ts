import { CallTally } from "./call-tally.ts";
import type { EdgeTotals } from "./edge-totals.ts";
import { judge } from "./health.ts";
import { significant } from "./significant.ts";
import type { TopologyIndex } from "./topology-index.ts";
import { OUTSIDE_ID, serviceId, type EdgeShare, type GatewayShare, type TopologyEdge } from "./topology.ts";
import { OUTSIDE } from "./traffic.ts";

/** A service's calls as a backup are an arrow of their own beside its ordinary ones. */
export function edgeId(from: string, service: string, asFallback: boolean): string {
  return `${from}${asFallback ? "⇢" : "→"}${serviceId(service)}`;
}

/** Node that calls come from, by the name that gateways count them under. */
export const callerId = (caller: string): string => (caller === OUTSIDE ? OUTSIDE_ID : serviceId(caller));

const EDGE = new CallTally();
const SHARE = new CallTally();

/** The arrows that something flowed along within the window, in no order. */
export function buildLiveEdges(index: TopologyIndex): TopologyEdge[] {
  const edges: TopologyEdge[] = [];
  for (const [service, { ordinary, asBackup }] of index.calls) {
    for (const [caller, calls] of ordinary) edges.push(liveEdge(caller, service, false, calls, index));
    for (const [caller, calls] of asBackup) edges.push(liveEdge(caller, service, true, calls, index));
  }
  return edges;
}

function liveEdge(
  caller: string,
  service: string,
  asFallback: boolean,
  calls: readonly EdgeTotals[],
  index: TopologyIndex,
): TopologyEdge {
  const from = callerId(caller);
  const tally = EDGE.of(calls);
  const figures = tally.figures(index.windowMs);
  const routes = routesOf(calls);
  const { breaker, timeoutMs } = index.guarded(service, routes);
  const verdict = judge(
    { ...figures, total: tally.total, counts: tally.counts(), timeoutMs, breaker, instances: null },
    index.thresholds(service),
  );
  return {
    id: edgeId(from, service, asFallback),
    from,
    to: serviceId(service),
    configuredOnly: false,
    asFallback,
    ...figures,
    inFlight: calls.reduce((sum, { inFlight }) => sum + inFlight, 0),
    routes,
    split: splitOf(calls, index.windowMs),
    gateways: gatewaysOf(calls, index.windowMs),
    health: verdict.health,
    healthReason: verdict.reason,
    breaker,
  };
}

function routesOf(calls: readonly EdgeTotals[]): string[] {
  const first = calls[0]?.routeId ?? "";
  return calls.every(({ routeId }) => routeId === first)
    ? [first]
    : [...new Set(calls.map(({ routeId }) => routeId))].sort();
}

function gatewaysOf(calls: readonly EdgeTotals[], windowMs: number): GatewayShare[] {
  const sums = new Map<string, { requests: number; errors: number }>();
  for (const { gateways } of calls) {
    for (const { gatewayId, requests, errors } of gateways) {
      const sum = sums.get(gatewayId);
      if (sum === undefined) sums.set(gatewayId, { requests, errors });
      else {
        sum.requests += requests;
        sum.errors += errors;
      }
    }
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([gatewayId, { requests, errors }]) => ({
      gatewayId,
      requestsPerSecond: significant(requests / (windowMs / 1000)),
      errorRatio: requests === 0 ? 0 : significant(errors / requests),
    }));
}

function splitOf(calls: readonly EdgeTotals[], windowMs: number): EdgeShare[] {
  // Calls refused before an instance was picked went to none.
  const picked = calls.filter(({ instance }) => instance !== "").sort(bySubsetAndInstance);
  const split: EdgeShare[] = [];
  for (let at = 0, next = 0; at < picked.length; at = next) {
    const first = picked[at];
    if (first === undefined) break;
    SHARE.clear();
    for (next = at; next < picked.length; next += 1) {
      const call = picked[next];
      if (call === undefined || call.instance !== first.instance || call.subset !== first.subset) break;
      SHARE.add(call);
    }
    const { requestsPerSecond, errorRatio, p95Ms } = SHARE.figures(windowMs);
    split.push({ subset: first.subset, instance: first.instance, requestsPerSecond, errorRatio, p95Ms });
  }
  return split;
}

function bySubsetAndInstance(a: EdgeTotals, b: EdgeTotals): number {
  if (a.subset !== b.subset) return a.subset < b.subset ? -1 : 1;
  return a.instance === b.instance ? 0 : a.instance < b.instance ? -1 : 1;
}
