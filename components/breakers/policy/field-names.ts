import { SETTING_FIELDS } from "./policy-settings.ts";

const OTHER_NAMES: Readonly<Record<string, string>> = {
  "settings.failureStatuses": "Answers that count as failed",
  "settings.slowCallMs": "Slow from",
  "settings.group": "Group",
  "settings.readmission.steps": "Steps of the graded return",
  "settings.readmission.stepMs": "Length of a step",
  "settings.readmission.stepCalls": "Calls in a step",
  "settings.readmission.errorBudgetPercent": "Error budget",
};

const NUMBER_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(SETTING_FIELDS).map(([name, { label }]) => [`settings.${name}`, label]),
);

const FALLBACK_FIELD_NAMES: Readonly<Record<string, string>> = {
  service: "service",
  labels: "labels",
  maxAgeMs: "age",
  maxBytes: "size",
  status: "status",
  contentType: "content type",
  body: "body",
};

/** What a field of the policy is called on the page: `Error threshold (%)`, `Fallback 2, status`. */
export function policyFieldName(path: string): string {
  const named = NUMBER_NAMES.get(path) ?? OTHER_NAMES[path];
  if (named !== undefined) return named;
  const [part, at, field] = path.split(".");
  if (part === "fallbacks") {
    if (at === undefined) return "Fallbacks";
    const name = field === undefined ? undefined : FALLBACK_FIELD_NAMES[field];
    return `Fallback ${(Number(at) + 1).toString()}${name === undefined ? "" : `, ${name}`}`;
  }
  // An entry of a list: its list is what is on the page.
  const parent = path.slice(0, Math.max(0, path.lastIndexOf(".")));
  return parent === "" ? "Policy" : policyFieldName(parent);
}
