import { CallTally } from "./call-tally.ts";
import type { EdgeTotals } from "./edge-totals.ts";
import { judge, type InstancesFact } from "./health.ts";
import type { RegistryService } from "./instance.ts";
import { PartSums } from "./topology-parts.ts";
import { buildLiveEdge, countsIfErrors } from "./topology-edges.ts";
import type { ServiceCalls, TopologyIndex } from "./topology-index.ts";
import { splitCalls } from "./topology-split.ts";
import { serviceId, type TopologyEdge, type TopologyNode } from "./topology.ts";

const SERVICE = new CallTally();
const ARROW = new CallTally();
const PARTS = new PartSums();

/** A service's node; the arrows that something flowed along to it are added to `edges`. Each call is read for all at once. */
export function buildService(name: string, index: TopologyIndex, edges: TopologyEdge[]): TopologyNode {
  const registered = index.registered.get(name);
  SERVICE.clear();
  PARTS.begin(registered?.instances ?? []);
  const calls = index.calls.get(name);
  if (calls !== undefined) buildEdges(name, calls, index, edges);
  return buildNode(name, registered, index);
}

function buildEdges(
  service: string,
  { ordinary, asBackup }: ServiceCalls,
  index: TopologyIndex,
  edges: TopologyEdge[],
): void {
  for (const [asFallback, arrows] of [
    [false, ordinary],
    [true, asBackup],
  ] as const) {
    for (const [caller, calls] of arrows) {
      ARROW.clear();
      const split = splitCalls(calls, index.windowMs, addShare);
      edges.push(buildLiveEdge({ caller, service, asFallback, calls, sum: ARROW, split }, index));
      SERVICE.addSum(ARROW);
    }
  }
}

function addShare(sum: CallTally, { subset, instance }: EdgeTotals): void {
  ARROW.addSum(sum);
  if (instance !== "") PARTS.add(instance, subset, sum);
}

function buildNode(name: string, registered: RegistryService | undefined, index: TopologyIndex): TopologyNode {
  const { windowMs } = index;
  const instances = registered?.instances ?? [];
  const serving = instances.reduce((sum, instance) => sum + (instance.serving ? 1 : 0), 0);
  const { breaker, timeoutMs } = index.guarded(name);
  const thresholds = index.thresholds(name);
  const errorRatio = SERVICE.errorRatio();
  const p95Ms = SERVICE.percentileMs(95);
  const { health, reason } = judge(
    {
      total: SERVICE.total,
      errorRatio,
      counts: countsIfErrors(SERVICE),
      p95Ms,
      timeoutMs,
      breaker,
      instances: instancesFact(name, registered, serving, index),
    },
    thresholds,
  );
  return {
    id: serviceId(name),
    kind: "service",
    name,
    instances: registered === undefined ? null : serving,
    requestsPerSecond: SERVICE.requestsPerSecond(windowMs),
    errorRatio,
    p50Ms: SERVICE.percentileMs(50),
    p95Ms,
    p99Ms: SERVICE.percentileMs(99),
    bytesPerSecond: SERVICE.bytesPerSecond(windowMs),
    health,
    healthReason: reason,
    breaker,
    servingAsBackup: servesAsBackup(index.calls.get(name)),
    parts: PARTS.end(name, { thresholds, timeoutMs }, index),
  };
}

/** Null where nothing can be said: the registry was not read, or calls reach something it does not hold. */
function instancesFact(
  name: string,
  registered: RegistryService | undefined,
  serving: number,
  { calls, registryRead, wanted }: TopologyIndex,
): InstancesFact | null {
  if (!registryRead || (registered === undefined && calls.has(name))) return null;
  return { registered: registered?.instances.length ?? 0, serving, wanted: wanted.has(name) };
}

function servesAsBackup(calls: ServiceCalls | undefined): boolean {
  for (const arrow of calls?.asBackup.values() ?? [])
    if (arrow.some(({ counts }) => (counts.success ?? 0) > 0)) return true;
  return false;
}
