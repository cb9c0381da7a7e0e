import type { GatewayTold } from "#db/traffic-mesh-repository.ts";
import {
  bindingPolicy,
  breakerTargetId,
  DEFAULT_BREAKER_SETTINGS,
  type BreakerPolicySpec,
} from "#domain/breaker-policy.ts";
import type { EdgeTotals } from "#domain/edge-totals.ts";
import { coversCommand, isOverrideActive, overrideId, overrideRank, type OverrideSpec } from "#domain/override.ts";
import type { BreakerReading, BreakerState, OverrideReading } from "#domain/traffic.ts";

interface Command {
  readonly routeId: string;
  readonly service: string;
}

/** Policy as it was at the moment. */
interface PolicyThen {
  readonly overrides: readonly OverrideSpec[];
  readonly breakerPolicies: readonly BreakerPolicySpec[];
}

/**
 * Breakers as they stood at `atMs` (Unix epoch): every command that had calls has one, closed unless a gateway told otherwise, under
 * the overrides and timeouts that were in force.
 */
export function pastBreakers(
  calls: readonly EdgeTotals[],
  told: readonly GatewayTold[],
  { overrides, breakerPolicies }: PolicyThen,
  atMs: number,
): BreakerReading[] {
  const said = told.flatMap(({ gateway, breakers }) => breakers.map((breaker) => ({ ...breaker, gateway })));
  const commands = new Map<string, Command>();
  for (const { routeId, service } of [...calls, ...said]) commands.set(`${service}\n${routeId}`, { routeId, service });
  const saidOf = Map.groupBy(said, ({ routeId, service }) => `${service}\n${routeId}`);
  const policies = new Map(breakerPolicies.map((policy) => [breakerTargetId(policy.target), policy]));
  const overridesOf = Map.groupBy(overrides, ({ target }) => target.service);
  return [...commands].flatMap(([key, command]) => {
    const states = saidOf.get(key) ?? [];
    const { settings = DEFAULT_BREAKER_SETTINGS } =
      bindingPolicy({ kind: "command", ...command }, (id) => policies.get(id)) ?? {};
    const read = (state: BreakerState, override: OverrideReading | null): BreakerReading =>
      readingOf(command, settings.timeoutMs, state, override);
    const covering = (overridesOf.get(command.service) ?? []).filter(({ target }) => coversCommand(target, command));
    // Without overrides, one that is closed everywhere needs no reading for each gateway.
    if (covering.length === 0)
      return states.length === 0 ? [read("closed", null)] : states.map(({ state }) => read(state, null));
    return told.map(({ gateway }) => {
      const state = states.find((one) => one.gateway === gateway)?.state ?? "closed";
      return read(state, bindingOverride(covering, gateway, atMs));
    });
  });
}

function bindingOverride(overrides: readonly OverrideSpec[], gatewayId: string, atMs: number): OverrideReading | null {
  const [first] = overrides
    .filter((override) => isOverrideActive(override, gatewayId, atMs))
    .toSorted((a, b) => overrideRank(a) - overrideRank(b));
  if (first === undefined) return null;
  const { target, scope, mode, actor, reason, createdAtMs, expiresAtMs } = first;
  return { id: overrideId(target, scope), mode, actor, reason, createdAtMs, expiresAtMs };
}

/** What is not on record is as of a breaker that has nothing to do; the timeout is known, and latency is judged by it. */
function readingOf(
  command: Command,
  timeoutMs: number,
  state: BreakerState,
  override: OverrideReading | null,
): BreakerReading {
  const thresholds = { ...NOTHING_ELSE_KNOWN.thresholds, timeoutMs };
  return { ...NOTHING_ELSE_KNOWN, ...command, group: command.service, state, override, thresholds };
}

const NOTHING_ELSE_KNOWN: BreakerReading = {
  routeId: "",
  service: "",
  group: "",
  worker: null,
  state: "closed",
  override: null,
  sinceMs: 0,
  cause: "",
  nextTrialAtMs: null,
  outage: null,
  trips: 0,
  readmission: null,
  window: { ms: 0, total: 0, errors: 0, errorPercent: 0, slow: 0, waiting: 0 },
  counts: {},
  fallbackServed: 0,
  fallbackFailed: 0,
  fallbackRejected: 0,
  inFlight: 0,
  maxInFlight: 0,
  latency: [],
  thresholds: {
    enabled: true,
    requestVolume: 0,
    errorPercent: 0,
    sleepWindowMs: 0,
    timeoutMs: 0,
    maxConcurrent: 0,
    fallbackMaxConcurrent: 0,
    slowCallMs: null,
    slowCallRatePercent: 0,
  },
  backups: [],
  replies: [],
};
