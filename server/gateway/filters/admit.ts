import type { BreakerSettings } from "#domain/breaker-policy.ts";
import { readmissionStep } from "#domain/breaker-readmission.ts";
import type { AutomaticState } from "#domain/breaker-state.ts";
import { causeWithoutWhere } from "#domain/breaker-trip.ts";
import { FORCED_OPEN, REJECTED, type Permit } from "#domain/breaker.ts";
import type { Clock } from "#platform/clock.ts";
import type { GatewayWindows } from "#telemetry/gateway-windows.ts";
import { Attempt } from "../attempt.ts";
import { effectiveOverride } from "../effective-override.ts";
import type { Exchange, Reply } from "../exchange.ts";
import type { MeshCommand } from "../mesh.ts";
import type { Filter, Handler } from "../pipeline.ts";
import { problem } from "../problem.ts";

/** Asks the command's breaker and bulkhead, and settles the call with them when it fails before an answer. */
export function admit(gatewayId: string, windows: GatewayWindows, clock: Clock): Filter {
  return (exchange, next) => {
    const { target, route, arrival } = exchange;
    if (target === null || route === null) return Promise.resolve(problem("GATEWAY_INTERNAL"));
    const { guard } = target;
    const override = guard.overrides.length === 0 ? null : effectiveOverride(guard, gatewayId, clock.nowMs());
    const startedMs = clock.monotonicMs();
    const permit = guard.command.breaker.acquire(startedMs, override?.spec.mode ?? null);
    const origin = { caller: arrival.caller, routeId: route.id };
    if (permit < 0) {
      const outcome = permit === REJECTED ? "rejected" : "short-circuited";
      guard.command.count(outcome, null);
      const { service, subset, asFallback } = target;
      windows.edge({ ...origin, service, subset, instance: "", asFallback }).call(outcome, null);
      return Promise.resolve(refusal(permit, guard, override?.spec.reason ?? "", clock));
    }
    guard.command.admitted();
    exchange.attempt = new Attempt(target, permit, startedMs, origin, windows, clock);
    return called(exchange, exchange.attempt, next);
  };
}

function refusal(permit: Permit, guard: MeshCommand, reason: string, clock: Clock): Reply {
  if (permit === FORCED_OPEN) return forcedOpen(reason);
  return permit === REJECTED ? problem("TOO_MANY_CONCURRENT") : shortCircuited(guard, clock);
}

async function called(exchange: Exchange, first: Attempt, next: Handler): Promise<Reply> {
  try {
    const reply = await next(exchange);
    // By now it may be another try's.
    return settled(exchange.attempt ?? first, reply);
  } catch (error) {
    // A fault of ours: the permit must come back whatever happened.
    const last = exchange.attempt ?? first;
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

function shortCircuited({ command, settings }: MeshCommand, clock: Clock): Reply {
  const { state } = command.breaker;
  const detail = `${causeWithoutWhere(state.cause)}.`;
  return problem("BREAKER_OPEN", { detail, retryAfterMs: Math.max(0, betterAfterMs(state, settings, clock)) });
}

/** When more calls may be let through than now: after the sleep window, the trials under way, or the step. */
function betterAfterMs(state: AutomaticState, { readmission, timeoutMs }: BreakerSettings, clock: Clock): number {
  if (state.kind === "open") return state.untilMs - clock.monotonicMs();
  const step = readmissionStep(state, readmission);
  return step === null ? timeoutMs : step.untilMs - clock.monotonicMs();
}
