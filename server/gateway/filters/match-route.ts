import { decide, type MatchRequest } from "#domain/route-match.ts";
import type { Clock } from "#platform/clock.ts";
import { chooseDestination } from "../choose-destination.ts";
import type { Exchange } from "../exchange.ts";
import type { Filter } from "../pipeline.ts";
import { problem } from "../problem.ts";
import type { RequestHead } from "../request-head.ts";

/** Finds the route and the destination whose turn it is, and sets the request's deadline. */
export function matchRoute(clock: Clock, onUnrouted: () => void): Filter {
  return async (exchange, next) => {
    const { policy } = exchange.mesh;
    const found = decide(policy.matcher, new RequestView(exchange));
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
    exchange.target = chooseDestination(exchange, route);
    return exchange.target === null
      ? problem("NO_HEALTHY_INSTANCE", { detail: `Every destination of ${route.id} has weight 0.` })
      : next(exchange);
  };
}

/** A request as routes may look at it. Fields and parameters are looked up only by routes that ask. */
class RequestView implements MatchRequest {
  readonly listener: MatchRequest["listener"];
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly caller: string;
  readonly #head: RequestHead;
  #query: URLSearchParams | null = null;

  constructor(exchange: Exchange) {
    this.listener = exchange.arrival.listener;
    this.#head = exchange.head;
    this.host = exchange.head.host;
    this.method = exchange.head.method;
    this.path = exchange.head.path;
    this.caller = exchange.arrival.caller;
  }

  header(name: string): string | undefined {
    const { headers } = this.#head;
    let value: string | undefined;
    for (let index = 0; index < headers.length; index += 2) {
      if (headers[index]?.toLowerCase() === name)
        value = value === undefined ? headers[index + 1] : `${value}, ${headers[index + 1] ?? ""}`;
    }
    return value;
  }

  cookie(name: string): string | undefined {
    for (const pair of this.header("cookie")?.split(/;\s*|,\s+/) ?? []) {
      if (pair.startsWith(`${name}=`)) return pair.slice(name.length + 1);
    }
    return undefined;
  }

  query(name: string): string | undefined {
    this.#query ??= new URLSearchParams(this.#head.search);
    return this.#query.get(name) ?? undefined;
  }
}
