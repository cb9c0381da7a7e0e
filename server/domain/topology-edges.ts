import type { CallTally } from "./call-tally.ts";
import type { EdgeTotals } from "./edge-totals.ts";
import { judge } from "./health.ts";
import type { OutcomeCounts } from "./outcome-counts.ts";
import { significant } from "./significant.ts";
import type { TopologyIndex } from "./topology-index.ts";
import { OUTSIDE_ID, serviceId, type EdgeShare, type GatewayShare, type TopologyEdge } from "./topology.ts";
import { OUTSIDE } from "./traffic.ts";

/** A service's calls as a backup are an arrow of their own beside its ordinary ones. */
export function edgeId(from: string, service: string, asFallback: boolean): string {
  return `${from}${asFallback ? "⇢" : "→"}${serviceId(service)}`;
}

/** Node that calls come from, by the name that gateways count them under. */
const callerId = (caller: string): string => (caller === OUTSIDE ? OUTSIDE_ID : serviceId(caller));

/** What an arrow is of, and its calls within the window with their sum. */
export interface Flow {
  readonly caller: string;
  readonly service: string;
  readonly asFallback: boolean;
  readonly calls: readonly EdgeTotals[];
  readonly sum: CallTally;
  readonly split: readonly EdgeShare[];
}

/** An arrow that something flowed along. */
export function buildLiveEdge(flow: Flow, index: TopologyIndex): TopologyEdge {
  const { caller, service, asFallback, calls, sum, split } = flow;
  const { windowMs } = index;
  const from = callerId(caller);
  const errorRatio = sum.errorRatio();
  const p95Ms = sum.percentileMs(95);
  const routes = routesOf(calls);
  const { breaker, timeoutMs } = index.guarded(service, routes);
  const { health, reason } = judge(
    { total: sum.total, errorRatio, counts: countsIfErrors(sum), p95Ms, timeoutMs, breaker, instances: null },
    index.thresholds(service),
  );
  return {
    id: edgeId(from, service, asFallback),
    from,
    to: serviceId(service),
    configuredOnly: false,
    asFallback,
    requestsPerSecond: sum.requestsPerSecond(windowMs),
    errorRatio,
    p50Ms: sum.percentileMs(50),
    p95Ms,
    p99Ms: sum.percentileMs(99),
    bytesPerSecond: sum.bytesPerSecond(windowMs),
    inFlight: calls.reduce((most, { inFlight }) => most + inFlight, 0),
    routes,
    split,
    gateways: gatewaysOf(calls, windowMs),
    health,
    healthReason: reason,
    breaker,
  };
}

/** Counts for a verdict to name errors by; null saves making them where there are none. */
export const countsIfErrors = (sum: CallTally): OutcomeCounts | null => (sum.errors === 0 ? null : sum.counts());

function routesOf(calls: readonly EdgeTotals[]): string[] {
  const first = calls[0]?.routeId ?? "";
  return calls.every(({ routeId }) => routeId === first)
    ? [first]
    : [...new Set(calls.map(({ routeId }) => routeId))].sort();
}

/** Used for one arrow after the other. */
const CARRIED = new Map<string, { requests: number; errors: number }>();

function gatewaysOf(calls: readonly EdgeTotals[], windowMs: number): GatewayShare[] {
  CARRIED.clear();
  for (const { gateways } of calls) {
    for (const { gatewayId, requests, errors } of gateways) {
      const sum = CARRIED.get(gatewayId);
      if (sum === undefined) CARRIED.set(gatewayId, { requests, errors });
      else {
        sum.requests += requests;
        sum.errors += errors;
      }
    }
  }
  const shares: GatewayShare[] = [];
  for (const [gatewayId, { requests, errors }] of CARRIED) {
    const requestsPerSecond = significant(requests / (windowMs / 1000));
    shares.push({ gatewayId, requestsPerSecond, errorRatio: requests === 0 ? 0 : significant(errors / requests) });
  }
  return shares.sort((a, b) => (a.gatewayId < b.gatewayId ? -1 : 1));
}
