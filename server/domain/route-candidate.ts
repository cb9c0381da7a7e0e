import { isBelow, pathTest } from "./path-pattern.ts";
import type { HTTP_METHODS, PathMatch, RouteMatch, ValueMatch } from "./route-conditions.ts";
import { specificityOf } from "./route-precedence.ts";
import type { RouteSpec } from "./route.ts";
import type { Published } from "./snapshot.ts";
import { valueTest } from "./value-test.ts";

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

/** What keeps a candidate from a request. */
interface Obstacle {
  readonly reason: LossReason;
  /** For people: what is asked, and what was found instead. */
  readonly detail: (candidate: Candidate, request: MatchRequest) => string;
}

interface Condition extends Obstacle {
  readonly holds: (request: MatchRequest) => boolean;
}

/**
 * One way into a route: one of its hosts with one of its matches, made ready when the route is published. What decides most
 * requests stands first, close together in memory.
 */
export interface Candidate {
  /** Listeners it is offered on, as bits; none when the route is switched off. */
  readonly listeners: number;
  /** Empty: any host. */
  readonly host: string;
  /** Of `path`. */
  readonly pathKind: PathMatch["kind"];
  readonly pathText: string;
  /** Methods it takes, as bits; none for any. */
  readonly methods: number;
  /** Beyond host, path and method. */
  readonly conditions: readonly Condition[];
  readonly route: Published<RouteSpec>;
  readonly match: RouteMatch;
  /** Prefixes by whole segments: no trailing slash, and empty for `/`. */
  readonly path: PathMatch;
  /** For a template or a regular expression. */
  readonly pathTest: ((path: string) => boolean) | null;
  /** Of two that take a request, the greater wins; see `specificityOf`. */
  readonly specificity: number;
  /** Place among the route's own candidates. */
  readonly place: number;
}

const LISTENER_BITS: Readonly<Record<ListenerKind, number>> = { edge: 1, egress: 2 };
const METHOD_BITS = { GET: 1, HEAD: 2, POST: 4, PUT: 8, PATCH: 16, DELETE: 32, OPTIONS: 64 } as const satisfies Record<
  (typeof HTTP_METHODS)[number],
  number
>;

/** All ways into a route: its hosts times its matches. */
export function candidatesOf(route: Published<RouteSpec>): Candidate[] {
  const { enabled, matches, priority } = route.spec;
  const hosts = route.spec.hosts.length === 0 ? [""] : route.spec.hosts;
  const listeners = enabled ? bits(route.spec.listeners.map((listener) => LISTENER_BITS[listener])) : 0;
  const prepared = matches.map((match) => ({ match, path: normalised(match.path), conditions: conditionsOf(match) }));
  return hosts.flatMap((host, hostAt) =>
    prepared.map(({ match, path, conditions }, at) => ({
      listeners,
      host,
      pathKind: path.kind,
      pathText: path.value,
      methods: bits(match.methods.map((method) => METHOD_BITS[method])),
      conditions,
      route,
      match,
      path,
      pathTest: path.kind === "template" || path.kind === "regex" ? pathTest(path.kind, path.value) : null,
      specificity: specificityOf(priority, host, path, match),
      place: hostAt * matches.length + at,
    })),
  );
}

const NOTHING: readonly never[] = [];

const DISABLED: Obstacle = { reason: "disabled", detail: () => "The route is switched off" };
const LISTENER: Obstacle = {
  reason: "listener",
  detail: (_candidate, { listener }) => `Not offered on ${listener} listeners`,
};
const HOST: Obstacle = { reason: "host", detail: ({ host }, request) => `${request.host} is not ${host}` };
const PATH: Obstacle = {
  reason: "path",
  detail: ({ match }, { path }) => `${path} does not match ${match.path.kind} ${match.path.value}`,
};
const METHOD: Obstacle = {
  reason: "method",
  detail: ({ match }, { method }) => `${method} is not ${match.methods.join(", ")}`,
};

/**
 * What keeps a candidate from a request, or null when it could take it. The one test there is, to decide as to explain.
 * Cheapest first, so that a path's regular expression comes last.
 */
export function obstacleOf(candidate: Candidate, request: MatchRequest): Obstacle | null {
  if ((candidate.listeners & (request.listener === "edge" ? LISTENER_BITS.edge : LISTENER_BITS.egress)) === 0)
    return candidate.listeners === 0 ? DISABLED : LISTENER;
  if (!hostMatches(candidate.host, request.host)) return HOST;
  const isDear = candidate.pathKind === "regex";
  if (!isDear && !takesPath(candidate, request.path)) return PATH;
  if (candidate.methods !== 0 && (candidate.methods & methodBit(request.method)) === 0) return METHOD;
  for (const condition of candidate.conditions) if (!condition.holds(request)) return condition;
  return isDear && !takesPath(candidate, request.path) ? PATH : null;
}

/** Whether a candidate's path condition holds. */
export function takesPath({ pathKind, pathText, pathTest: test }: Candidate, path: string): boolean {
  if (pathKind === "exact") return path === pathText;
  return pathKind === "prefix" ? isBelow(path, pathText) : test?.(path) === true;
}

/** Whether a pattern of a host takes a host. */
export function hostMatches(pattern: string, host: string): boolean {
  if (pattern === "" || pattern === host) return true;
  return pattern.startsWith("*.") && host.length > pattern.length - 1 && host.endsWith(pattern.slice(1));
}

/** 0 for a method that no route can name. */
function methodBit(method: string): number {
  switch (method) {
    case "GET":
    case "HEAD":
    case "POST":
    case "PUT":
    case "PATCH":
    case "DELETE":
    case "OPTIONS":
      return METHOD_BITS[method];
    default:
      return 0;
  }
}

function bits(each: readonly number[]): number {
  return each.reduce((all, bit) => all | bit, 0);
}

function normalised(path: PathMatch): PathMatch {
  return path.kind === "prefix" ? { kind: "prefix", value: path.value.replace(/\/+$/, "") } : path;
}

function conditionsOf({ headers, query, cookies, callers }: RouteMatch): readonly Condition[] {
  const conditions: readonly Condition[] = [
    ...headers.map(({ name, match }) => valueCondition("header", name, match, (request) => request.header(name))),
    ...query.map(({ name, match }) => valueCondition("query", name, match, (request) => request.query(name))),
    ...cookies.map(({ name, match }) => valueCondition("cookie", name, match, (request) => request.cookie(name))),
    ...(callers.length === 0 ? NOTHING : [callerCondition(callers)]),
  ];
  // One for all that have none.
  return conditions.length === 0 ? NOTHING : conditions;
}

function callerCondition(callers: readonly string[]): Condition {
  const wanted: ReadonlySet<string> = new Set(callers);
  return {
    reason: "caller",
    holds: ({ caller }) => wanted.has(caller),
    detail: (_candidate, { caller }) => `${caller} is not ${callers.join(", ")}`,
  };
}

const NOUNS = { header: "Header", query: "Parameter", cookie: "Cookie" } as const;

function valueCondition(
  reason: keyof typeof NOUNS,
  name: string,
  match: ValueMatch,
  valueIn: (request: MatchRequest) => string | undefined,
): Condition {
  const test = valueTest(match);
  const detail = `${NOUNS[reason]} ${name} is not ${describe(match)}`;
  return { reason, holds: (request) => test(valueIn(request)), detail: () => detail };
}

function describe(match: ValueMatch): string {
  return "value" in match ? `${match.kind} ${JSON.stringify(match.value)}` : match.kind;
}
