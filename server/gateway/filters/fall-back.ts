import type { Clock } from "#platform/clock.ts";
import type { Exchange, Reply } from "../exchange.ts";
import type { MeshCommand, Target } from "../mesh.ts";
import type { Filter, Handler } from "../pipeline.ts";

/**
 * Lets the backups of the command answer, in order, when the service did not: refused, unreachable, too late, or 5xx.
 * A request whose body has gone to the service already and is not held here is never sent twice. When no backup does
 * better, the first answer stands. When the request's time is over nobody is called any more.
 */
export function fallBack(clock: Clock): Filter {
  const timeLeftMs = (exchange: Exchange): number => exchange.deadlineMs - clock.monotonicMs();
  return async (exchange, next) => {
    const { target } = exchange;
    if (target === null || target.guard.backups.length === 0) return next(exchange);
    const reply = await next(exchange);
    const reason = failureReason(reply);
    if (reason === null || exchange.abandoned) return reply;
    const { instance } = exchange;
    const served = await tryBackups(exchange, next, target.guard, timeLeftMs);
    if (served === null) {
      // The first answer stands, and is labelled with where that came from.
      exchange.target = target;
      exchange.instance = instance;
      return reply;
    }
    exchange.fallback = { service: served.target.service, reason };
    reply.stream?.discard();
    return served.reply;
  };
}

async function tryBackups(
  exchange: Exchange,
  next: Handler,
  guard: MeshCommand,
  timeLeftMs: (exchange: Exchange) => number,
): Promise<{ target: Target; reply: Reply } | null> {
  const { command, settings, backups } = guard;
  if (!command.enterFallback(settings.fallbackMaxConcurrent)) {
    command.fallbackFailed += 1;
    return null;
  }
  exchange.whenDone.push(() => command.leaveFallback());
  for (const target of backups) {
    if (exchange.abandoned || exchange.body?.replayable === false || timeLeftMs(exchange) <= 0) break;
    exchange.target = target;
    exchange.instance = null;
    const reply = await next(exchange);
    if (failureReason(reply) === null) {
      command.fallbackServed += 1;
      return { target, reply };
    }
    reply.stream?.discard();
  }
  command.fallbackFailed += 1;
  return null;
}

/** Why an answer calls for a fallback, as told in `x-mesh-fallback`; null for a good one, and for what is the caller's own fault. */
function failureReason(reply: Reply): string | null {
  if (reply.failure === null) return reply.status >= 500 ? "failure" : null;
  switch (reply.failure.code) {
    case "BREAKER_OPEN":
      return "short-circuited";
    case "BREAKER_FORCED_OPEN":
      return "forced-open";
    case "TOO_MANY_CONCURRENT":
      return "rejected";
    case "NO_HEALTHY_INSTANCE":
      return "no-instance";
    case "UPSTREAM_TIMEOUT":
      return "timeout";
    case "UPSTREAM_CONNECT":
    case "UPSTREAM_RESET":
    case "ADDRESS_REFUSED":
      return "unreachable";
    case "FAULT_INJECTED":
      return reply.status >= 500 ? "failure" : null;
    case "UPSTREAM_PROTOCOL":
      return "failure";
    default:
      return null;
  }
}
