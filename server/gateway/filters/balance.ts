import type { Clock } from "#platform/clock.ts";
import type { Attempt } from "../attempt.ts";
import type { Exchange } from "../exchange.ts";
import type { MeshInstance } from "../mesh.ts";
import type { Filter } from "../pipeline.ts";
import { problem } from "../problem.ts";

/**
 * Picks the instance whose turn it is. When it cannot be connected to, one other is tried: nothing was sent yet, so
 * nothing can happen twice. Without time for another, the first failure stands.
 */
export function balance(clock: Clock): Filter {
  return async (exchange, next) => {
    const { attempt, target, mesh } = exchange;
    if (attempt === null || target === null) return problem("GATEWAY_INTERNAL");
    const instances = mesh.instances.get(target.pool) ?? [];
    const turn = target.guard.command.turn(target.subset);
    const first = turn.pick(instances);
    if (first === undefined) {
      attempt.unserved();
      const subset = target.subset === "" ? "" : ` with ${target.subset}`;
      return problem("NO_HEALTHY_INSTANCE", { detail: `${target.service}${subset}` });
    }
    use(exchange, first);
    const reply = await next(exchange);
    if (reply.failure?.code !== "UPSTREAM_CONNECT" || exchange.body?.replayable === false) return reply;
    if (clock.monotonicMs() >= endOf(exchange, attempt)) return reply;
    const second = instances.length < 2 ? undefined : turn.pick(instances);
    if (second === undefined || second === first) return reply;
    attempt.missed();
    use(exchange, second);
    return next(exchange);
  };
}

/** When the call must have been answered, monotonic, ms: by its own limit, and by the request's. */
function endOf({ deadlineMs }: Exchange, { startedMs, target }: Attempt): number {
  return Math.min(deadlineMs, startedMs + target.guard.settings.timeoutMs);
}

function use(exchange: Exchange, instance: MeshInstance): void {
  exchange.instance = instance;
  if (exchange.attempt !== null) exchange.attempt.instance = instance.id;
}
