import type { Exchange, Reply } from "./exchange.ts";

/** Answers an exchange. Never rejects for anything a caller or a service did; a rejection is a fault of ours. */
export type Handler = (exchange: Exchange) => Promise<Reply>;

/** One step: answers itself, or asks `next`, as often as it needs to. */
export type Filter = (exchange: Exchange, next: Handler) => Promise<Reply>;

/** Puts filters in front of a last handler. The first listed runs first. Made once: a request allocates nothing for it. */
export function pipeline(filters: readonly Filter[], last: Handler): Handler {
  return filters.reduceRight<Handler>((next, filter) => (exchange) => filter(exchange, next), last);
}
