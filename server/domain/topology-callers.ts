import { CallTally } from "./call-tally.ts";
import { judge } from "./health.ts";
import { DEFAULT_HEALTH_POLICY } from "./health-policy.ts";
import { errorRatioOf, saveErrors } from "./outcome-counts.ts";
import { significant } from "./significant.ts";
import type { TopologyIndex, TopologyInput } from "./topology-index.ts";
import { OUTSIDE_ID, type TopologyEdge, type TopologyNode } from "./topology.ts";
import { OUTSIDE } from "./traffic.ts";

/** What all nodes are that nobody calls. */
const UNCALLED = {
  instances: null,
  requestsPerSecond: 0,
  errorRatio: 0,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  bytesPerSecond: 0,
  breaker: null,
  servingAsBackup: false,
  parts: [],
} as const satisfies Partial<TopologyNode>;

/** Nodes for those that call, or are configured to, and are known by nothing else: `known` has the ids of the services. */
export function buildCallers(
  edges: readonly TopologyEdge[],
  known: ReadonlySet<string>,
  index: TopologyIndex,
): TopologyNode[] {
  const calling = new Map<string, boolean>();
  for (const { from, configuredOnly } of edges) {
    if (from !== OUTSIDE_ID && !known.has(from)) calling.set(from, calling.get(from) === true || !configuredOnly);
  }
  return [...calling].map(([id, calls]) => ({
    ...UNCALLED,
    id,
    kind: "caller",
    name: id.slice("service:".length),
    health: "idle",
    healthReason: callerReason(calls, index),
  }));
}

function callerReason(calls: boolean, { registryRead }: TopologyIndex): string {
  if (!registryRead) return "Known only as a caller.";
  return calls ? "It calls, and is not in the registry." : "It is to call, and is not in the registry as a service.";
}

/** The world outside. Its own figures are those of the requests that came in; a backup's calls answer the same requests again. */
export function buildOutside({ calls, windowMs, health = DEFAULT_HEALTH_POLICY }: TopologyInput): TopologyNode {
  const sum = new CallTally();
  const backups = new CallTally();
  for (const call of calls) if (call.caller === OUTSIDE) (call.asFallback ? backups : sum).add(call);
  const counts = saveErrors(sum.counts(), backups.counts().success ?? 0);
  const errorRatio = significant(errorRatioOf(counts));
  const p95Ms = sum.percentileMs(95);
  // No override is meant for it: those name services.
  const verdict = judge(
    { total: sum.total, errorRatio, counts, p95Ms, timeoutMs: null, breaker: null, instances: null },
    { ...health.thresholds, by: "" },
  );
  return {
    ...UNCALLED,
    id: OUTSIDE_ID,
    kind: "outside",
    name: OUTSIDE,
    requestsPerSecond: sum.requestsPerSecond(windowMs),
    errorRatio,
    p50Ms: sum.percentileMs(50),
    p95Ms,
    p99Ms: sum.percentileMs(99),
    bytesPerSecond: sum.bytesPerSecond(windowMs),
    health: verdict.health,
    healthReason: verdict.reason,
  };
}
