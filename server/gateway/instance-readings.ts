import type { HealthVerdict } from "#domain/health-verdict.ts";
import type { Clock } from "#platform/clock.ts";
import type { ServiceStates } from "./instance-state.ts";
import type { CompiledPolicy } from "./mesh.ts";

/** What this gateway knows of an instance, besides what it registered. */
export interface InstanceReading {
  readonly service: string;
  readonly id: string;
  /** Calls to it that are not over. */
  readonly inFlight: number;
  readonly ejections: number;
  /** Unix epoch, ms; null: it is not out. */
  readonly ejectedUntilMs: number | null;
  /** What health checks say. */
  readonly health: HealthVerdict["kind"];
}

/** Of every instance of the services that routes lead to. */
export function takeInstanceReadings(policy: CompiledPolicy, states: ServiceStates, clock: Clock): InstanceReading[] {
  const nowMs = clock.monotonicMs();
  const epochMs = clock.nowMs();
  const services = new Set([...policy.pools.values()].map(({ service }) => service));
  return [...services].flatMap((service) =>
    [...(states.get(service)?.instances ?? [])].map(({ id, inFlight, outlier, health }) => ({
      service,
      id,
      inFlight,
      ejections: outlier.ejections,
      ejectedUntilMs: outlier.ejectedAt(nowMs) ? Math.round(epochMs + outlier.untilMs - nowMs) : null,
      health,
    })),
  );
}
