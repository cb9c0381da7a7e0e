import { canonicalPath } from "./canonical-path.ts";
import { templateParts } from "./value-template.ts";

const PARAMETER = /^[A-Za-z_][A-Za-z0-9_]{0,31}$/;

/** Why a text is no path to send instead, such as `/v2/{id}`, for its author; null when it is one. */
export function pathRewriteProblem(path: string): string | null {
  const parts = templateParts(path);
  if (typeof parts === "string" || parts.some((part) => typeof part === "string" && /[{}]/.test(part)))
    return "Braces stand around a parameter's name, such as {id}; a brace itself is written %7B or %7D";
  const unnamed = parts.find((part) => typeof part !== "string" && !PARAMETER.test(part.name));
  if (unnamed !== undefined) return "Name parameters with letters, digits and _, such as {id}";
  return canonicalPath(path.replaceAll(/[{}]/g, "_")) === null
    ? "No request may be sent with such a path: not allowed are . and .. segments, \\, %00 and a % without two hex digits"
    : null;
}

/** The parameters such a path needs. */
export function parametersOf(path: string): readonly string[] {
  const parts = templateParts(path);
  return typeof parts === "string" ? [] : parts.flatMap((part) => (typeof part === "string" ? [] : [part.name]));
}

/** `path` with what its first `prefix` (by whole segments, no trailing slash) is replaced by (Gateway API `ReplacePrefixMatch`). */
export function withPrefixReplaced(path: string, prefix: string, replacement: string): string {
  const replaced = replacement.replace(/\/+$/, "") + path.slice(prefix.length);
  return replaced === "" ? "/" : replaced;
}
