import { DEFAULT_BREAKER_SETTINGS, type BreakerSettings } from "#domain/breaker-policy.ts";
import { formatCount } from "../format/number.ts";
import { formatSetting } from "../format/time.ts";

/** Settings that are one number, always. */
type NumberSetting = {
  [Name in keyof BreakerSettings]: BreakerSettings[Name] extends number ? Name : never;
}[keyof BreakerSettings];

export interface SettingField {
  readonly name: NumberSetting;
  readonly label: string;
  readonly unit: "time" | "percent" | "count";
  readonly hint: string;
}

/** The numbers of a breaker, in the order in which they come to matter. */
export const SETTING_FIELDS: readonly SettingField[] = [
  { name: "timeoutMs", label: "Timeout of a call", unit: "time", hint: "Until the answer's head has arrived." },
  {
    name: "errorThresholdPercent",
    label: "Error threshold (%)",
    unit: "percent",
    hint: "Opens at this share of failed calls.",
  },
  {
    name: "requestVolumeThreshold",
    label: "Request volume threshold",
    unit: "count",
    hint: "Fewer calls in the window never open it.",
  },
  { name: "rollingWindowMs", label: "Rolling window", unit: "time", hint: "The calls that decide." },
  { name: "sleepWindowMs", label: "Sleep window", unit: "time", hint: "Open for so long before a trial call." },
  { name: "halfOpenPermits", label: "Trial calls at once", unit: "count", hint: "While half-open." },
  { name: "maxConcurrent", label: "Calls in flight, at most", unit: "count", hint: "More are refused." },
  { name: "fallbackMaxConcurrent", label: "Backup calls in flight, at most", unit: "count", hint: "More are refused." },
];

/** What stands under a setting's field: its meaning and its default. */
export function settingHint({ name, unit, hint }: SettingField): string {
  const value = DEFAULT_BREAKER_SETTINGS[name];
  const shown =
    unit === "time" ? formatSetting(value) : unit === "percent" ? `${value.toString()} %` : formatCount(value);
  return `${hint} Default ${shown}.`;
}
