import { BreakerSettings, type Readmission } from "#domain/breaker-policy.ts";
import { grownSleepMs } from "#domain/breaker-sleep.ts";
import { formatCount } from "../../format/number.ts";
import { percentInWords, plural, said, timeInWords, unset, type SectionWords } from "../../ui/section-words.ts";
import type { SettingsInput } from "./policy-form-input.ts";

const DEFAULTS = BreakerSettings.parse({});

/** The settings of a form with defaults where nothing is filled in; figures that are no numbers stay so. */
function filled({ readmission, ...rest }: SettingsInput): BreakerSettings {
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...DEFAULTS,
    ...given,
    readmission: readmission == null ? null : filledReadmission(readmission),
  };
}

/** A graded return as it is first switched on. */
export const FRESH_READMISSION: Readmission = {
  steps: [1, 5, 25],
  stepMs: 5000,
  stepCalls: 5,
  errorBudgetPercent: 10,
};

function filledReadmission(readmission: NonNullable<SettingsInput["readmission"]>): Readmission {
  const { steps, stepMs, stepCalls, errorBudgetPercent } = FRESH_READMISSION;
  return {
    steps: readmission.steps ?? steps,
    stepMs: readmission.stepMs ?? stepMs,
    stepCalls: readmission.stepCalls ?? stepCalls,
    errorBudgetPercent: readmission.errorBudgetPercent ?? errorBudgetPercent,
  };
}

/** "Opens when 50 % or more of at least 20 calls within 10 s have failed." */
export function openingInWords(settings: SettingsInput): string {
  const { enabled, errorThresholdPercent, requestVolumeThreshold, rollingWindowMs, slowCallMs, slowCallRatePercent } =
    filled(settings);
  if (!enabled) return "Never opens by itself. Calls are counted all the same.";
  const failed = errorThresholdPercent === 100 ? "all" : `${percentInWords(errorThresholdPercent)} or more`;
  const slow =
    slowCallMs === null
      ? ""
      : `, or ${percentInWords(slowCallRatePercent)} of them have taken ${timeInWords(slowCallMs)} or longer`;
  return `Opens when ${failed} of at least ${plural(requestVolumeThreshold, "call")} within ${timeInWords(rollingWindowMs)} have failed${slow}.`;
}

/** Which answers are failures, and whether refusals for want of room are. */
export function failuresInWords(settings: SettingsInput): SectionWords {
  const { failureStatuses, countRejections } = filled(settings);
  const answers = failureStatuses.length === 0 ? "no answer whatever its status" : failureStatuses.join(", ");
  const isSet = failureStatuses.join() !== DEFAULTS.failureStatuses.join() || !countRejections;
  return { ...said(`${answers}, and calls without an answer`, !countRejections && "not the refused"), set: isSet };
}

export function slowCallsInWords(settings: SettingsInput): SectionWords {
  const { slowCallMs, slowCallRatePercent } = filled(settings);
  if (slowCallMs === null) return unset("Off: however long a call takes, it is good if it ends well");
  return said(
    `opens at ${percentInWords(slowCallRatePercent)} of calls that take ${timeInWords(slowCallMs)} or longer`,
  );
}

/** The first sleep windows of a breaker whose trials keep failing, ms, until they stop growing; at most `most`. */
export function sleepWindowsMs(settings: SettingsInput, most = 6): readonly number[] {
  const grown = Array.from({ length: most }, (_, at) => Math.round(grownSleepMs(filled(settings), at + 1)));
  // A field that is being typed in may hold no number, which grows to none.
  return grown.filter((ms, at) => at === 0 || ms > (grown[at - 1] ?? 0));
}

export function backoffInWords(settings: SettingsInput): SectionWords {
  const { sleepBackoffFactor, sleepJitterPercent } = filled(settings);
  const jitter = sleepJitterPercent > 0 && `each ±${percentInWords(sleepJitterPercent)}`;
  const windows = sleepWindowsMs(settings);
  if (windows.length === 1)
    return {
      ...said(`Each sleep window lasts ${timeInWords(windows[0])}`, jitter),
      set: jitter !== false || sleepBackoffFactor > 1,
    };
  const grown = windows.map((ms) => timeInWords(ms)).join(", ");
  const end = windows.length === 6 ? "and so on" : "then no longer";
  return said(`${grown}, ${end}, while trials fail`, jitter);
}

/** "After 1 trial: 1 % for 5 s, 5 % for 5 s, 25 % for 5 s, then all; about 15 s." */
export function readmissionInWords(settings: SettingsInput): SectionWords {
  const { readmission, halfOpenPermits } = filled(settings);
  const after = halfOpenPermits === 1 ? "After 1 trial" : `After ${plural(halfOpenPermits, "trial")}`;
  if (readmission === null) return unset(`${after} all calls at once`);
  const { steps, stepMs } = readmission;
  const each = steps.map((share) => `${percentInWords(share)} for ${timeInWords(stepMs)}`).join(", ");
  return { summary: `${after}: ${each}, then all; about ${timeInWords(steps.length * stepMs)}`, set: true };
}

/** What may go wrong in a step before the breaker opens again. */
export function budgetInWords(settings: SettingsInput): string {
  const { readmission } = filled(settings);
  if (readmission === null) return "";
  const { stepCalls, errorBudgetPercent } = readmission;
  const allowed = Math.floor((stepCalls * errorBudgetPercent) / 100);
  const budget =
    allowed === 0
      ? `of the first ${formatCount(stepCalls)} calls of a step none may fail`
      : `of every ${formatCount(stepCalls)} calls of a step ${formatCount(allowed)} may fail`;
  return `With this budget, ${budget}; one more opens it again, with the next sleep window. A step waits for its calls, but no longer than six times its length.`;
}

export function fallbackLimitInWords(settings: SettingsInput): SectionWords {
  const { fallbackMaxConcurrent } = filled(settings);
  return {
    ...said(`at most ${plural(fallbackMaxConcurrent, "fallback call")} in flight`),
    set: fallbackMaxConcurrent !== DEFAULTS.fallbackMaxConcurrent,
  };
}

export function groupInWords(settings: SettingsInput, service: string): SectionWords {
  const { group } = filled(settings);
  return group === "" ? unset(`Group ${service}, after the service`) : said(`Group ${group}`);
}
