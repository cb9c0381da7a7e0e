import type { Filter } from "../pipeline.ts";
import { problem } from "../problem.ts";

/** Refuses bodies larger than the route allows, before anything of them is read where their length is known. */
export const limitBody: Filter = (exchange, next) => {
  const maxBytes = exchange.route?.spec.maxBodyBytes ?? null;
  if (maxBytes === null || exchange.body === null) return next(exchange);
  if ((exchange.head.contentLength ?? 0) > maxBytes)
    return Promise.resolve(problem("BODY_TOO_LARGE", { detail: `At most ${maxBytes} bytes.` }));
  return next(exchange);
};
