import { bucketOf } from "#domain/histogram.ts";
import { EMPTY_REGISTRY, type Instance, type RegistryPicture } from "#domain/instance.ts";
import type { BreakerReading, EdgeWindow, TrafficWindow } from "#domain/traffic.ts";
import { manyBreakersWindow } from "../lab/many-breakers.ts";

/** A mesh of this many services with five instances each; every service is called by four others, by two routes. */
export interface SimulatedMesh {
  readonly services: number;
}

const INSTANCES = 5;
const CALLERS = 4;
/** Series of one service: its callers times its instances. */
const PER_SERVICE = INSTANCES * CALLERS;

const serviceName = (n: number): string => `service-${String(n).padStart(3, "0")}`;

/**
 * The calls that a gateway saw in a second: `series` of the mesh's, from the `first` on. Each series has tens of calls,
 * some failed, over a dozen latency buckets.
 */
export function simulatedEdges(
  { services }: SimulatedMesh,
  first: number,
  series: number,
  second: number,
): EdgeWindow[] {
  return Array.from({ length: series }, (_, n) => {
    const number = (first + n) % (services * PER_SERVICE);
    const service = Math.floor(number / PER_SERVICE);
    const caller = Math.floor((number % PER_SERVICE) / INSTANCES);
    const calls = 20 + ((number * 7 + second * 13) % 60);
    const failed = number % 11 === 3 ? 1 + (second % 3) : 0;
    return {
      caller: caller === 0 ? "outside" : serviceName((service + caller * 17) % services),
      routeId: `route-${String(service)}-${String(caller % 2)}`,
      service: serviceName(service),
      subset: number % 5 === 0 ? "version=2" : "version=1",
      instance: `${serviceName(service)}-${String(number % INSTANCES)}`,
      asFallback: false,
      counts: failed === 0 ? { success: calls } : { success: calls - failed, timeout: failed },
      latency: latencyOf(calls, number, second),
      bytesOut: calls * 1800 + (number % 100),
      inFlight: 1 + (number % 4),
    };
  });
}

function latencyOf(calls: number, number: number, second: number): [number, number][] {
  const first = bucketOf(2 + (number % 40)) + (second % 2);
  const spread = 12;
  return Array.from({ length: spread }, (_, n): [number, number] => [
    first + n,
    Math.floor(calls / spread) + (n < calls % spread ? 1 : 0),
  ]).filter(([, count]) => count > 0);
}

/** Readings of a gateway's breakers, all with calls. */
export function simulatedBreakers(gatewayId: string, count: number, second: number, endMs: number): BreakerReading[] {
  return manyBreakersWindow({ gatewayId, count, busiest: 400 }, second, endMs).breakers;
}

export function simulatedWindow(
  gatewayId: string,
  sequence: number,
  endMs: number,
  edges: EdgeWindow[],
  breakers: BreakerReading[],
): TrafficWindow {
  const none = { transitions: [], ejections: [], instances: [], unrouted: 0, dropped: 0 };
  return { sequence, run: `run of ${gatewayId}`, gatewayId, startMs: endMs - 1000, endMs, edges, breakers, ...none };
}

/** The mesh as the registry has it. */
export function simulatedRegistry({ services }: SimulatedMesh, readAtMs: number): RegistryPicture {
  return {
    ...EMPTY_REGISTRY,
    readAtMs,
    services: Array.from({ length: services }, (_, n) => ({
      name: serviceName(n),
      instances: Array.from({ length: INSTANCES }, (__, at) => instanceOf(serviceName(n), at)),
      unreadable: [],
    })),
  };
}

function instanceOf(service: string, at: number): Instance {
  return {
    service,
    id: `${service}-${String(at)}`,
    address: "127.0.0.1",
    port: 10_000 + at,
    protocol: "http",
    tls: false,
    metadata: { version: at === 0 ? "2" : "1" },
    serving: true,
    weight: null,
    presence: "present",
    origin: "curator",
    registeredAtMs: 0,
  };
}
