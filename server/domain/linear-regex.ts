import { RE2JS } from "re2js";

/** A regular expression that takes time proportional to its input's length, whatever either looks like. */
export interface LinearRegex {
  /** True when the whole text matches. */
  matches(text: string): boolean;
}

/** Expressions kept compiled: what was checked is compiled next, and routes often share one. The oldest goes first. */
const KEPT = 1024;
const kept = new Map<string, LinearRegex>();

/**
 * RE2's syntax: no look-around and no back-references, so no input can make it backtrack.
 * @throws SyntaxError-like when the pattern is not one; check with `linearRegexProblem` first.
 */
export function linearRegex(pattern: string): LinearRegex {
  const known = kept.get(pattern);
  if (known !== undefined) return known;
  const compiled = RE2JS.compile(pattern);
  const regex: LinearRegex = { matches: (text) => compiled.matches(text) };
  if (kept.size >= KEPT) for (const oldest of kept.keys()) if (kept.delete(oldest)) break;
  kept.set(pattern, regex);
  return regex;
}

/** Why a pattern cannot be used, for its author; null when it can. */
export function linearRegexProblem(pattern: string): string | null {
  try {
    linearRegex(pattern);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `Not an expression in RE2's syntax: ${reason}`;
  }
}

const LITERALS = /^(?:[A-Za-z0-9/_~%!&=:;,@-]|\\[./-])*/;
/** After this, what stands before it must be there. Not so before a quantifier, nor before what stands for nothing and hides one, as in `a(?i)?`. */
const LEAVES_IT = /^(?:$|[.[$]|\((?!\?))/;

/**
 * Text that everything a pattern matches starts with: `/img/` of `/img/[0-9]+`. Never too much, often too little: whatever
 * it is not sure of ends it.
 */
export function literalPrefix(pattern: string): string {
  if (hasAlternatives(pattern)) return "";
  const body = pattern.replace(/^\^/, "");
  const [literals = ""] = LITERALS.exec(body) ?? [];
  const text = literals.replaceAll("\\", "");
  return LEAVES_IT.test(body.slice(literals.length)) ? text : text.slice(0, -1);
}

/** Whether the pattern may be several, with `|` between them; one inside of a group does no harm to what is before the group. */
function hasAlternatives(pattern: string): boolean {
  if (!pattern.includes("|")) return false;
  const plain = pattern.replaceAll(/\\[^Q]/g, "");
  // In a class or a quotation, parentheses are not what they seem.
  if (/[[\\]/.test(plain)) return true;
  let depth = 0;
  for (const character of plain) {
    if (character === "(") depth += 1;
    else if (character === ")") depth -= 1;
    else if (character === "|" && depth === 0) return true;
  }
  return false;
}
