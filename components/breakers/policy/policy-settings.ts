import { DEFAULT_BREAKER_SETTINGS, type BreakerSettings } from "#domain/breaker-policy.ts";
import { formatCount } from "../../format/number.ts";
import { formatSetting } from "../../format/time.ts";

/** Settings that are one number, always. */
type NumberSetting = {
  [Name in keyof BreakerSettings]: BreakerSettings[Name] extends number ? Name : never;
}[keyof BreakerSettings];

interface SettingField {
  readonly label: string;
  readonly unit: "time" | "percent" | "count";
  /** What it does. */
  readonly hint: string;
}

/** Each number of a breaker: its name, its unit and what it means. */
export const SETTING_FIELDS = {
  errorThresholdPercent: {
    label: "Error threshold (%)",
    unit: "percent",
    hint: "Opens at this share of failed calls.",
  },
  requestVolumeThreshold: {
    label: "Request volume threshold",
    unit: "count",
    hint: "Fewer calls in the window never open it.",
  },
  rollingWindowMs: { label: "Rolling window", unit: "time", hint: "The calls that decide." },
  slowCallRatePercent: { label: "Slow threshold (%)", unit: "percent", hint: "Opens at this share of slow calls." },
  sleepWindowMs: { label: "Sleep window", unit: "time", hint: "Open for so long before a trial call." },
  halfOpenPermits: { label: "Trial calls at once", unit: "count", hint: "All of them must go well." },
  sleepBackoffFactor: {
    label: "Back-off factor",
    unit: "count",
    hint: "So many times longer after each failed trial. 1: always the same.",
  },
  sleepWindowMaxMs: { label: "Longest sleep window", unit: "time", hint: "It grows no further." },
  sleepJitterPercent: {
    label: "Jitter (±%)",
    unit: "percent",
    hint: "So that gateways do not all try at the same moment.",
  },
  timeoutMs: { label: "Timeout of a call", unit: "time", hint: "Until the answer's head has arrived." },
  maxConcurrent: { label: "Calls in flight, at most", unit: "count", hint: "More are refused at once." },
  fallbackMaxConcurrent: { label: "Fallback calls in flight, at most", unit: "count", hint: "More get the error." },
} as const satisfies Readonly<Record<NumberSetting, SettingField>>;

/** What stands under a setting's field: its meaning and its default. */
export function settingHint(name: NumberSetting): string {
  const { unit, hint } = SETTING_FIELDS[name];
  const value = DEFAULT_BREAKER_SETTINGS[name];
  const shown =
    unit === "time" ? formatSetting(value) : unit === "percent" ? `${value.toString()} %` : formatCount(value);
  return `${hint} Default ${shown}.`;
}
