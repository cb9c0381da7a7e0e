import { backupOutlook, type BackupLoad } from "#domain/backup-outlook.ts";
import {
  bindingPolicy,
  breakerTargetId,
  DEFAULT_BREAKER_SETTINGS,
  type BreakerPolicySpec,
  type BreakerSettings,
  type Fallback,
} from "#domain/breaker-policy.ts";
import type { EdgeTotals } from "#domain/edge-totals.ts";
import { meanMs, mergeHistograms } from "#domain/histogram.ts";
import type { FleetBreaker, LiveService } from "#domain/live.ts";
import { totalOf } from "#domain/outcome-counts.ts";
import { hasLabels } from "#domain/service.ts";
import { isSameValue } from "#domain/same-value.ts";
import type { ServicePeaks } from "./service-peaks.ts";

export interface OutlookSources {
  /** Calls of every gateway within the averaging window. */
  readonly calls: readonly EdgeTotals[];
  /** Length of the averaging window, ms. */
  readonly windowMs: number;
  readonly services: readonly LiveService[];
  /** Gateways that are heard of. */
  readonly gateways: readonly { readonly gatewayId: string }[];
  readonly policies: readonly BreakerPolicySpec[];
  /** Unix epoch, ms. */
  readonly nowMs: number;
}

type BackupService = Extract<Fallback, { kind: "service" }>;

type Policies = ReadonlyMap<string, BreakerPolicySpec>;

/**
 * Says of the fleet's breakers how their backups would do. What has not changed is the same object as in the picture
 * before, and a breaker without backups the one that came in.
 */
export class FleetOutlooks {
  readonly #peaks: Pick<ServicePeaks, "recordOf" | "meanMs">;
  #shown: ReadonlyMap<string, { readonly from: FleetBreaker; readonly shown: FleetBreaker }> = new Map();

  constructor(peaks: Pick<ServicePeaks, "recordOf" | "meanMs">) {
    this.#peaks = peaks;
  }

  add(breakers: readonly FleetBreaker[], sources: OutlookSources): FleetBreaker[] {
    const policies = new Map(sources.policies.map((policy) => [breakerTargetId(policy.target), policy]));
    const services = new Map(sources.services.map((service) => [service.name, service]));
    const backups = new Set(sources.policies.flatMap(({ fallbacks }) => fallbacks.filter(isService).map(serviceOf)));
    const called = calledBackups(sources.calls, backups);
    const shown = new Map<string, { from: FleetBreaker; shown: FleetBreaker }>();
    const all = breakers.map((breaker) => {
      const policy = policyOf(policies, breaker.routeId, breaker.service);
      const named = policy?.fallbacks.filter(isService) ?? [];
      if (policy === undefined || named.length === 0) return breaker;
      const outlooks = named.map((backup) => {
        const { service } = backup;
        const load = this.#loadOf(breaker, service, called.get(service), sources.windowMs);
        const { maxConcurrent } = settingsOf(policies, breaker.routeId, service);
        const { fallbackMaxConcurrent } = policy.settings;
        const healthyInstances = healthyIn(services.get(service), backup, sources);
        return backupOutlook({ ...load, healthyInstances, maxConcurrent, fallbackMaxConcurrent });
      });
      const one = this.#keepSame(breaker, outlooks);
      shown.set(breaker.key, { from: breaker, shown: one });
      return one;
    });
    this.#shown = shown;
    return all;
  }

  #loadOf(
    breaker: FleetBreaker,
    service: string,
    called: CalledBackup | undefined,
    windowMs: number,
  ): Pick<BackupLoad, "service" | "primaryPerSecond" | "ownPerSecond" | "record" | "meanMs" | "breakers"> {
    const others = (called?.calls ?? 0) - (called?.forRoute.get(breaker.routeId) ?? 0);
    return {
      service,
      primaryPerSecond: breaker.offeredPerSecond,
      ownPerSecond: (others * 1000) / windowMs,
      record: this.#peaks.recordOf(service),
      meanMs: called?.meanMs ?? this.#peaks.meanMs(service),
      breakers: breaker.gateways.length,
    };
  }

  #keepSame(breaker: FleetBreaker, outlooks: FleetBreaker["outlooks"]): FleetBreaker {
    const before = this.#shown.get(breaker.key);
    if (before === undefined || !isSameValue(before.shown.outlooks, outlooks)) return { ...breaker, outlooks };
    return before.from === breaker ? before.shown : { ...breaker, outlooks: before.shown.outlooks };
  }
}

function isService(fallback: Fallback): fallback is BackupService {
  return fallback.kind === "service";
}

function serviceOf({ service }: { readonly service: string }): string {
  return service;
}

function policyOf(policies: Policies, routeId: string, service: string): BreakerPolicySpec | undefined {
  return bindingPolicy({ kind: "command", routeId, service }, (id) => policies.get(id));
}

function settingsOf(policies: Policies, routeId: string, service: string): BreakerSettings {
  return policyOf(policies, routeId, service)?.settings ?? DEFAULT_BREAKER_SETTINGS;
}

/** How a backup was called within the averaging window. */
interface CalledBackup {
  readonly calls: number;
  /** Those it got as a backup, by route. */
  readonly forRoute: ReadonlyMap<string, number>;
  readonly meanMs: number | null;
}

/** Added up once, however many breakers have the same backup: when all of them fall back to it, there are most of both. */
function calledBackups(calls: readonly EdgeTotals[], backups: ReadonlySet<string>): ReadonlyMap<string, CalledBackup> {
  const toBackups = calls.filter(({ service }) => backups.has(service));
  return new Map(
    [...Map.groupBy(toBackups, serviceOf)].map(([service, called]) => {
      const forRoute = new Map<string, number>();
      let all = 0;
      for (const { routeId, asFallback, counts } of called) {
        const total = totalOf(counts);
        all += total;
        if (asFallback) forRoute.set(routeId, (forRoute.get(routeId) ?? 0) + total);
      }
      const answeredMs = meanMs(mergeHistograms(called.map(({ latency }) => latency)));
      return [service, { calls: all, forRoute, meanMs: answeredMs }];
    }),
  );
}

/** Instances that serve the backup's subset, and that at least one gateway would call. */
function healthyIn(
  service: LiveService | undefined,
  { labels }: BackupService,
  { gateways, nowMs }: OutlookSources,
): number {
  if (service === undefined) return 0;
  return service.instances.filter(({ id, serving, metadata }) => {
    if (!serving || !hasLabels(metadata, labels)) return false;
    const shunnedBy = new Set(
      service.standings
        .filter((standing) => standing.instance === id && isShunned(standing, nowMs))
        .map(({ gatewayId }) => gatewayId),
    );
    return gateways.length === 0 || gateways.some(({ gatewayId }) => !shunnedBy.has(gatewayId));
  }).length;
}

function isShunned(standing: LiveService["standings"][number], nowMs: number): boolean {
  const { ejectedUntilMs, health, override } = standing;
  if (override !== null) return override.mode === "forced-open";
  return health === "unhealthy" || (ejectedUntilMs ?? 0) > nowMs;
}
