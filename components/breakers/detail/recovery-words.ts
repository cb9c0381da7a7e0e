import { grownSleepMs } from "#domain/breaker-sleep.ts";
import type { BreakerSettings } from "#domain/breaker-policy.ts";
import { MODE_WORDS } from "#domain/override.ts";
import type { BreakerReading } from "#domain/traffic.ts";
import { formatCount } from "../../format/number.ts";
import { formatMoment, formatSetting, formatSpan } from "../../format/time.ts";
import { plural } from "../../ui/section-words.ts";
import { STATE_STYLES } from "../breaker-state.ts";

/** What comes next for a breaker that is not closed, and what happens if it goes wrong. Empty while closed. */
export function recoveryInWords(reading: BreakerReading, settings: BreakerSettings, nowMs: number): readonly string[] {
  if (reading.state === "closed") return [];
  if (reading.readmission !== null)
    return [stepInWords(reading.readmission, nowMs), ...tripsInWords(reading, settings)];
  return [trialInWords(reading, settings, nowMs), ...tripsInWords(reading, settings)];
}

function trialInWords(
  { state, nextTrialAtMs }: Pick<BreakerReading, "state" | "nextTrialAtMs">,
  settings: BreakerSettings,
  nowMs: number,
): string {
  if (state === "open" && nextTrialAtMs !== null && nextTrialAtMs > nowMs)
    // Rounded up: "in 0 s" would be wrong for a whole second.
    return `Next trial in ${formatSpan(nextTrialAtMs - nowMs + 999)}.`;
  if (state === "open") return "The next call is the trial.";
  return settings.halfOpenPermits === 1
    ? "One trial call decides."
    : `${formatCount(settings.halfOpenPermits)} trial calls decide: all must go well.`;
}

function stepInWords(step: NonNullable<BreakerReading["readmission"]>, nowMs: number): string {
  const rest =
    step.untilMs > nowMs ? `over in ${formatSpan(step.untilMs - nowMs + 999)} at the earliest` : "waits for calls";
  const calls = step.calls === 1 ? "1 call" : `${formatCount(step.calls)} calls`;
  return `Step ${step.step.toString()} of ${step.steps.toString()}: ${step.percent.toString()} % let through, ${calls}, ${formatCount(step.errors)} of ${formatCount(step.errorsAllowed)} allowed errors; ${rest}.`;
}

function tripsInWords({ trips }: Pick<BreakerReading, "trips">, settings: BreakerSettings): readonly string[] {
  if (trips === 0) return [];
  const often = trips === 1 ? "Opened once so far" : `Opened ${plural(trips, "time")} in a row`;
  const jitter = settings.sleepJitterPercent > 0 ? ` ±${settings.sleepJitterPercent.toString()} %` : "";
  return [
    `${often}; if it goes wrong, the next sleep window is ${formatSetting(Math.round(grownSleepMs(settings, trips + 1)))}${jitter}.`,
  ];
}

/** "Forced closed by Ada until 14:20:00; would be open since 14:02:11: 61 % of 214 calls failed." Null without an override. */
export function heldInWords(reading: BreakerReading, nowMs: number): string | null {
  const { override, state, sinceMs, cause } = reading;
  if (override === null) return null;
  const until = override.expiresAtMs === null ? "until lifted" : `until ${formatMoment(override.expiresAtMs, nowMs)}`;
  const why = cause === "" ? "" : `: ${cause}`;
  return `${MODE_WORDS[override.mode]} by ${override.actor} ${until}; would be ${STATE_STYLES[state].word.toLowerCase()} since ${formatMoment(sinceMs, nowMs)}${why}.`;
}

export interface RecoveryStage {
  readonly name: string;
  readonly reached: "done" | "now" | "ahead";
}

/** The way back, stage by stage, and where the breaker is on it: Open, Trial, 1 %, 5 %, 25 %, Closed. */
export function recoveryStages(reading: BreakerReading, settings: BreakerSettings): readonly RecoveryStage[] {
  const steps = settings.readmission?.steps ?? [];
  const names = ["Open", "Trial", ...steps.map((percent) => `${percent.toString()} %`), "Closed"];
  const at = stageOf(reading, steps, names.length - 1);
  return names.map((name, index) => ({ name, reached: index < at ? "done" : index === at ? "now" : "ahead" }));
}

function stageOf({ state, readmission }: BreakerReading, steps: readonly number[], last: number): number {
  if (state === "closed") return last;
  if (state === "open") return 0;
  if (readmission === null) return 1;
  const same = steps.indexOf(readmission.percent);
  return 2 + (same === -1 ? Math.min(readmission.step, steps.length) - 1 : same);
}
