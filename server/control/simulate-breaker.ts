import { readRecordedRoutes } from "#db/breaker-minute-repository.ts";
import { listPolicies } from "#db/policy-repository.ts";
import type { Actor } from "#domain/audit.ts";
import type { SimulationDraft, SimulationReport } from "#domain/breaker-history.ts";
import {
  bindingPolicy,
  breakerTargetId,
  DEFAULT_BREAKER_SETTINGS,
  type BreakerPolicySpec,
  type BreakerSettings,
  type BreakerTarget,
} from "#domain/breaker-policy.ts";
import { replayBreaker } from "#domain/breaker-replay.ts";
import { minuteOf } from "#domain/recorded-minute.ts";
import { SimulationTally } from "#domain/simulation-tally.ts";
import { nowMs, type ControlDeps } from "./edit.ts";
import type { CallRecorder } from "./call-recorder.ts";
import { callRecord, readKeptCalls, type CallRecord, type CallRecordQuery } from "./read-call-record.ts";
import type { SimulationRun, Simulations } from "./simulations.ts";

export interface SimulationDeps extends ControlDeps {
  readonly recorder: Pick<CallRecorder, "held" | "hours">;
  readonly simulations: Simulations;
}

/**
 * Replays the last hours of a target's calls with the policy in force and with other settings. A service's policy is tried on the
 * calls of every route that has no policy of its own, and what comes of them is added up.
 * @throws MeshError SIMULATION_REPLACED when the same person asks again, or nobody waits for it any more; DATABASE_DOWN.
 */
export function simulateBreaker(
  deps: SimulationDeps,
  draft: SimulationDraft,
  actor: Actor,
  signal: AbortSignal | undefined,
): Promise<SimulationReport> {
  return deps.simulations.run(actor.id, signal, (run) => simulate(deps, draft, run));
}

async function simulate(deps: SimulationDeps, draft: SimulationDraft, run: SimulationRun): Promise<SimulationReport> {
  const { target, settings, hours } = draft;
  const { service } = target;
  const toMs = nowMs(deps);
  const fromMs = toMs - hours * 3_600_000;
  const policies = (await deps.database.read((db) => listPolicies(db, "breakers"))).map((row) => row.spec);
  const inForce = settingsInForce(policies, target);
  const present = new SimulationTally();
  const edited = new SimulationTally();
  const gateways = new Set<string>();
  const routeIds: string[] = [];
  let recordedSinceMs: number | null = null;
  let calls = 0;
  for (const routeId of await routesOf(deps, target, policies, fromMs)) {
    run.check();
    const record = await recordOf(deps, { routeId, service, fromMs, toMs });
    if (record.sinceMs !== null) recordedSinceMs = Math.min(record.sinceMs, recordedSinceMs ?? record.sinceMs);
    if (record.gateways.length > 0) routeIds.push(routeId);
    for (const command of record.gateways) {
      gateways.add(command.gatewayId);
      calls += command.calls;
      present.add(command, await run.finish(replayBreaker(command, inForce, fromMs, toMs)));
      edited.add(command, await run.finish(replayBreaker(command, settings, fromMs, toMs)));
    }
  }
  return {
    fromMs,
    toMs,
    gateways: [...gateways].toSorted(),
    routeIds,
    recordedSinceMs,
    calls,
    assumed: present.assumed,
    present: present.outcome(),
    edited: edited.outcome(),
  };
}

/** The routes whose calls a policy of the target would be for. */
async function routesOf(
  deps: SimulationDeps,
  target: BreakerTarget,
  policies: readonly BreakerPolicySpec[],
  fromMs: number,
): Promise<string[]> {
  if (target.kind === "command") return [target.routeId];
  const { service } = target;
  const recorded = await deps.database.read((db) => readRecordedRoutes(db, service, minuteOf(fromMs)));
  const own = new Set(policies.map((policy) => breakerTargetId(policy.target)));
  return [...new Set([...recorded, ...deps.recorder.held.routesTo(service)])]
    .filter((routeId) => !own.has(breakerTargetId({ kind: "command", routeId, service })))
    .toSorted();
}

async function recordOf(deps: SimulationDeps, query: CallRecordQuery): Promise<CallRecord> {
  const held = deps.recorder.held.callsOf(query.routeId, query.service);
  return callRecord(await deps.database.snapshot((tx) => readKeptCalls(tx, query)), held, query);
}

/** What binds the target's calls now. */
function settingsInForce(policies: readonly BreakerPolicySpec[], target: BreakerTarget): BreakerSettings {
  const saved = bindingPolicy(target, (id) => policies.find((policy) => breakerTargetId(policy.target) === id));
  return saved?.settings ?? DEFAULT_BREAKER_SETTINGS;
}
