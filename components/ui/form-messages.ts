import type { z } from "zod";

/**
 * Words for the failures a schema itself says nothing about. What a schema does say is left alone.
 * Pass as `error` when parsing what a person typed.
 */
export function formMessage(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type")
    return issue.expected === "number" || issue.expected === "int" ? "Enter a whole number" : "Fill this in";
  if (issue.code === "too_small") return boundMessage("At least", issue.minimum, issue.input);
  if (issue.code === "too_big") return boundMessage("At most", issue.maximum, issue.input);
  return undefined;
}

/** Texts and lists say how much there is now: a pasted document does not show it. */
function boundMessage(words: string, bound: number | bigint, input: unknown): string | undefined {
  const limit = formatCount(Number(bound));
  if (typeof input === "number") return `${words} ${String(bound)}`;
  if (typeof input === "string") return `${words} ${limit} characters; it has ${formatCount(input.length)}`;
  if (Array.isArray(input)) return `${words} ${limit} entries; there are ${formatCount(input.length)}`;
  return undefined;
}

function formatCount(count: number): string {
  return count.toLocaleString("en");
}
