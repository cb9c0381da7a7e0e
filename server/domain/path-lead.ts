import { literalPrefix } from "./linear-regex.ts";
import { parameterOf } from "./path-pattern.ts";
import type { PathMatch } from "./route-conditions.ts";

/**
 * The whole segments that all paths of a condition start with: `/orders` of `/orders/{id}`, of the prefix `/orders` and of
 * the expression `/orders/[0-9]+`; empty for none. `value` of a prefix has no slash at its end.
 */
export function leadOf(kind: PathMatch["kind"], value: string): string {
  if (kind === "exact" || kind === "prefix") return value;
  if (kind === "regex") {
    const certain = literalPrefix(value);
    return certain.slice(0, Math.max(0, certain.lastIndexOf("/")));
  }
  const segments = value.split("/");
  const open = segments.findIndex((segment) => parameterOf(segment) !== null);
  return segments.slice(0, open).join("/");
}
