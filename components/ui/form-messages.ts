import type { z } from "zod";

/**
 * Words for the failures a schema itself says nothing about. What a schema does say is left alone.
 * Pass as `error` when parsing what a person typed.
 */
export function formMessage(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type")
    return issue.expected === "number" || issue.expected === "int" ? "Enter a whole number" : "Fill this in";
  if (issue.code === "too_small" && typeof issue.input === "number") return `At least ${String(issue.minimum)}`;
  if (issue.code === "too_big" && typeof issue.input === "number") return `At most ${String(issue.maximum)}`;
  return undefined;
}
