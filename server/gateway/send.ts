import type { Clock } from "#platform/clock.ts";
import type { DeadlineWheel } from "./deadline-wheel.ts";
import type { Exchange, Reply } from "./exchange.ts";
import { requestHeaders } from "./forward-headers.ts";
import type { Handler } from "./pipeline.ts";
import { problem } from "./problem.ts";
import type { RequestFacts } from "./route-filters.ts";
import { UpstreamCall } from "./upstream-call.ts";
import type { UpstreamClient, UpstreamRequest } from "./upstream/upstream.ts";

/** Last step: sends the request to the instance that was picked, and answers as soon as the response head is in. */
export function send(upstreams: UpstreamClient, wheel: DeadlineWheel, clock: Clock): Handler {
  return (exchange) =>
    new Promise<Reply>((resolve) => {
      const { attempt, body, instance } = exchange;
      if (attempt === null || instance === null) return resolve(problem("GATEWAY_INTERNAL"));
      if (exchange.abandoned) return resolve(problem("UPSTREAM_RESET", { outcome: "abandoned" }));
      // A call without time could only fail, and its failure would be held against a service that did nothing wrong.
      if (exchange.deadlineMs <= clock.monotonicMs())
        return resolve(problem("UPSTREAM_TIMEOUT", { outcome: "abandoned", detail: "No time was left to call it." }));
      const call = new UpstreamCall({ exchange, attempt, wheel, clock, onReply: resolve });
      exchange.attempts += 1;
      call.begin();
      call.over(upstreams.send(instance, requestOf(exchange, exchange, body?.open() ?? null), call));
    });
}

/** The request as it is sent. `facts`: for values that name the service and the instance it goes to. */
export function requestOf(exchange: Exchange, facts: RequestFacts, body: UpstreamRequest["body"]): UpstreamRequest {
  const { arrival, head, route, sentAuthority, sentPath } = exchange;
  const { forwarding } = arrival;
  const { hopNames, spoken } = head;
  const headers = requestHeaders({ headers: head.headers, hopNames, authority: sentAuthority, forwarding, spoken });
  route?.requestHeaders?.apply(headers, facts);
  return {
    method: head.method,
    target: sentPath + head.search,
    headers,
    body,
    contentLength: head.contentLength,
    upgrade: head.webSocket,
  };
}
