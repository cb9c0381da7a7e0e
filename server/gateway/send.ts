import type { Clock } from "#platform/clock.ts";
import type { DeadlineWheel } from "./deadline-wheel.ts";
import type { Reply } from "./exchange.ts";
import { requestHeaders } from "./forward-headers.ts";
import type { Handler } from "./pipeline.ts";
import { problem } from "./problem.ts";
import { UpstreamCall } from "./upstream-call.ts";
import type { UpstreamPools } from "./upstream-pools.ts";

/** Last step: sends the request to the instance that was picked, and answers as soon as the response head is in. */
export function send(pools: UpstreamPools, wheel: DeadlineWheel, clock: Clock): Handler {
  return (exchange) =>
    new Promise<Reply>((resolve) => {
      const { attempt, instance, head, body } = exchange;
      if (attempt === null || instance === null) return resolve(problem("GATEWAY_INTERNAL"));
      if (exchange.abandoned) return resolve(problem("UPSTREAM_RESET", { outcome: "abandoned" }));
      // A call without time could only fail, and its failure would be held against a service that did nothing wrong.
      if (exchange.deadlineMs <= clock.monotonicMs())
        return resolve(problem("UPSTREAM_TIMEOUT", { outcome: "abandoned", detail: "No time was left to call it." }));
      const call = new UpstreamCall({ exchange, attempt, wheel, clock, onReply: resolve });
      exchange.attempts += 1;
      call.begin();
      const { arrival, requestId, sentAuthority } = exchange;
      const headers = requestHeaders({ ...head, remoteAddress: arrival.remoteAddress, requestId, sentAuthority });
      exchange.route?.requestHeaders?.apply(headers, exchange);
      pools
        .get(instance.origin)
        .dispatch(
          { path: exchange.sentPath + head.search, method: head.method, headers, body: body?.open() ?? null },
          call,
        );
    });
}
