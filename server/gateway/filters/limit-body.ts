import type { Reply } from "../exchange.ts";
import type { Filter } from "../pipeline.ts";
import { problem } from "../problem.ts";
import type { RequestBody } from "../request-body.ts";

/**
 * Refuses bodies larger than the route allows: at once where their length is announced, else as soon as more has come.
 * The service's connection is cut then, so that it never takes the first part for the whole; so is the client's, if an
 * answer has begun.
 */
export const limitBody: Filter = (exchange, next) => {
  const maxBytes = exchange.route?.spec.maxBodyBytes ?? null;
  const { body } = exchange;
  if (maxBytes === null || body === null) return next(exchange);
  if ((exchange.head.contentLength ?? 0) > maxBytes) return Promise.resolve(tooLarge(maxBytes));
  body.limit(maxBytes);
  return watched(next(exchange), body, maxBytes);
};

async function watched(answer: Promise<Reply>, body: RequestBody, maxBytes: number): Promise<Reply> {
  const reply = await answer;
  if (!body.overLimit) return reply;
  reply.stream?.discard();
  return tooLarge(maxBytes);
}

function tooLarge(maxBytes: number): Reply {
  return problem("BODY_TOO_LARGE", { detail: `At most ${maxBytes} bytes.` });
}
