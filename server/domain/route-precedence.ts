import { leadOf } from "./path-lead.ts";
import { parameterOf } from "./path-pattern.ts";
import type { PathMatch, RouteMatch } from "./route-conditions.ts";
import type { RouteSpec } from "./route.ts";
import { ageOf, type Published } from "./snapshot.ts";

/**
 * How narrow a way into a route is, as one number: of two that take a request, the greater wins. What counts, in this order
 * (Gateway API `HTTPRouteRule`, with our own above and in between):
 *
 * 1. the explicit priority;
 * 2. exact host, longest wildcard, any host;
 * 3. exact path; then the longest fixed beginning, in whole segments, be it a prefix, or what a template or an expression
 *    begins with; of equal ones a template (with most literal segments), a regular expression (the longest), a prefix: so
 *    `/orders/{id}` comes before the prefixes `/orders` and `/`, and after the prefix `/orders/new`;
 * 4. a method named;
 * 5. more headers, each cookie counting as one: it is a part of one;
 * 6. more query parameters;
 * 7. callers named.
 *
 * Whatever is equal in all of these goes by age and name; see `inOrder`.
 */
export function specificityOf(priority: number, host: string, path: PathMatch, match: RouteMatch): number {
  // One digit for each, in the base that RouteSpec's limits ask for: 7.2e15 in all, which a double holds exactly.
  let number = priority + 1000;
  number = number * 3 + hostClass(host);
  number = number * 254 + host.length;
  number = number * 2 + Number(path.kind === "exact");
  number = number * 1025 + leadOf(path.kind, path.value).length;
  number = number * (HIGHEST_DETAIL + 1) + detailOf(path);
  number = number * 2 + Number(match.methods.length > 0);
  number = number * 33 + match.headers.length + match.cookies.length;
  number = number * 17 + match.query.length;
  return number * 2 + Number(match.callers.length > 0);
}

/** What the order of candidates looks at. */
interface Placed {
  readonly route: Published<RouteSpec>;
  readonly specificity: number;
  readonly place: number;
}

/**
 * The one total order: what is less than 0 says that `a` comes first. Specificity; the older route, by the revision that made
 * it; the name; within a route, as written (Gateway API, "Guidelines: Conflicts": the oldest by creation, then by name).
 */
export function inOrder(a: Placed, b: Placed): number {
  return (
    b.specificity - a.specificity ||
    ageOf(a.route) - ageOf(b.route) ||
    (a.route.id < b.route.id ? -1 : a.route.id > b.route.id ? 1 : a.place - b.place)
  );
}

function hostClass(host: string): number {
  return host === "" ? 0 : host.startsWith("*") ? 1 : 2;
}

/** Longest expression, RouteSpec's limit. */
const LONGEST_REGEX = 512;
/** A path of 1,024 characters has at most so many segments, and the empty one before it. */
const MOST_SEGMENTS = 513;
const HIGHEST_DETAIL = LONGEST_REGEX + 1 + MOST_SEGMENTS;

/** What a condition says beyond its beginning. Two templates that take the same path have as many segments: the one with fewer parameters is narrower. */
function detailOf({ kind, value }: PathMatch): number {
  if (kind === "regex") return value.length;
  if (kind !== "template") return 0;
  // Where a route lets `//` through, there can be more, empty ones: what they add makes nothing narrower.
  const literals = value.split("/").filter((segment) => parameterOf(segment) === null).length;
  return LONGEST_REGEX + 1 + Math.min(MOST_SEGMENTS, literals);
}
