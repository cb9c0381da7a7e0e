import { CallTally } from "./call-tally.ts";
import type { EdgeTotals } from "./edge-totals.ts";
import { judge, type InstancesFact } from "./health.ts";
import type { Instance } from "./instance.ts";
import type { TopologyIndex } from "./topology-index.ts";
import { serviceId, type NodePart, type TopologyNode } from "./topology.ts";

const SERVICE = new CallTally();
const PART = new CallTally();

/** A service's node: calls to it by anybody, and its instances. */
export function buildService(name: string, index: TopologyIndex): TopologyNode {
  const calls = index.calls.get(name);
  const all = calls?.all ?? [];
  const registered = index.registered.get(name);
  const instances = registered?.instances ?? [];
  const serving = instances.reduce((sum, instance) => sum + (instance.serving ? 1 : 0), 0);
  const { breaker, timeoutMs } = index.guarded(name);
  const tally = SERVICE.of(all);
  const figures = tally.figures(index.windowMs);
  const verdict = judge(
    {
      ...figures,
      total: tally.total,
      counts: tally.counts(),
      timeoutMs,
      breaker,
      instances: instancesFact(name, registered === undefined, instances.length, serving, index),
    },
    index.thresholds(name),
  );
  return {
    id: serviceId(name),
    kind: "service",
    name,
    instances: registered === undefined ? null : serving,
    ...figures,
    health: verdict.health,
    healthReason: verdict.reason,
    breaker,
    servingAsBackup: calls !== undefined && servesAsBackup(calls.asBackup.values()),
    parts: partsOf(name, instances, all, timeoutMs, index),
  };
}

/** Null where nothing can be said: the registry was not read, or calls reach something it does not hold. */
function instancesFact(
  name: string,
  unknown: boolean,
  registered: number,
  serving: number,
  { calls, registryRead, wanted }: TopologyIndex,
): InstancesFact | null {
  return !registryRead || (unknown && calls.has(name)) ? null : { registered, serving, wanted: wanted.has(name) };
}

function servesAsBackup(arrows: Iterable<readonly EdgeTotals[]>): boolean {
  for (const calls of arrows) if (calls.some(({ counts }) => (counts.success ?? 0) > 0)) return true;
  return false;
}

/** Registered instances, and those that answered calls, by subset and id. */
function partsOf(
  name: string,
  registered: readonly Instance[],
  calls: readonly EdgeTotals[],
  timeoutMs: number | null,
  index: TopologyIndex,
): NodePart[] {
  const answered = new Map<string, EdgeTotals[]>();
  for (const { id } of registered) answered.set(id, []);
  for (const call of calls) {
    if (call.instance === "") continue;
    const own = answered.get(call.instance);
    if (own === undefined) answered.set(call.instance, [call]);
    else own.push(call);
  }
  const known = new Map(registered.map((instance) => [instance.id, instance]));
  return [...answered]
    .map(([id, own]) => partOf(name, id, known.get(id), own, timeoutMs, index))
    .sort((a, b) => order(a.subset, b.subset) || order(a.instance, b.instance));
}

function partOf(
  name: string,
  id: string,
  instance: Instance | undefined,
  calls: readonly EdgeTotals[],
  timeoutMs: number | null,
  index: TopologyIndex,
): NodePart {
  const tally = PART.of(calls);
  const { requestsPerSecond, errorRatio, p95Ms } = tally.figures(index.windowMs);
  const counts = tally.counts();
  const { health, reason } = judge(
    { total: tally.total, counts, errorRatio, p95Ms, timeoutMs, breaker: null, instances: null },
    index.thresholds(name),
  );
  const called = calls.find(({ subset }) => subset !== "")?.subset;
  return {
    subset: called ?? (instance === undefined ? "" : index.subsetOf(name, instance.metadata)),
    instance: id,
    serving: instance?.serving ?? false,
    requestsPerSecond,
    errorRatio,
    p95Ms,
    health,
    healthReason: reason,
  };
}

const order = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
