import { FORCED_OPEN, REJECTED } from "#domain/breaker.ts";
import type { Clock } from "#platform/clock.ts";
import type { GatewayWindows } from "#telemetry/gateway-windows.ts";
import { Attempt } from "../attempt.ts";
import { effectiveOverride } from "../effective-override.ts";
import type { Exchange, Reply } from "../exchange.ts";
import type { MeshCommand } from "../mesh.ts";
import type { Filter } from "../pipeline.ts";
import { problem } from "../problem.ts";

/** Asks the command's breaker and bulkhead, and settles the call with them when it fails before an answer. */
export function admit(gatewayId: string, windows: GatewayWindows, clock: Clock): Filter {
  return async (exchange, next) => {
    const { target, route, arrival } = exchange;
    if (target === null || route === null) return problem("GATEWAY_INTERNAL");
    const { guard } = target;
    const override = guard.overrides.length === 0 ? null : effectiveOverride(guard, gatewayId, clock.nowMs());
    const permit = guard.command.breaker.acquire(clock.monotonicMs(), override?.spec.mode ?? null);
    const origin = { caller: arrival.caller, routeId: route.id };
    if (permit < 0) {
      const outcome = permit === REJECTED ? "rejected" : "short-circuited";
      guard.command.count(outcome, null);
      windows.call(
        { ...origin, service: target.service, subset: target.subset, instance: "", asFallback: target.asFallback },
        outcome,
        null,
      );
      return permit === FORCED_OPEN
        ? forcedOpen(override?.spec.reason ?? "")
        : permit === REJECTED
          ? problem("TOO_MANY_CONCURRENT")
          : shortCircuited(guard, clock);
    }
    const attempt = new Attempt(target, permit, origin, windows, clock);
    const reply = await called(exchange, attempt, next);
    // By now it may be another try's.
    return settled(exchange.attempt ?? attempt, reply);
  };
}

async function called(
  exchange: Exchange,
  attempt: Attempt,
  next: (exchange: Exchange) => Promise<Reply>,
): Promise<Reply> {
  exchange.attempt = attempt;
  try {
    return await next(exchange);
  } catch (error) {
    // A fault of ours: the permit must come back whatever happened.
    const last = exchange.attempt ?? attempt;
    last.stand();
    last.settle("abandoned");
    last.release(0);
    throw error;
  }
}

/** An answer with a body settles when that ends; everything else is over now. */
function settled(attempt: Attempt, reply: Reply): Reply {
  if (reply.failure === null) return reply;
  attempt.settle(reply.failure.outcome ?? "abandoned");
  attempt.release(0);
  return reply;
}

function forcedOpen(reason: string): Reply {
  return problem("BREAKER_FORCED_OPEN", { detail: reason });
}

function shortCircuited(guard: MeshCommand, clock: Clock): Reply {
  const { state } = guard.command.breaker;
  const retryAfterMs =
    state.kind === "open" ? Math.max(0, state.untilMs - clock.monotonicMs()) : guard.settings.timeoutMs;
  return problem("BREAKER_OPEN", { detail: `${state.cause}.`, retryAfterMs });
}
