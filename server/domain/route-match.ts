import { linearRegex } from "./linear-regex.ts";
import { parameterOf } from "./path-pattern.ts";
import type { HeaderMatch, PathMatch, QueryMatch, RouteMatch, ValueMatch } from "./route-conditions.ts";
import type { RouteSpec } from "./route.ts";
import type { Published } from "./snapshot.ts";

export type ListenerKind = RouteSpec["listeners"][number];

/** What a decision may look at. */
export interface MatchRequest {
  readonly listener: ListenerKind;
  /** Lower-cased, without port. */
  readonly host: string;
  readonly method: string;
  /** Canonical, without query. */
  readonly path: string;
  /** Value of a field by lower-case name; several lines of one name joined by ", ". */
  header(name: string): string | undefined;
  /** First value of a query parameter, decoded. */
  query(name: string): string | undefined;
  /** First value of a cookie. */
  cookie(name: string): string | undefined;
  /** Service whose egress listener took the request; `outside` at the edge. */
  readonly caller: string;
}

/** One way into a route: one of its hosts with one of its matches. */
export interface Candidate {
  readonly route: Published<RouteSpec>;
  /** Empty: any host. */
  readonly host: string;
  readonly match: RouteMatch;
  /** Prefixes by whole segments: no trailing slash, and empty for `/`. */
  readonly path: PathMatch;
  /** Place in the total order of precedence; the lowest that matches wins. */
  readonly rank: number;
  /** Whether the candidate's path condition holds. */
  readonly takesPath: (path: string) => boolean;
}

interface HostIndex {
  readonly exact: Map<string, Candidate[]>;
  readonly prefix: Map<string, Candidate[]>;
  /** Templates and regular expressions, first in precedence first. */
  readonly patterns: Candidate[];
  /** Longest key of `prefix`: what is longer need not be looked up, however many segments a hostile path has. */
  longestPrefix: number;
}

/** Routes of one snapshot, indexed for lookup: nothing is parsed or sorted per request. */
export interface CompiledRoutes {
  readonly byListener: Readonly<Record<ListenerKind, ReadonlyMap<string, HostIndex>>>;
  /** All candidates, first in precedence first; those of disabled routes included, for explanations. */
  readonly candidates: readonly Candidate[];
}

/**
 * Puts all candidates into the one order of precedence: priority; exact host, longest wildcard, any host; exact path,
 * longest prefix; a method named; more headers; more query parameters; the older route (by the revision that made or
 * last changed it); the name. Whatever matches first in it wins.
 */
export function compileRoutes(routes: Iterable<Published<RouteSpec>>): CompiledRoutes {
  const candidates = [...routes]
    .flatMap(candidatesOf)
    .sort(byPrecedence)
    .map((candidate, rank) => ({ ...candidate, rank }));
  const byListener = { edge: new Map<string, HostIndex>(), egress: new Map<string, HostIndex>() };
  for (const candidate of candidates) {
    if (!candidate.route.spec.enabled) continue;
    for (const listener of candidate.route.spec.listeners) insert(byListener[listener], candidate);
  }
  return { byListener, candidates };
}

/** The candidate that takes the request, or null. Cost grows with the labels of the host and the segments of the path, not with the number of routes. */
export function decide(compiled: CompiledRoutes, request: MatchRequest): Candidate | null {
  const hosts = compiled.byListener[request.listener];
  let best = bestOf(hosts.get(request.host), request, null);
  for (let dot = request.host.indexOf("."); dot !== -1; dot = request.host.indexOf(".", dot + 1)) {
    best = bestOf(hosts.get(`*${request.host.slice(dot)}`), request, best);
  }
  return request.host === "" ? best : bestOf(hosts.get(""), request, best);
}

/** Why a candidate did not take a request. */
export type LossReason =
  | "disabled"
  | "listener"
  | "host"
  | "path"
  | "method"
  | "header"
  | "query"
  | "cookie"
  | "caller"
  | "outranked";

export interface Explained {
  readonly routeId: string;
  readonly host: string;
  readonly match: RouteMatch;
  /** Null for the winner. */
  readonly lost: { readonly reason: LossReason; readonly detail: string } | null;
}

/** Every candidate in order of precedence, and why it lost; at most one has won. Agrees with `decide` always. */
export function explain(compiled: CompiledRoutes, request: MatchRequest): readonly Explained[] {
  let winner: Candidate | undefined;
  return compiled.candidates.map((candidate) => {
    const lost = mismatch(candidate, request) ?? (winner === undefined ? null : outrankedBy(winner));
    if (lost === null) winner = candidate;
    return { routeId: candidate.route.id, host: candidate.host, match: candidate.match, lost };
  });
}

function outrankedBy(winner: Candidate): { reason: LossReason; detail: string } {
  return { reason: "outranked", detail: `${winner.route.id} comes first` };
}

function candidatesOf(route: Published<RouteSpec>): Candidate[] {
  const hosts = route.spec.hosts.length === 0 ? [""] : route.spec.hosts;
  return hosts.flatMap((host) =>
    route.spec.matches.map((match) => {
      const path = normalised(match.path);
      return { route, host, match, path, rank: 0, takesPath: pathTest(path) };
    }),
  );
}

function normalised(path: PathMatch): PathMatch {
  return path.kind === "prefix" ? { kind: "prefix", value: path.value.replace(/\/+$/, "") } : path;
}

function pathTest({ kind, value }: PathMatch): (path: string) => boolean {
  switch (kind) {
    case "exact":
      return (path) => path === value;
    case "prefix":
      return (path) => path === value || path.startsWith(`${value}/`);
    case "template": {
      const wanted = value.split("/").map((segment) => (parameterOf(segment) === null ? segment : null));
      return (path) => {
        const segments = path.split("/");
        return (
          segments.length === wanted.length &&
          wanted.every((segment, at) => (segment === null ? segments[at] !== "" : segments[at] === segment))
        );
      };
    }
    case "regex": {
      const regex = linearRegex(value);
      return (path) => regex.matches(path);
    }
  }
}

function byPrecedence(a: Candidate, b: Candidate): number {
  return (
    b.route.spec.priority - a.route.spec.priority ||
    hostClass(b.host) - hostClass(a.host) ||
    b.host.length - a.host.length ||
    pathClass(b.path) - pathClass(a.path) ||
    b.path.value.length - a.path.value.length ||
    Number(b.match.methods.length > 0) - Number(a.match.methods.length > 0) ||
    b.match.headers.length - a.match.headers.length ||
    b.match.query.length - a.match.query.length ||
    a.route.revision - b.route.revision ||
    (a.route.id < b.route.id ? -1 : a.route.id > b.route.id ? 1 : 0)
  );
}

function hostClass(host: string): number {
  return host === "" ? 0 : host.startsWith("*") ? 1 : 2;
}

const PATH_CLASSES = { exact: 3, prefix: 2, template: 1, regex: 0 } as const;

function pathClass(path: PathMatch): number {
  return PATH_CLASSES[path.kind];
}

function insert(hosts: Map<string, HostIndex>, candidate: Candidate): void {
  let index = hosts.get(candidate.host);
  if (index === undefined)
    hosts.set(candidate.host, (index = { exact: new Map(), prefix: new Map(), patterns: [], longestPrefix: 0 }));
  if (candidate.path.kind === "template" || candidate.path.kind === "regex") {
    index.patterns.push(candidate);
    return;
  }
  const paths = index[candidate.path.kind];
  if (candidate.path.kind === "prefix")
    index.longestPrefix = Math.max(index.longestPrefix, candidate.path.value.length);
  const list = paths.get(candidate.path.value);
  if (list === undefined) paths.set(candidate.path.value, [candidate]);
  else list.push(candidate);
}

/** Best of `best` and what one host's index holds for the request: the exact path, then every prefix by whole segments. */
function bestOf(index: HostIndex | undefined, request: MatchRequest, best: Candidate | null): Candidate | null {
  if (index === undefined) return best;
  const { path } = request;
  let found = first(index.exact.get(path), request, best);
  for (let end = path.endsWith("/") ? path.length - 1 : path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    if (end <= index.longestPrefix) found = first(index.prefix.get(path.slice(0, end)), request, found);
  }
  found = first(index.prefix.get(""), request, found);
  return first(
    index.patterns.filter((candidate) => candidate.takesPath(path)),
    request,
    found,
  );
}

/** First of a sorted list that matches and comes before `best`. */
function first(
  list: readonly Candidate[] | undefined,
  request: MatchRequest,
  best: Candidate | null,
): Candidate | null {
  if (list === undefined) return best;
  for (const candidate of list) {
    if (best !== null && candidate.rank > best.rank) return best;
    if (valuesMismatch(candidate.match, request) === null) return candidate;
  }
  return best;
}

function mismatch(candidate: Candidate, request: MatchRequest): { reason: LossReason; detail: string } | null {
  const { spec } = candidate.route;
  if (!spec.enabled) return { reason: "disabled", detail: "The route is switched off" };
  if (!spec.listeners.includes(request.listener))
    return { reason: "listener", detail: `Not offered on ${request.listener} listeners` };
  if (!hostMatches(candidate.host, request.host))
    return { reason: "host", detail: `${request.host} is not ${candidate.host}` };
  if (!candidate.takesPath(request.path)) {
    return {
      reason: "path",
      detail: `${request.path} does not match ${candidate.match.path.kind} ${candidate.match.path.value}`,
    };
  }
  return valuesMismatch(candidate.match, request);
}

function hostMatches(pattern: string, host: string): boolean {
  if (pattern === "" || pattern === host) return true;
  return pattern.startsWith("*.") && host.length > pattern.length - 1 && host.endsWith(pattern.slice(1));
}

function valuesMismatch(match: RouteMatch, request: MatchRequest): { reason: LossReason; detail: string } | null {
  if (match.methods.length > 0 && !match.methods.some((method) => method === request.method)) {
    return { reason: "method", detail: `${request.method} is not ${match.methods.join(", ")}` };
  }
  const header = match.headers.find((wanted: HeaderMatch) => !valueMatches(wanted.match, request.header(wanted.name)));
  if (header !== undefined)
    return { reason: "header", detail: `Header ${header.name} is not ${describe(header.match)}` };
  const query = match.query.find((wanted: QueryMatch) => !valueMatches(wanted.match, request.query(wanted.name)));
  if (query !== undefined)
    return { reason: "query", detail: `Parameter ${query.name} is not ${describe(query.match)}` };
  const cookie = match.cookies.find((wanted) => !valueMatches(wanted.match, request.cookie(wanted.name)));
  if (cookie !== undefined)
    return { reason: "cookie", detail: `Cookie ${cookie.name} is not ${describe(cookie.match)}` };
  return match.callers.length === 0 || match.callers.includes(request.caller)
    ? null
    : { reason: "caller", detail: `${request.caller} is not ${match.callers.join(", ")}` };
}

function valueMatches(match: ValueMatch, value: string | undefined): boolean {
  switch (match.kind) {
    case "exact":
      return value === match.value;
    case "prefix":
      return value !== undefined && value.startsWith(match.value);
    case "regex":
      return value !== undefined && linearRegex(match.value).matches(value);
    case "present":
      return value !== undefined;
    case "absent":
      return value === undefined;
  }
}

function describe(match: ValueMatch): string {
  return "value" in match ? `${match.kind} ${JSON.stringify(match.value)}` : match.kind;
}
