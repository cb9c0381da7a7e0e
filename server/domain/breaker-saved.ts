import type { BreakerSettings } from "./breaker-policy.ts";
import { longestSleepMs } from "./breaker-sleep.ts";
import type { AutomaticState, OpenState } from "./breaker-state.ts";

/** An open breaker as it is kept over a restart. Unix epoch, ms. */
export interface SavedBreaker {
  readonly sinceEpochMs: number;
  readonly untilEpochMs: number;
  readonly cause: string;
  /** How often it had opened in a row. */
  readonly trips: number;
}

/** What must survive a restart: null while closed. A trial or a step under way is due again afterwards. */
export function savedState(state: AutomaticState, nowMs: number, epochMs: number): SavedBreaker | null {
  if (state.kind === "closed") return null;
  const untilMs = state.kind === "open" ? state.untilMs : nowMs;
  return {
    sinceEpochMs: Math.round(epochMs - (nowMs - state.sinceMs)),
    untilEpochMs: Math.round(epochMs + (untilMs - nowMs)),
    cause: state.cause,
    trips: state.trips,
  };
}

/** Open for the rest of its sleep window, but never for longer than the settings let one be: clocks may have been set. */
export function restoredState(
  { sinceEpochMs, untilEpochMs, cause, trips }: SavedBreaker,
  settings: BreakerSettings,
  nowMs: number,
  epochMs: number,
): OpenState {
  const restMs = Math.min(Math.max(0, untilEpochMs - epochMs), longestSleepMs(settings, trips));
  return { kind: "open", sinceMs: nowMs - Math.max(0, epochMs - sinceEpochMs), cause, trips, untilMs: nowMs + restMs };
}
