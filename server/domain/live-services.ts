import type { EdgeTotals } from "./edge-totals.ts";
import { mergeHistograms, percentileMs } from "./histogram.ts";
import type { RegistryPicture } from "./instance.ts";
import type { InstanceTraffic, LiveService } from "./live.ts";
import { addCounts, errorRatioOf, totalOf } from "./outcome-counts.ts";

/** An instance that has left, as long as it is still shown. */
export interface DepartedInstance {
  readonly service: string;
  readonly id: string;
  readonly address: string;
  readonly port: number;
  /** Unix epoch, ms. */
  readonly atMs: number;
}

/** Services of the registry with how each instance is doing. A service whose last instance left stays while that is shown. */
export function buildLiveServices(
  registry: RegistryPicture,
  departed: readonly DepartedInstance[],
  calls: readonly EdgeTotals[],
  windowMs: number,
  standings: LiveService["standings"] = [],
): LiveService[] {
  const known = new Map(registry.services.map((service) => [service.name, service]));
  const names = new Set([...known.keys(), ...departed.map((instance) => instance.service)]);
  const picked = Map.groupBy(calls, ({ service, instance }) => (instance === "" ? "" : service));
  const standing = Map.groupBy(standings, ({ service }) => service);
  return [...names].sort().map((name) => ({
    ...(known.get(name) ?? { name, instances: [], unreadable: [] }),
    traffic: trafficOf(picked.get(name) ?? [], windowMs),
    standings: standing.get(name) ?? [],
    departed: departed
      .filter((instance) => instance.service === name)
      .map(({ id, address, port, atMs }) => ({ id, address, port, atMs })),
  }));
}

function trafficOf(calls: readonly EdgeTotals[], windowMs: number): InstanceTraffic[] {
  const instances = [...Map.groupBy(calls, ({ instance }) => instance)].sort(([a], [b]) => (a < b ? -1 : 1));
  return instances.map(([instance, own]) => {
    const counts = addCounts(own.map((call) => call.counts));
    return {
      instance,
      requestsPerSecond: totalOf(counts) / (windowMs / 1000),
      errorRatio: errorRatioOf(counts),
      p95Ms: percentileMs(mergeHistograms(own.map((call) => call.latency)), 95),
    };
  });
}
