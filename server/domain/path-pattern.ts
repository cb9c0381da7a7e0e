import { linearRegex } from "./linear-regex.ts";

/** A segment of a template that takes any one segment: `{id}`. */
const PARAMETER = /^\{([A-Za-z_][A-Za-z0-9_]{0,31})\}$/;

/** Why a text is no path template such as `/orders/{id}/items`; null when it is one. */
export function templateProblem(template: string): string | null {
  const names = new Set<string>();
  for (const segment of template.split("/").slice(1)) {
    if (!/[{}]/.test(segment)) continue;
    const name = PARAMETER.exec(segment)?.[1];
    if (name === undefined) return `${segment}: a parameter takes a whole segment, such as {id}`;
    if (names.has(name)) return `{${name}} stands twice`;
    names.add(name);
  }
  return names.size === 0 ? "Name at least one parameter, such as {id}; without one, use exact or prefix" : null;
}

/** The parameter's name if a segment of a template is one, else null. */
export function parameterOf(segment: string): string | null {
  return PARAMETER.exec(segment)?.[1] ?? null;
}

/** The test of whether a path is one that a template or a regular expression means. */
export function pathTest(kind: "template" | "regex", value: string): (path: string) => boolean {
  if (kind === "regex") {
    const regex = linearRegex(value);
    return (path) => regex.matches(path);
  }
  const segments = value.split("/").map((segment) => (parameterOf(segment) === null ? segment : null));
  return (path) => takesTemplate(segments, path);
}

/** Whether a path is the prefix, or below it; the prefix is without its trailing slash. */
export function isBelow(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (path.length === prefix.length || path.charCodeAt(prefix.length) === SLASH);
}

/** `null` takes any one segment. Goes through the path once, and makes nothing of it. */
function takesTemplate(segments: readonly (string | null)[], path: string): boolean {
  let at = -1;
  for (const segment of segments) {
    // Before each segment but the first there is a slash.
    if (at >= 0 && path.charCodeAt(at) !== SLASH) return false;
    at += 1;
    if (segment === null) {
      const slash = path.indexOf("/", at);
      const end = slash === -1 ? path.length : slash;
      if (end === at) return false;
      at = end;
    } else if (path.startsWith(segment, at)) {
      at += segment.length;
    } else {
      return false;
    }
  }
  return at === path.length;
}

const SLASH = 0x2f;
