import { plainText } from "./plain-text.ts";

/** One place where two values differ. `path` is dotted, as in `destinations.0.weight`; empty for the values themselves. */
export interface Difference {
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
  readonly before: unknown;
  readonly after: unknown;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> | null {
  if (!isRecord(value)) return null;
  return new Map(Object.entries(value).filter(([, member]) => member !== undefined));
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

function differ(path: string, before: unknown, after: unknown): Difference[] {
  const membersBefore = membersOf(before);
  const membersAfter = membersOf(after);
  const opens =
    (membersBefore ?? membersAfter) !== null &&
    (membersBefore !== null || isNothing(before)) &&
    (membersAfter !== null || isNothing(after));
  if (opens) {
    const keys = new Set([...(membersBefore?.keys() ?? []), ...(membersAfter?.keys() ?? [])]);
    // An empty list or record that came or went has no members to tell of it.
    if (keys.size > 0)
      return [...keys].flatMap((key) =>
        differ(path === "" ? key : `${path}.${key}`, membersBefore?.get(key), membersAfter?.get(key)),
      );
    if (isNothing(before) === isNothing(after)) return [];
  }
  if (before === after || (isNothing(before) && isNothing(after))) return [];
  return [{ path, kind: isNothing(before) ? "added" : isNothing(after) ? "removed" : "changed", before, after }];
}

/** Every leaf in which two JSON values differ, in the order of the first value's members. Lists are compared by position. */
export function diffValues(before: unknown, after: unknown): readonly Difference[] {
  return differ("", before, after);
}

/** The leaves of a JSON value by their path, in order; an empty list or record is a leaf, nothing has none. */
export function leavesOf(value: unknown): ReadonlyMap<string, unknown> {
  const leaves = new Map<string, unknown>();
  const collect = (path: string, inner: unknown): void => {
    const members = membersOf(inner);
    if (members === null || members.size === 0) leaves.set(path, inner);
    else for (const [key, member] of members) collect(path === "" ? key : `${path}.${key}`, member);
  };
  if (!isNothing(value)) collect("", value);
  return leaves;
}

/**
 * A leaf as shown to people: text without quotes, nothing as a dash, an empty list or record as such. Whoever wrote it,
 * it is plain text with nothing hidden in it.
 */
export function showValue(value: unknown): string {
  if (isNothing(value)) return "–";
  if (value === "") return "(empty)";
  return plainText(typeof value === "string" ? value : JSON.stringify(value));
}
