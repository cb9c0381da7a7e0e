import type { Faults } from "#domain/route-actions.ts";
import { valueTest } from "#domain/value-test.ts";
import type { Clock } from "#platform/clock.ts";
import { endOfCall, pauseWhileWanted } from "../call-time.ts";
import { happens, type RandomSource } from "../chance.ts";
import type { DeadlineWheel } from "../deadline-wheel.ts";
import type { Exchange, Reply } from "../exchange.ts";
import type { FilterCounters } from "../filter-counters.ts";
import type { Filter, Handler } from "../pipeline.ts";
import { problem } from "../problem.ts";
import { RequestView } from "../request-view.ts";
import type { FaultPlan } from "../route-filters.ts";

export interface FaultTools {
  readonly wheel: DeadlineWheel;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly counters: FilterCounters;
}

/**
 * Delays requests and lets them fail as if the service did, so that callers, breakers and backups can be tried. It stands
 * inside the breaker, which judges what is injected like any answer: by the command's failure statuses, a delay beyond the
 * call's time as a timeout. Backups are spared, or no trial could show that they help.
 */
export function injectFaults(tools: FaultTools): Filter {
  return (exchange, next) => {
    const faults = exchange.route?.faults ?? null;
    if (faults === null || exchange.target?.asFallback === true || !concerned(faults, exchange)) return next(exchange);
    return inject(exchange, faults, tools, next);
  };
}

function concerned({ appliesTo }: FaultPlan, exchange: Exchange): boolean {
  if (appliesTo === null) return true;
  const view = new RequestView(exchange);
  return appliesTo((name) => view.header(name));
}

async function inject(exchange: Exchange, faults: FaultPlan, tools: FaultTools, next: Handler): Promise<Reply> {
  const { clock, counters, random, wheel } = tools;
  const route = exchange.route?.id ?? "";
  if (faults.delay !== null && happens(faults.delay.percent, random)) {
    counters.faultInjected(route, "delay");
    const endMs = exchange.attempt === null ? exchange.deadlineMs : endOfCall(exchange, exchange.attempt);
    const leftMs = Math.max(0, endMs - clock.monotonicMs());
    await pauseWhileWanted(exchange, Math.min(faults.delay.ms, leftMs), wheel);
    if (exchange.abandoned) return problem("UPSTREAM_RESET", { outcome: "abandoned" });
    if (faults.delay.ms >= leftMs)
      return problem("UPSTREAM_TIMEOUT", { outcome: "timeout", detail: "An operator delays it, for a trial." });
  }
  if (faults.abort === null || !happens(faults.abort.percent, random)) return next(exchange);
  counters.faultInjected(route, "abort");
  const { status } = faults.abort;
  const failed = exchange.target?.guard.fails(status) ?? false;
  return problem("FAULT_INJECTED", { status, outcome: failed ? "failure" : "success" });
}

export function compileFaults(faults: Faults | null): FaultPlan | null {
  if (faults === null || (faults.delay === null && faults.abort === null)) return null;
  const tests = faults.headers.map(({ name, match }) => ({ name, test: valueTest(match) }));
  return {
    delay: faults.delay,
    abort: faults.abort,
    appliesTo: tests.length === 0 ? null : (header) => tests.every(({ name, test }) => test(header(name))),
  };
}
