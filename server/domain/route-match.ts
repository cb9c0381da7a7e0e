import { mapChange, PersistentMap } from "./persistent-map.ts";
import { candidatesOf, obstacleOf, type Candidate, type LossReason, type MatchRequest } from "./route-candidate.ts";
import type { RouteMatch } from "./route-conditions.ts";
import { changedIndex, EMPTY_INDEX, firstOf, type RouteIndex } from "./route-index.ts";
import { inOrder } from "./route-precedence.ts";
import type { RouteSpec } from "./route.ts";
import type { Published } from "./snapshot.ts";

// What a decision is about is part of what this file is asked for.

type Routes = ReadonlyMap<string, Published<RouteSpec>>;

/** Routes of one snapshot, indexed for lookup: nothing is parsed or sorted per request. Immutable. */
export interface CompiledRoutes {
  readonly routes: Routes;
  readonly index: RouteIndex;
  /** Candidates taken out since the index was made from nothing: what they leave behind goes when it is made anew. */
  readonly removals: number;
}

const MOST_REMOVALS = 1000;
const NO_ROUTES: CompiledRoutes = { routes: PersistentMap.empty(), index: EMPTY_INDEX, removals: 0 };

/** Candidates of a route as the indexes hold them, for as long as anybody holds the route. */
const made = new WeakMap<Published<RouteSpec>, readonly Candidate[]>();

function candidatesMade(route: Published<RouteSpec>): readonly Candidate[] {
  let candidates = made.get(route);
  if (candidates === undefined) made.set(route, (candidates = candidatesOf(route)));
  return candidates;
}

export function compileRoutes(routes: Iterable<Published<RouteSpec>>): CompiledRoutes {
  return recompileRoutes(NO_ROUTES, PersistentMap.from([...routes].map((route) => [route.id, route])));
}

/**
 * The same as compiling `routes` from nothing, at the cost of those that are not the very same objects as before. What was
 * compiled before stays as it is: requests under way go on with it.
 */
export function recompileRoutes(previous: CompiledRoutes, routes: Routes): CompiledRoutes {
  const { set, removed } = mapChange(previous.routes, routes);
  if (set.length === 0 && removed.length === 0) return previous;
  const gone = [...removed, ...set.map(([id]) => id)].flatMap((id) => previous.routes.get(id) ?? []);
  const come = set.map(([, route]) => route);
  const removals = previous.removals + gone.length;
  if (removals > Math.max(MOST_REMOVALS, routes.size)) return compileRoutes(routes.values());
  return { routes, index: changedIndex(previous.index, gone.flatMap(offered), come.flatMap(offered)), removals };
}

/** The candidate that takes the request, or null. Cost grows with the length of host and path, not with the number of routes. */
export function decide(compiled: CompiledRoutes, request: MatchRequest): Candidate | null {
  return firstOf(compiled.index, request);
}

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
  return candidatesInOrder(compiled).map((candidate) => {
    const lost = lossOf(candidate, request, winner);
    if (lost === null) winner = candidate;
    return { routeId: candidate.route.id, host: candidate.host, match: candidate.match, lost };
  });
}

function lossOf(candidate: Candidate, request: MatchRequest, winner: Candidate | undefined): Explained["lost"] {
  const obstacle = obstacleOf(candidate, request);
  if (obstacle !== null) return { reason: obstacle.reason, detail: obstacle.detail(candidate, request) };
  return winner === undefined ? null : { reason: "outranked", detail: `${winner.route.id} comes first` };
}

const ordered = new WeakMap<CompiledRoutes, readonly Candidate[]>();

/** All candidates, first in precedence first, those of disabled routes too. Sorted when first asked for: no request needs it. */
export function candidatesInOrder(compiled: CompiledRoutes): readonly Candidate[] {
  let candidates = ordered.get(compiled);
  if (candidates === undefined)
    ordered.set(compiled, (candidates = [...compiled.routes.values()].flatMap(candidatesMade).sort(inOrder)));
  return candidates;
}

/** Those that can take requests at all. */
function offered(route: Published<RouteSpec>): readonly Candidate[] {
  return route.spec.enabled ? candidatesMade(route) : [];
}
