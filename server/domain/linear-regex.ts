import { RE2JS } from "re2js";

/** A regular expression that takes time proportional to its input's length, whatever either looks like. */
export interface LinearRegex {
  /** True when the whole text matches. */
  matches(text: string): boolean;
}

/**
 * RE2's syntax: no look-around and no back-references, so no input can make it backtrack.
 * @throws SyntaxError-like when the pattern is not one; check with `linearRegexProblem` first.
 */
export function linearRegex(pattern: string): LinearRegex {
  const compiled = RE2JS.compile(pattern);
  return { matches: (text) => compiled.matches(text) };
}

/** Why a pattern cannot be used, for its author; null when it can. */
export function linearRegexProblem(pattern: string): string | null {
  try {
    RE2JS.compile(pattern);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `Not an expression in RE2's syntax: ${reason}`;
  }
}
