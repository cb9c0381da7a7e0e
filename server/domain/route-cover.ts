import { literalPrefix } from "./linear-regex.ts";
import { leadOf } from "./path-lead.ts";
import { isBelow, parameterOf } from "./path-pattern.ts";
import { hostMatches, takesPath, type Candidate } from "./route-candidate.ts";
import type { RouteMatch, ValueMatch } from "./route-conditions.ts";
import { valueTest } from "./value-test.ts";

/** A value that something named must have. */
interface Named {
  readonly name: string;
  readonly match: ValueMatch;
}

/**
 * Whether every request that `b` could take, `a` could take as well, listeners aside. Never says so wrongly; where it cannot
 * tell, as of two different regular expressions, it says no.
 */
export function covers(a: Candidate, b: Candidate): boolean {
  return (
    coversHost(a.host, b.host) &&
    (a.methods === 0 || (b.methods !== 0 && (b.methods & ~a.methods) === 0)) &&
    (a.match.callers.length === 0 || isSubset(b.match.callers, a.match.callers)) &&
    allImplied(a.match.headers, b.match.headers) &&
    allImplied(a.match.query, b.match.query) &&
    allImplied(a.match.cookies, b.match.cookies) &&
    coversPath(a, b)
  );
}

function coversHost(a: string, b: string): boolean {
  if (a === "" || a === b) return true;
  return b.startsWith("*.") ? a.startsWith("*.") && b.endsWith(a.slice(1)) : b !== "" && hostMatches(a, b);
}

/** Of none means any, which is no subset. */
function isSubset(some: readonly string[], all: readonly string[]): boolean {
  return some.length > 0 && some.every((one) => all.includes(one));
}

function coversPath(a: Candidate, b: Candidate): boolean {
  switch (b.pathKind) {
    case "exact":
      return takesPath(a, b.pathText);
    case "prefix":
      return a.pathKind === "prefix" && isBelow(b.pathText, a.pathText);
    case "template":
      return a.pathKind === "template"
        ? coversTemplate(a.pathText, b.pathText)
        : coversAllFrom(a, `${leadOf(b.pathKind, b.pathText)}/`);
    case "regex":
      if (a.pathKind === "regex") return a.pathText === b.pathText;
      return coversAllFrom(a, literalPrefix(b.pathText));
  }
}

/** Whether a prefix takes whatever starts with a text; that of `/` takes all, since all paths start with it. */
function coversAllFrom(a: Candidate, start: string): boolean {
  return a.pathKind === "prefix" && (a.pathText === "" || start.startsWith(`${a.pathText}/`));
}

function coversTemplate(a: string, b: string): boolean {
  const [wanted, given] = [a.split("/"), b.split("/")];
  // A parameter takes whatever is not empty: another parameter, and any text that stands in a template but none.
  return (
    wanted.length === given.length &&
    wanted.every((segment, at) => segment === given[at] || (parameterOf(segment) !== null && given[at] !== ""))
  );
}

function allImplied(wanted: readonly Named[], given: readonly Named[]): boolean {
  return wanted.every(({ name, match }) => given.some((other) => other.name === name && implies(other.match, match)));
}

/** Whether a value that `given` lets through is let through by `wanted` too. */
function implies(given: ValueMatch, wanted: ValueMatch): boolean {
  if (wanted.kind === "absent" || given.kind === "absent") return wanted.kind === given.kind;
  if (wanted.kind === "present") return true;
  if (given.kind === "exact") return valueTest(wanted)(given.value);
  if (given.kind === "prefix") return wanted.kind === "prefix" && given.value.startsWith(wanted.value);
  return given.kind === "regex" && wanted.kind === "regex" && given.value === wanted.value;
}

/** Why no request can meet a match, whatever else there is; null when one may. Never says so wrongly. */
export function contradictionIn({ path, headers, query, cookies }: RouteMatch): string | null {
  if (path.kind === "regex" && !/^(?:\/|$)/.test(literalPrefix(path.value)))
    return `Paths start with /, and ${path.value} does not`;
  const named = [
    { noun: "Header", conditions: headers },
    { noun: "Parameter", conditions: query },
    { noun: "Cookie", conditions: cookies },
  ];
  for (const { noun, conditions } of named) {
    const at = conditions.findIndex(({ name, match }, index) =>
      conditions.slice(0, index).some((other) => other.name === name && excludes(other.match, match)),
    );
    if (at !== -1) return `${noun} ${conditions[at]?.name ?? ""} cannot have both values it should have`;
  }
  return null;
}

/** Whether no value is let through by both. */
function excludes(a: ValueMatch, b: ValueMatch): boolean {
  if (a.kind === "absent" || b.kind === "absent") return a.kind !== b.kind;
  if (a.kind === "exact") return !valueTest(b)(a.value);
  if (b.kind === "exact") return !valueTest(a)(b.value);
  return a.kind === "prefix" && b.kind === "prefix" && !a.value.startsWith(b.value) && !b.value.startsWith(a.value);
}

/** Whether there is a request that both could take. Never says so wrongly: there it is, or both ask for the very same. */
export function meet(a: Candidate, b: Candidate): boolean {
  return (
    meetBeforePath(a, b) &&
    pathsMeet(a, b) &&
    valuesMeet(a.match.headers, b.match.headers) &&
    valuesMeet(a.match.query, b.match.query) &&
    valuesMeet(a.match.cookies, b.match.cookies)
  );
}

/** Whether both take the same by listener, method, caller and host: for these there is a certain answer. */
function meetBeforePath(a: Candidate, b: Candidate): boolean {
  const [callers, others] = [a.match.callers, b.match.callers];
  return (
    (a.listeners & b.listeners) !== 0 &&
    (a.methods === 0 || b.methods === 0 || (a.methods & b.methods) !== 0) &&
    (callers.length === 0 || others.length === 0 || callers.some((caller) => others.includes(caller))) &&
    (coversHost(a.host, b.host) || coversHost(b.host, a.host))
  );
}

/** Whether it cannot be ruled out that some request could be taken by both. Never rules out wrongly. */
export function mayMeet(a: Candidate, b: Candidate): boolean {
  return (
    meetBeforePath(a, b) &&
    pathsMayMeet(a, b) &&
    contradictionIn({
      ...a.match,
      headers: [...a.match.headers, ...b.match.headers],
      query: [...a.match.query, ...b.match.query],
      cookies: [...a.match.cookies, ...b.match.cookies],
    }) === null
  );
}

function pathsMayMeet(a: Candidate, b: Candidate): boolean {
  if (a.pathKind === "exact") return takesPath(b, a.pathText);
  if (b.pathKind === "exact") return takesPath(a, b.pathText);
  if (a.pathKind === "template" && b.pathKind === "template") return pathsMeet(a, b);
  const [one, other] = [leadOf(a.pathKind, a.pathText), leadOf(b.pathKind, b.pathText)];
  return isBelow(one, other) || isBelow(other, one);
}

function pathsMeet(a: Candidate, b: Candidate): boolean {
  if (a.pathKind !== "template" || b.pathKind !== "template") return coversPath(a, b) || coversPath(b, a);
  const [one, other] = [a.pathText.split("/"), b.pathText.split("/")];
  return one.length === other.length && one.every((segment, at) => segmentsMeet(segment, other[at] ?? ""));
}

function segmentsMeet(a: string, b: string): boolean {
  return a === b || (parameterOf(a) !== null && b !== "") || (parameterOf(b) !== null && a !== "");
}

/** Looks for a value for each name among those that are spoken of. */
function valuesMeet(a: readonly Named[], b: readonly Named[]): boolean {
  const all = [...a, ...b];
  return all.every(({ name }) => {
    const wanted = all.filter((other) => other.name === name).map(({ match }) => match);
    const [first, ...more] = wanted;
    if (first !== undefined && more.every((other) => implies(first, other) && implies(other, first))) return true;
    const values = [undefined, "x", ...wanted.flatMap((match) => ("value" in match ? [match.value] : []))];
    return values.some((value) => wanted.every((match) => valueTest(match)(value)));
  });
}
