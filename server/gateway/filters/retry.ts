import type { Clock } from "#platform/clock.ts";
import type { Attempt } from "../attempt.ts";
import { endOfCall, pauseWhileWanted } from "../call-time.ts";
import type { DeadlineWheel } from "../deadline-wheel.ts";
import type { Exchange, Reply } from "../exchange.ts";
import type { Filter, Handler } from "../pipeline.ts";
import { problem } from "../problem.ts";
import { mayRepeat, type RetryRule } from "../retry-rule.ts";

/**
 * Makes a call again that failed before its answer, or was answered with a status the route lists: at another instance
 * while there is one, after a random pause, within the time of the call and of the request, and within the route's
 * budget. Not when a service may have acted on it, unless the method is idempotent or the route says so; never when part
 * of its body has gone that is not held here. The last answer stands. All tries are one call to the breaker.
 */
export function retry(wheel: DeadlineWheel, clock: Clock): Filter {
  return (exchange, next) => {
    const { attempt, route } = exchange;
    const rule = route?.retry ?? null;
    if (attempt === null || rule === null) return next(exchange);
    rule.budget.deposit(attempt.startedMs);
    exchange.tryTimeoutMs = rule.perTryTimeoutMs;
    return tries(exchange, attempt, rule, next, wheel, clock);
  };
}

async function tries(
  exchange: Exchange,
  first: Attempt,
  rule: RetryRule,
  next: Handler,
  wheel: DeadlineWheel,
  clock: Clock,
): Promise<Reply> {
  let attempt = first;
  const repeatable = mayRepeat(rule, exchange.head.method);
  for (let left = rule.retries; left > 0; left -= 1) {
    // Answers are settled as they come in; which of them is the call's is known only here.
    if (repeatable && rule.statuses !== null) attempt.hold();
    const reply = await next(exchange);
    const waitMs = calledFor(reply, rule, repeatable) ? backoffMs(rule, rule.retries - left) : null;
    if (waitMs === null || !possible(exchange, attempt, rule, waitMs, clock)) {
      attempt.stand();
      return reply;
    }
    reply.stream?.discard();
    attempt = attempt.again(reply.failure === null ? null : (reply.failure.outcome ?? "unreachable"));
    exchange.attempt = attempt;
    if (waitMs > 0) await pauseWhileWanted(exchange, waitMs, wheel);
    if (exchange.abandoned) return problem("UPSTREAM_RESET", { outcome: "abandoned" });
  }
  return next(exchange);
}

/** Whether the way it went is one the route retries. */
function calledFor({ failure, status }: Reply, rule: RetryRule, repeatable: boolean): boolean {
  if (failure === null) return repeatable && rule.statuses?.has(status) === true;
  switch (failure.code) {
    case "UPSTREAM_CONNECT":
    case "ADDRESS_REFUSED":
      // Nothing was sent, so nothing can happen twice.
      return rule.onConnectFailure;
    case "UPSTREAM_RESET":
    case "UPSTREAM_TIMEOUT":
      return repeatable && rule.onReset;
    default:
      return false;
  }
}

/** Whether another try can be made. The budget is asked last: it is used up by asking. */
function possible(exchange: Exchange, attempt: Attempt, rule: RetryRule, waitMs: number, clock: Clock): boolean {
  if (exchange.abandoned || exchange.body?.replayable === false) return false;
  const nowMs = clock.monotonicMs();
  if (nowMs + waitMs >= endOfCall(exchange, attempt)) return false;
  // The same one again at once would only fail again.
  const pool = exchange.mesh.pools.get(attempt.target.pool);
  if (rule.backoffMs === 0 && pool?.hasAnother(nowMs, attempt.spent) !== true) return false;
  return rule.budget.withdraw(rule.budgetPercent, nowMs);
}

/** Full jitter: anything up to a ceiling that doubles with each retry. */
function backoffMs(rule: RetryRule, retriesBefore: number): number {
  return rule.backoffMs === 0 ? 0 : Math.random() * rule.backoffMs * 2 ** retriesBefore;
}
