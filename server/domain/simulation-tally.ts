import type { SimulationOutcome } from "./breaker-history.ts";
import type { CommandRecord } from "./recorded-second.ts";
import type { ReplayResult } from "./replayed-breaker.ts";

/** Openings told one by one. */
const MOST_OPENS = 200;

/** Adds up what replays of several commands and gateways came to. */
export class SimulationTally {
  readonly #opens: SimulationOutcome["opens"][number][] = [];
  #openCount = 0;
  #sum = { notClosedMs: 0, passed: 0, refused: 0, refusedGood: 0, refusedBad: 0, failed: 0 };
  #assumed = 0;

  /** Calls of which it was not known how they would have ended. */
  get assumed(): number {
    return this.#assumed;
  }

  add({ gatewayId, routeId }: CommandRecord, result: ReplayResult): void {
    const { notClosedMs, passed, refused, refusedGood, refusedBad, failed } = this.#sum;
    this.#opens.push(...result.openings.map((opening) => ({ gatewayId, routeId, ...opening })));
    this.#openCount += result.openCount;
    this.#sum = {
      notClosedMs: notClosedMs + result.notClosedMs,
      passed: passed + result.passed,
      refused: refused + result.refused,
      refusedGood: refusedGood + result.refusedGood,
      refusedBad: refusedBad + result.refusedBad,
      failed: failed + result.failed,
    };
    this.#assumed += result.assumed;
  }

  /** Openings oldest first. */
  outcome(): SimulationOutcome {
    const opens = this.#opens
      .toSorted((a, b) => a.fromMs - b.fromMs)
      .slice(0, MOST_OPENS)
      .map((open) => ({
        ...open,
        fromMs: Math.round(open.fromMs),
        toMs: open.toMs === null ? null : Math.round(open.toMs),
      }));
    return { openCount: this.#openCount, opens, ...this.#sum, notClosedMs: Math.round(this.#sum.notClosedMs) };
  }
}
