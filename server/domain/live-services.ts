import type { RegistryPicture } from "./instance.ts";
import type { InstanceTraffic, LiveService } from "./live.ts";
import { serviceId, type NodePart, type Topology } from "./topology.ts";

/** An instance that has left, as long as it is still shown. */
export interface DepartedInstance {
  readonly service: string;
  readonly id: string;
  readonly address: string;
  readonly port: number;
  /** Unix epoch, ms. */
  readonly atMs: number;
}

/** What services are put together from. */
export interface LiveServicesInput {
  readonly registry: RegistryPicture;
  readonly departed: readonly DepartedInstance[];
  /** How each instance is doing is taken from its nodes. */
  readonly topology: Topology;
  readonly standings: LiveService["standings"];
}

/** Services of the registry with how each instance is doing. A service whose last instance left stays while that is shown. */
export function buildLiveServices({ registry, departed, topology, standings }: LiveServicesInput): LiveService[] {
  const known = new Map(registry.services.map((service) => [service.name, service]));
  const parts = new Map(topology.nodes.map(({ id, parts: own }) => [id, own]));
  const standing = Map.groupBy(standings, ({ service }) => service);
  const left = Map.groupBy(departed, ({ service }) => service);
  const names = new Set([...known.keys(), ...left.keys()]);
  return [...names].sort().map((name) => ({
    ...(known.get(name) ?? { name, instances: [], unreadable: [] }),
    traffic: trafficOf(parts.get(serviceId(name)) ?? []),
    standings: standing.get(name) ?? [],
    departed: (left.get(name) ?? []).map(({ id, address, port, atMs }) => ({ id, address, port, atMs })),
  }));
}

function trafficOf(parts: readonly NodePart[]): InstanceTraffic[] {
  return parts
    .filter(({ requestsPerSecond }) => requestsPerSecond > 0)
    .map(({ instance, requestsPerSecond, errorRatio, p95Ms }) => ({ instance, requestsPerSecond, errorRatio, p95Ms }))
    .sort((a, b) => (a.instance < b.instance ? -1 : 1));
}
