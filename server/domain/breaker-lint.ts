import type { BreakerSettings } from "./breaker-policy.ts";

/** What is known of the calls that the settings bind. */
export interface BreakerFacts {
  readonly routes: readonly {
    readonly id: string;
    /** Deadline of the whole request, ms. */
    readonly timeoutMs: number;
    /** Deadline of one try, ms; null: there is none of its own. */
    readonly perTryTimeoutMs: number | null;
  }[];
  /** Present load of each breaker: one for each gateway, or for each of its workers. */
  readonly load: readonly { readonly perSecond: number; readonly inFlight: number }[];
}

/** Something about settings that are valid, but together are probably not what was meant. */
export interface BreakerRemark {
  readonly severity: "warning" | "note";
  /** The setting to look at first. */
  readonly field: keyof BreakerSettings;
  /** For people: what is the matter, and what to do. */
  readonly message: string;
}

/** Steps of a graded return that get too few calls end after so many times their length (`Readmission.stepCalls`). */
const STEP_PATIENCE = 6;

/** Remarks on settings, in the order of the form. Knows nothing of what it is not told: without load, none about load. */
export function breakerRemarks(settings: BreakerSettings, facts: BreakerFacts): BreakerRemark[] {
  return [
    ...neverOpens(settings, facts),
    ...opensTooSoon(settings),
    ...failureStatuses(settings),
    ...slowCalls(settings),
    ...sleepWindow(settings),
    ...readmission(settings, facts),
    ...timeouts(settings, facts),
    ...concurrency(settings, facts),
  ];
}

function neverOpens(settings: BreakerSettings, { load }: BreakerFacts): BreakerRemark[] {
  if (!settings.enabled)
    return [
      {
        severity: "note",
        field: "enabled",
        message: "It never opens by itself: calls go on to a service that fails. Only a person can open it.",
      },
    ];
  const busiest = Math.max(0, ...load.map(({ perSecond }) => perSecond));
  const held = Math.floor((busiest * settings.rollingWindowMs) / 1000);
  if (busiest === 0 || held >= settings.requestVolumeThreshold) return [];
  const window = inSeconds(settings.rollingWindowMs);
  return [
    {
      severity: "warning",
      field: "requestVolumeThreshold",
      message: `At the present ${rate(busiest)} requests/s a window of ${window} holds ${calls(held)}, and fewer than ${settings.requestVolumeThreshold} never open it. Lower the volume or lengthen the window, unless it is meant for busier hours.`,
    },
  ];
}

function opensTooSoon(settings: BreakerSettings): BreakerRemark[] {
  if (!settings.enabled) return [];
  const enough = Math.ceil((settings.requestVolumeThreshold * settings.errorThresholdPercent) / 100);
  if (enough > 1) return [];
  return [
    {
      severity: "warning",
      field: "requestVolumeThreshold",
      message: "One failed call can open it. Ask for more calls before it decides, or for a larger share.",
    },
  ];
}

function failureStatuses({ failureStatuses: forms }: BreakerSettings): BreakerRemark[] {
  if (forms.length === 0)
    return [
      {
        severity: "note",
        field: "failureStatuses",
        message: "No answer counts as failed, not even 500: only calls without an answer do.",
      },
    ];
  // 408, 425 and 429 are the service's own trouble as often as not; the others are what the caller got wrong.
  const blamed = forms.filter((form) => form.startsWith("4") && !["408", "425", "429"].includes(form));
  if (blamed.length === 0) return [];
  return [
    {
      severity: "warning",
      field: "failureStatuses",
      message: `${blamed.join(", ")} counts as failed: the mistakes of one caller can open the breaker for all. Leave it out, unless the service answers so when it is in trouble.`,
    },
  ];
}

function slowCalls({ slowCallMs, timeoutMs }: BreakerSettings): BreakerRemark[] {
  if (slowCallMs === null || slowCallMs < timeoutMs) return [];
  return [
    {
      severity: "warning",
      field: "slowCallMs",
      message: `No call is ever slow: it is ended after ${inSeconds(timeoutMs)}, before ${inSeconds(slowCallMs)} are over. Lower the one or raise the other.`,
    },
  ];
}

function sleepWindow(settings: BreakerSettings): BreakerRemark[] {
  if (settings.sleepBackoffFactor <= 1 || settings.sleepWindowMaxMs >= settings.sleepWindowMs) return [];
  return [
    {
      severity: "warning",
      field: "sleepWindowMaxMs",
      message: `The longest sleep window, ${inSeconds(settings.sleepWindowMaxMs)}, is below the first, ${inSeconds(settings.sleepWindowMs)}: it cannot grow. Raise it.`,
    },
  ];
}

function readmission({ readmission: graded }: BreakerSettings, { load }: BreakerFacts): BreakerRemark[] {
  const busiest = Math.max(0, ...load.map(({ perSecond }) => perSecond));
  const first = graded?.steps[0];
  if (graded === null || first === undefined || busiest === 0) return [];
  const patienceMs = graded.stepMs * STEP_PATIENCE;
  if ((busiest * first * patienceMs) / 100_000 >= 1) return [];
  const everyMs = 100_000 / (busiest * first);
  return [
    {
      severity: "warning",
      field: "readmission",
      message: `At the present ${rate(busiest)} requests/s a step of ${first} % lets one call through in ${inSeconds(Math.round(everyMs / 1000) * 1000)}, and ends after ${inSeconds(patienceMs)}: it may have seen none. Begin with a larger share, or lengthen the steps.`,
    },
  ];
}

function timeouts({ timeoutMs }: BreakerSettings, { routes }: BreakerFacts): BreakerRemark[] {
  const shorter = routes
    .map(({ id, timeoutMs: whole, perTryTimeoutMs }) => ({ id, ms: Math.min(whole, perTryTimeoutMs ?? whole) }))
    .filter(({ ms }) => ms < timeoutMs);
  if (shorter.length === 0) return [];
  const named = shorter.slice(0, 3).map(({ id, ms }) => `${id} after ${inSeconds(ms)}`);
  const more = shorter.length > named.length ? ` and ${shorter.length - named.length} more` : "";
  return [
    {
      severity: "warning",
      field: "timeoutMs",
      message: `A call may take ${inSeconds(timeoutMs)}, but its route gives up earlier: ${named.join(", ")}${more}. The longer one never comes to bear.`,
    },
  ];
}

function concurrency({ maxConcurrent }: BreakerSettings, { load }: BreakerFacts): BreakerRemark[] {
  const most = Math.max(0, ...load.map(({ inFlight }) => inFlight));
  if (most <= maxConcurrent) return [];
  return [
    {
      severity: "warning",
      field: "maxConcurrent",
      message: `${calls(most)} were in flight at once just now: with at most ${maxConcurrent}, some of them are refused as soon as this is saved.`,
    },
  ];
}

function calls(count: number): string {
  return count === 1 ? "1 call" : `${count} calls`;
}

function rate(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1).replace(/\.0$/, "") : Math.round(perSecond).toString();
}

/** `800 ms`, `1.5 s`, `90 s`. */
function inSeconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}
