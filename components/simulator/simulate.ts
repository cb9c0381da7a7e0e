import { decide, explain, type compileRoutes } from "#domain/route-match.ts";
import type { RouteSpec } from "#domain/route.ts";
import type { Published } from "#domain/snapshot.ts";
import type { ReadRequest } from "./read-request.ts";

type CompiledRoutes = ReturnType<typeof compileRoutes>;

/** One way into a route, and why it did not take the request; null for the one that did. */
export type ExplainedCandidate = ReturnType<typeof explain>[number];

export interface Simulation {
  /** Every way into every route, first in precedence first. */
  readonly candidates: readonly ExplainedCandidate[];
  readonly winner: { readonly route: Published<RouteSpec>; readonly candidate: ExplainedCandidate } | null;
  /** Why the winner answers 400: then no other route is asked. Null when it does not. */
  readonly refusal: string | null;
  /** Method that a CORS preflight asks for, where the winner answers that for the request to follow; else null. */
  readonly preflightFor: string | null;
}

/** Makes the gateway's own decision, here: with the same functions over the same routes. */
export function simulate(routes: CompiledRoutes, request: ReadRequest): Simulation {
  const asked = preflightMethod(request);
  if (asked === null) return { ...decided(routes, request), preflightFor: null };
  // It is asked for the sake of the request to follow: the route that will take that answers it, if it speaks CORS.
  const followed = decided(routes, { ...request, method: asked });
  return followed.winner === null || followed.winner.route.spec.cors === null
    ? { ...decided(routes, request), preflightFor: null }
    : { ...followed, preflightFor: asked };
}

function decided(routes: CompiledRoutes, request: ReadRequest): Omit<Simulation, "preflightFor"> {
  const candidates = explain(routes, request);
  const candidate = candidates.find(({ lost }) => lost === null);
  const route = decide(routes, request)?.route;
  if (candidate === undefined || route === undefined) return { candidates, winner: null, refusal: null };
  return { candidates, winner: { route, candidate }, refusal: refusalOf(route.spec, request) };
}

function refusalOf({ pathOptIns, webSocket }: RouteSpec, request: ReadRequest): string | null {
  const unwanted = request.pathNeeds.find((need) => !pathOptIns.includes(need));
  if (unwanted !== undefined)
    return `The path has a ${unwanted}, which services read in different ways. The route can let it through under Advanced.`;
  const upgrades = request.header("upgrade")?.toLowerCase().includes("websocket") === true;
  return upgrades && !webSocket
    ? "It opens no WebSocket connections, unless that is switched on under Advanced."
    : null;
}

/** The method a CORS preflight asks for (Fetch standard); null for every other request. */
function preflightMethod(request: ReadRequest): string | null {
  if (request.method !== "OPTIONS" || request.header("origin") === undefined) return null;
  return request.header("access-control-request-method") ?? null;
}
