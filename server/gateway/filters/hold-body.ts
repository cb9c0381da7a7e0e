import type { Clock } from "#platform/clock.ts";
import type { DeadlineWheel } from "../deadline-wheel.ts";
import type { Exchange, Reply } from "../exchange.ts";
import type { RequestBody } from "../request-body.ts";
import type { Filter, Handler } from "../pipeline.ts";
import { problem } from "../problem.ts";
import { mayRepeat } from "../retry-rule.ts";

/** Bodies up to this size are held in memory while they may be needed again. */
const REPLAY_BYTES = 64 * 1024;

/**
 * Reads the body of a request that may be sent more than once, to a backup or in another try, before anything is asked
 * of a service: a client slow to send it uses up its own time only. Longer bodies are streamed, and sent once.
 */
export function holdBody(wheel: DeadlineWheel, clock: Clock): Filter {
  return (exchange, next) => {
    const { body, head } = exchange;
    if (body === null || (head.contentLength ?? 0) > REPLAY_BYTES || !maySendAgain(exchange)) return next(exchange);
    return held(exchange, body, next, wheel, exchange.deadlineMs - clock.monotonicMs());
  };
}

function maySendAgain({ head, route, target }: Exchange): boolean {
  if (target !== null && target.guard.fallbacks.some(({ kind }) => kind === "service")) return true;
  const rule = route?.retry ?? null;
  return rule !== null && mayRepeat(rule, head.method);
}

/** When the body does not come in time no breaker was asked yet, so none hears of it. */
async function held(
  exchange: Exchange,
  body: RequestBody,
  next: Handler,
  wheel: DeadlineWheel,
  withinMs: number,
): Promise<Reply> {
  if (await body.hold(REPLAY_BYTES, wheel, withinMs)) return next(exchange);
  return problem("BODY_TOO_LATE", { detail: "No service was called: the route's time was over." });
}
