import { readmissionStep } from "#domain/breaker-readmission.ts";
import { shownState, tripsOf } from "#domain/breaker-state.ts";
import type { BreakerReading } from "#domain/traffic.ts";
import type { Clock } from "#platform/clock.ts";
import { effectiveOverride } from "./effective-override.ts";
import type { CompiledPolicy, MeshCommand } from "./mesh.ts";
import { overrideReading } from "./bound-override.ts";

/** Above this many, a window holds only the breakers worth looking at, so that it stays small whatever the policy. */
const MAX_READINGS = 500;
const RECENT_WINDOWS = 60;

/**
 * The breakers of the policy as they stand; takes their display counters, changes nothing of the breakers. All of them
 * up to 500; of more, those that are open, overridden or in use, and as many of the others as there is room for.
 */
export function takeBreakerReadings(
  policy: CompiledPolicy,
  gatewayId: string,
  worker: number | null,
  clock: Clock,
): BreakerReading[] {
  return mostTelling(policy.commands).map((guard) => ({ ...reading(guard, gatewayId, clock), worker }));
}

/** One window more without a call for all of them; those that are worth showing. */
function mostTelling(commands: ReadonlyMap<string, MeshCommand>): readonly MeshCommand[] {
  const telling: MeshCommand[] = [];
  const others: MeshCommand[] = [];
  for (const guard of commands.values()) {
    const { command, overrides } = guard;
    command.idleWindows += 1;
    const tells =
      command.breaker.state.kind !== "closed" || overrides.length > 0 || command.idleWindows <= RECENT_WINDOWS;
    const list = tells ? telling : others;
    if (list.length < MAX_READINGS) list.push(guard);
  }
  return [...telling, ...others].slice(0, MAX_READINGS);
}

function reading(guard: MeshCommand, gatewayId: string, clock: Clock): Omit<BreakerReading, "worker"> {
  const { command, settings } = guard;
  const nowMs = clock.monotonicMs();
  const epochMs = clock.nowMs();
  const toEpoch = (monotonicMs: number): number => Math.round(epochMs + (monotonicMs - nowMs));
  const { state } = command.breaker;
  const window = command.breaker.window(nowMs);
  const step = readmissionStep(state, settings.readmission);
  const override = effectiveOverride(guard, gatewayId, epochMs);
  const { served, failed, rejected } = command.takeFallbacks();
  return {
    routeId: command.routeId,
    service: command.service,
    group: guard.group,
    state: shownState(state),
    override: override === null ? null : overrideReading(override),
    sinceMs: toEpoch(state.sinceMs),
    cause: state.cause,
    nextTrialAtMs: state.kind === "open" ? toEpoch(state.untilMs) : null,
    outage: command.outage,
    trips: tripsOf(state),
    readmission: step === null ? null : { ...step, untilMs: toEpoch(step.untilMs) },
    window: {
      ms: settings.rollingWindowMs,
      total: window.total,
      errors: window.errors,
      errorPercent: window.total === 0 ? 0 : (window.errors * 100) / window.total,
      slow: window.slow,
      waiting: window.waiting,
    },
    ...command.calls.take(),
    fallbackServed: served,
    fallbackFailed: failed,
    fallbackRejected: rejected,
    inFlight: command.breaker.inFlight,
    maxInFlight: command.takeMaxInFlight(),
    thresholds: {
      enabled: settings.enabled,
      requestVolume: settings.requestVolumeThreshold,
      errorPercent: settings.errorThresholdPercent,
      sleepWindowMs: settings.sleepWindowMs,
      timeoutMs: settings.timeoutMs,
      maxConcurrent: settings.maxConcurrent,
      fallbackMaxConcurrent: settings.fallbackMaxConcurrent,
      slowCallMs: settings.slowCallMs,
      slowCallRatePercent: settings.slowCallRatePercent,
    },
    backups: guard.fallbacks.flatMap((fallback) => (fallback.kind === "service" ? [fallback.target.service] : [])),
    replies: guard.fallbacks.flatMap(({ kind }) => (kind === "service" ? [] : [kind])),
  };
}
