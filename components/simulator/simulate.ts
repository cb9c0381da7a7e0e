import type { PathOptIn } from "#domain/canonical-path.ts";
import { decide, explain, type compileRoutes } from "#domain/route-match.ts";
import type { RouteSpec } from "#domain/route.ts";
import type { Published } from "#domain/snapshot.ts";
import type { ReadRequest } from "./read-request.ts";

/** One way into a route, and why it did not take the request; null for the one that did. */
export type ExplainedCandidate = ReturnType<typeof explain>[number];

export interface Simulation {
  /** Every way into every route, first in precedence first. */
  readonly candidates: readonly ExplainedCandidate[];
  readonly winner: { readonly route: Published<RouteSpec>; readonly candidate: ExplainedCandidate } | null;
  /** What the path has that the winner does not let through: the answer is 400, no other route is asked. */
  readonly unwanted: PathOptIn | null;
}

/** Makes the gateway's own decision, here: with the same functions over the same routes. */
export function simulate(routes: ReturnType<typeof compileRoutes>, request: ReadRequest): Simulation {
  const candidates = explain(routes, request);
  const candidate = candidates.find(({ lost }) => lost === null);
  const route = decide(routes, request)?.route;
  if (candidate === undefined || route === undefined) return { candidates, winner: null, unwanted: null };
  const unwanted = request.pathNeeds.find((need) => !route.spec.pathOptIns.includes(need)) ?? null;
  return { candidates, winner: { route, candidate }, unwanted };
}
