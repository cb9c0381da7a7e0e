import type { Clock } from "#platform/clock.ts";
import type { Exchange } from "../exchange.ts";
import type { Filter } from "../pipeline.ts";

/** Says in response headers what happened to the request. Instances are named by id, never by address. */
export function annotate(clock: Clock): Filter {
  return async (exchange, next) => {
    const reply = await next(exchange);
    const { headers } = reply;
    // Before ours: the route's changes are of what the service or a filter said.
    exchange.route?.responseHeaders?.apply(headers, exchange);
    if (exchange.route !== null) headers.push("x-mesh-route", exchange.route.id);
    if (exchange.target !== null) headers.push("x-mesh-service", exchange.target.service);
    if (exchange.target !== null && exchange.target.subset !== "")
      headers.push("x-mesh-subset", sayable(exchange.target.subset));
    if (exchange.instance !== null) headers.push("x-mesh-instance", sayable(exchange.instance.id));
    if (exchange.fallback !== null)
      headers.push("x-mesh-fallback", `${exchange.fallback.by};reason=${exchange.fallback.reason}`);
    headers.push("x-mesh-attempts", String(exchange.attempts));
    headers.push("x-mesh-revision", exchange.mesh.revision);
    headers.push("x-request-id", exchange.requestId);
    headers.push("server-timing", timing(exchange, clock.monotonicMs()));
    return reply;
  };
}

const UNSAYABLE = /[^\x20-\x7e]/;

/** Third parties choose the ids and labels of instances: what is not visible ASCII is percent-encoded. */
function sayable(text: string): string {
  return UNSAYABLE.test(text) ? encodeURIComponent(text.toWellFormed()) : text;
}

/** `gw`: what the gateway added; `up`: what it waited for. Milliseconds. */
function timing(exchange: Exchange, nowMs: number): string {
  const gateway = Math.max(0, nowMs - exchange.startedMs - exchange.upstreamMs);
  return `gw;dur=${hundredths(gateway)}, up;dur=${hundredths(exchange.upstreamMs)}`;
}

/** Rounded to two digits; `toFixed` takes several times as long. */
function hundredths(ms: number): number {
  return Math.round(ms * 100) / 100;
}
