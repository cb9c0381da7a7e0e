import type { Clock } from "#platform/clock.ts";
import type { FilterCounters } from "../filter-counters.ts";
import type { Filter } from "../pipeline.ts";
import { problem } from "../problem.ts";
import { readKey } from "../request-key.ts";

/** Lets a request through while every limit of its route has a token; says otherwise when to come again. */
export function limitRate(counters: FilterCounters, clock: Clock): Filter {
  return (exchange, next) => {
    const limiter = exchange.route?.rateLimits ?? null;
    if (limiter === null) return next(exchange);
    const waitMs = limiter.admit((by) => readKey(exchange, by), clock.monotonicMs());
    if (waitMs === 0) return next(exchange);
    counters.rateLimited(exchange.route?.id ?? "");
    return Promise.resolve(problem("RATE_LIMITED", { retryAfterMs: waitMs }));
  };
}
