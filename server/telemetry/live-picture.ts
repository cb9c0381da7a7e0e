import type { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import type { HealthPolicyRow } from "#domain/health-policy.ts";
import type { RegistryPicture } from "#domain/instance.ts";
import type { LivePicture } from "#domain/live.ts";
import { buildLiveServices } from "#domain/live-services.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { RouteSpec } from "#domain/route.ts";
import { buildTopology } from "#domain/topology-build.ts";
import { CALLS_MS, type Collector } from "./collector.ts";
import type { Departures } from "./departures.ts";
import type { FleetBreakers } from "./fleet-breakers.ts";
import type { FleetOutlooks } from "./fleet-outlooks.ts";
import type { HystrixIngest } from "./hystrix-ingest.ts";

/** Where the parts of the picture come from. Each answers at once, from memory. */
export interface PictureSources {
  readonly consoleId: string;
  readonly collector: Pick<Collector, "calls" | "gateways" | "statuses" | "transitionsOf">;
  readonly fleet: FleetBreakers;
  readonly outlooks: FleetOutlooks;
  readonly registry: () => RegistryPicture;
  readonly departures: Departures;
  readonly hystrix: Pick<HystrixIngest, "commands" | "sources">;
  readonly routes: () => readonly PolicyRow<RouteSpec>[];
  readonly breakerPolicies: () => readonly PolicyRow<BreakerPolicySpec>[];
  /** Thresholds that health is judged by. */
  readonly health: () => HealthPolicyRow;
  readonly sync: () => LivePicture["sync"];
  readonly links: () => LivePicture["links"];
}

/**
 * Everything live at `nowMs` (Unix epoch). Traffic ages out by itself: of a gateway that fell silent, calls are gone after
 * ten seconds, while its breakers stay as last seen; `gateways[].lastWindowAtMs` says when that was.
 */
export function takePicture(sources: PictureSources, nowMs: number): LivePicture {
  const gateways = sources.collector.gateways(nowMs);
  const calls = sources.collector.calls(nowMs);
  // As each gateway last said: like its breakers, they stay while it is silent.
  const standings = gateways.flatMap(({ gatewayId, latest }) =>
    (latest?.instances ?? []).map((standing) => ({ ...standing, gatewayId })),
  );
  const registry = sources.registry();
  const policies = sources.breakerPolicies().map((row) => row.spec);
  const health = sources.health();
  const topology = buildTopology({
    calls,
    windowMs: CALLS_MS,
    breakers: gateways.flatMap(({ latest }) => latest?.breakers ?? []),
    registry,
    routes: sources.routes(),
    policies,
    health: health.spec,
  });
  const services = buildLiveServices({ registry, departed: sources.departures.recent(nowMs), topology, standings });
  const breakers = sources.fleet.take({ gateways, calls, transitionsOf: sources.collector.transitionsOf, nowMs });
  return {
    atMs: nowMs,
    windowMs: CALLS_MS,
    consoleId: sources.consoleId,
    topology,
    services,
    breakers: sources.outlooks.add(breakers, { calls, windowMs: CALLS_MS, services, gateways, policies, nowMs }),
    hystrix: sources.hystrix.commands(nowMs),
    hystrixSources: sources.hystrix.sources(),
    gateways: sources.collector.statuses(),
    sync: sources.sync(),
    links: sources.links(),
    healthVersion: health.version,
    registryReadAtMs: registry.readAtMs,
    registryTruncated: registry.truncated,
  };
}
