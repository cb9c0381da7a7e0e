import type { DriftDifference } from "#domain/drift.ts";
import { PolicyKind, SPEC_SCHEMAS } from "#domain/policy.ts";
import { isSameValue } from "#domain/same-value.ts";

/** Why what was found cannot become an edit, for people; null when it can. The console decides in the end. */
export function adoptRefusal(finding: Pick<DriftDifference, "key" | "database"> & { found?: unknown }): string | null {
  const { key, found, database } = finding;
  if (key === "head") return "The head only lists what is published; the publisher makes it.";
  const kind = PolicyKind.safeParse(key.slice(0, key.indexOf("/")));
  if (!kind.success) return "It is no object of Meshkeeper’s.";
  if (found === null || found === undefined) return database === null ? "The database does not have it either." : null;
  if (typeof found === "string") return "What was found cannot be read as policy.";
  const read = SPEC_SCHEMAS[kind.data].safeParse(found);
  if (!read.success) {
    const [issue] = read.error.issues;
    return `What was found is not valid: ${issue === undefined ? "" : `${issue.path.join(".")}: ${issue.message}`}`;
  }
  return isSameValue(found, database) ? "The database holds that already." : null;
}
