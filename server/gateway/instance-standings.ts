import type { InstanceStanding } from "#domain/traffic.ts";
import type { Clock } from "#platform/clock.ts";
import type { InstanceState, ServiceState } from "./instance-state.ts";
import { overrideReading } from "./bound-override.ts";

/** Above this many, a window tells only of the worst. */
const MAX_STANDINGS = 500;

/**
 * The instances there is something to say of: ever ejected, unhealthy or held by a person. At most 500, the worst first.
 * Reading changes nothing.
 */
export function takeStandings(
  services: Iterable<ServiceState>,
  worker: number | null,
  clock: Clock,
): InstanceStanding[] {
  const standings: InstanceStanding[] = [];
  for (const service of services)
    for (const state of service.instances) {
      const standing = standingOf(service, state, worker, clock);
      if (standing !== null) standings.push(standing);
    }
  if (standings.length <= MAX_STANDINGS) return standings;
  return standings.sort((a, b) => rank(a) - rank(b)).slice(0, MAX_STANDINGS);
}

function standingOf(
  service: ServiceState,
  { id, outlier, health }: InstanceState,
  worker: number | null,
  clock: Clock,
): InstanceStanding | null {
  const held = service.held?.overrideOf(id) ?? null;
  if (held === null && outlier.ejections === 0 && health !== "unhealthy") return null;
  const nowMs = clock.monotonicMs();
  return {
    service: service.name,
    instance: id,
    worker,
    ejections: outlier.ejections,
    ejectedUntilMs: outlier.ejectedAt(nowMs) ? Math.round(clock.nowMs() + outlier.untilMs - nowMs) : null,
    health,
    override: held === null ? null : overrideReading(held),
  };
}

function rank({ override, ejectedUntilMs, health }: InstanceStanding): number {
  if (override !== null) return 0;
  return ejectedUntilMs !== null || health === "unhealthy" ? 1 : 2;
}
