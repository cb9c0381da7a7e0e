import { decide, type Candidate, type CompiledRoutes } from "#domain/route-match.ts";
import type { Clock } from "#platform/clock.ts";
import { chooseDestination } from "../choose-destination.ts";
import type { Exchange, Reply } from "../exchange.ts";
import type { MeshRoute } from "../mesh.ts";
import type { Filter } from "../pipeline.ts";
import { preflightMethod } from "../preflight-method.ts";
import { problem } from "../problem.ts";
import { RequestView } from "../request-view.ts";

/** Finds the route and the destination whose turn it is, and sets the request's deadline. */
export function matchRoute(clock: Clock, onUnrouted: () => void): Filter {
  return (exchange, next) => {
    const { policy } = exchange.mesh;
    const found = decideOn(policy.matcher, exchange);
    const route = found === null ? undefined : policy.routes.get(found.route.id);
    if (route === undefined) {
      onUnrouted();
      const { method, path, host } = exchange.head;
      return Promise.resolve(problem("NO_ROUTE", { detail: `${method} ${path} on ${host}` }));
    }
    exchange.route = route;
    exchange.match = found;
    exchange.deadlineMs = clock.monotonicMs() + route.spec.timeoutMs;
    const refused = refusal(exchange, route);
    if (refused !== null) return Promise.resolve(refused);
    if (route.answer !== null) return next(exchange);
    exchange.target = chooseDestination(exchange, route);
    return exchange.target === null
      ? Promise.resolve(problem("NO_HEALTHY_INSTANCE", { detail: `Every destination of ${route.id} has weight 0.` }))
      : next(exchange);
  };
}

/** What the route has to be asked for and does not offer; null when nothing. */
function refusal({ head }: Exchange, { spec }: MeshRoute): Reply | null {
  if (head.webSocket && !spec.webSocket) return problem("UPGRADE_REFUSED");
  const unwanted = head.pathNeeds.find((need) => !spec.pathOptIns.includes(need));
  return unwanted === undefined
    ? null
    : problem("BAD_REQUEST", { detail: `The path has a ${unwanted}, which this route does not let through.` });
}

/**
 * The route that takes the request. A CORS preflight is asked for the sake of the request to follow: the route that will
 * take that answers it, if it speaks CORS, whether or not its methods list OPTIONS.
 */
function decideOn(matcher: CompiledRoutes, exchange: Exchange): Candidate | null {
  const view = new RequestView(exchange);
  const method = preflightMethod(view);
  if (method === null) return decide(matcher, view);
  const { arrival, head } = exchange;
  const followed = decide(matcher, new RequestView({ arrival, head: { ...head, method } }));
  return followed === null || followed.route.spec.cors === null ? decide(matcher, view) : followed;
}
