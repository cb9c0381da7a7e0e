import { decide, type Candidate, type CompiledRoutes } from "#domain/route-match.ts";
import type { Clock } from "#platform/clock.ts";
import { chooseDestination } from "../choose-destination.ts";
import type { Exchange } from "../exchange.ts";
import type { Filter } from "../pipeline.ts";
import { preflightMethod } from "../preflight-method.ts";
import { problem } from "../problem.ts";
import { RequestView } from "../request-view.ts";

/** Finds the route and the destination whose turn it is, and sets the request's deadline. */
export function matchRoute(clock: Clock, onUnrouted: () => void): Filter {
  return async (exchange, next) => {
    const { policy } = exchange.mesh;
    const found = decideOn(policy.matcher, exchange);
    const route = found === null ? undefined : policy.routes.get(found.route.id);
    if (route === undefined) {
      onUnrouted();
      return problem("NO_ROUTE", { detail: `${exchange.head.method} ${exchange.head.path} on ${exchange.head.host}` });
    }
    exchange.route = route;
    exchange.match = found;
    const unwanted = exchange.head.pathNeeds.find((need) => !route.spec.pathOptIns.includes(need));
    if (unwanted !== undefined)
      return problem("BAD_REQUEST", { detail: `The path has a ${unwanted}, which this route does not let through.` });
    if (exchange.head.webSocket && !route.spec.webSocket) return problem("UPGRADE_REFUSED");
    exchange.deadlineMs = clock.monotonicMs() + route.spec.timeoutMs;
    if (route.answer !== null) return next(exchange);
    exchange.target = chooseDestination(exchange, route);
    return exchange.target === null
      ? problem("NO_HEALTHY_INSTANCE", { detail: `Every destination of ${route.id} has weight 0.` })
      : next(exchange);
  };
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
