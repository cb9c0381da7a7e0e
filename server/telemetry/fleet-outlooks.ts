import { backupOutlook, type BackupOutlook, type ServiceRecord } from "#domain/backup-outlook.ts";
import {
  breakerTargetId,
  DEFAULT_BREAKER_SETTINGS,
  type BreakerPolicySpec,
  type BreakerSettings,
  type Fallback,
} from "#domain/breaker-policy.ts";
import { meanMs, mergeHistograms } from "#domain/histogram.ts";
import type { FleetBreaker, LiveService } from "#domain/live.ts";
import { totalOf } from "#domain/outcome-counts.ts";
import { hasLabels } from "#domain/service.ts";
import type { EdgeWindow } from "#domain/traffic.ts";

export interface OutlookSources {
  /** Calls of every gateway within the averaging window. */
  readonly calls: readonly EdgeWindow[];
  /** Length of the averaging window, ms. */
  readonly windowMs: number;
  readonly services: readonly LiveService[];
  /** Gateways that are heard of. */
  readonly gatewayIds: readonly string[];
  readonly policies: readonly BreakerPolicySpec[];
  readonly recordOf: (service: string) => ServiceRecord | null;
  /** Over the last hour, for backups that nobody calls now. */
  readonly meanMsOf: (service: string) => number | null;
  /** Unix epoch, ms. */
  readonly nowMs: number;
}

type BackupService = Extract<Fallback, { kind: "service" }>;

/** The breakers, each with the outlook on its backups. One that has none is passed on as it is. */
export function withOutlooks(breakers: readonly FleetBreaker[], sources: OutlookSources): FleetBreaker[] {
  const policies = new Map(sources.policies.map((policy) => [breakerTargetId(policy.target), policy]));
  const services = new Map(sources.services.map((service) => [service.name, service]));
  const backups = new Set(sources.policies.flatMap(({ fallbacks }) => fallbacks.filter(isService).map(serviceOf)));
  const calls = Map.groupBy(
    sources.calls.filter(({ service }) => backups.has(service)),
    serviceOf,
  );
  return breakers.map((breaker) => {
    const policy = policyOf(policies, breaker.routeId, breaker.service);
    const named = policy?.fallbacks.filter(isService) ?? [];
    if (policy === undefined || named.length === 0) return breaker;
    const outlooks = named.map((backup): BackupOutlook => {
      const { service } = backup;
      const called = calls.get(service) ?? [];
      const others = called.filter((call) => !(call.asFallback && call.routeId === breaker.routeId));
      const answered = meanMs(mergeHistograms(called.map((call) => call.latency)));
      return backupOutlook({
        service,
        primaryPerSecond: breaker.offeredPerSecond,
        ownPerSecond: perSecond(others, sources.windowMs),
        record: sources.recordOf(service),
        meanMs: answered ?? sources.meanMsOf(service),
        healthyInstances: healthyIn(services.get(service), backup, sources),
        breakers: breaker.gateways.length,
        maxConcurrent: settingsOf(policies, breaker.routeId, service).maxConcurrent,
        fallbackMaxConcurrent: policy.settings.fallbackMaxConcurrent,
      });
    });
    return { ...breaker, outlooks };
  });
}

function isService(fallback: Fallback): fallback is BackupService {
  return fallback.kind === "service";
}

function serviceOf({ service }: { readonly service: string }): string {
  return service;
}

/** A policy for the command beats one for the service. */
function policyOf(
  policies: ReadonlyMap<string, BreakerPolicySpec>,
  routeId: string,
  service: string,
): BreakerPolicySpec | undefined {
  return (
    policies.get(breakerTargetId({ kind: "command", routeId, service })) ??
    policies.get(breakerTargetId({ kind: "service", service }))
  );
}

function settingsOf(
  policies: ReadonlyMap<string, BreakerPolicySpec>,
  routeId: string,
  service: string,
): BreakerSettings {
  return policyOf(policies, routeId, service)?.settings ?? DEFAULT_BREAKER_SETTINGS;
}

function perSecond(calls: readonly EdgeWindow[], windowMs: number): number {
  return (calls.reduce((sum, { counts }) => sum + totalOf(counts), 0) * 1000) / windowMs;
}

/** Instances that serve the backup's subset, and that at least one gateway would call. */
function healthyIn(
  service: LiveService | undefined,
  { labels }: BackupService,
  { gatewayIds, nowMs }: OutlookSources,
): number {
  if (service === undefined) return 0;
  return service.instances.filter(({ id, serving, metadata }) => {
    if (!serving || !hasLabels(metadata, labels)) return false;
    const shunnedBy = new Set(
      service.standings
        .filter((standing) => standing.instance === id && isShunned(standing, nowMs))
        .map(({ gatewayId }) => gatewayId),
    );
    return gatewayIds.length === 0 || gatewayIds.some((gatewayId) => !shunnedBy.has(gatewayId));
  }).length;
}

function isShunned(standing: LiveService["standings"][number], nowMs: number): boolean {
  const { ejectedUntilMs, health, override } = standing;
  if (override !== null) return override.mode === "forced-open";
  return health === "unhealthy" || (ejectedUntilMs ?? 0) > nowMs;
}
