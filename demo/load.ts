import type { Part } from "#platform/lifecycle.ts";
import { PRODUCT_COUNT } from "./answers.ts";
import { rateAt, visitFor } from "./load-rhythm.ts";
import { meshCaller } from "./mesh-call.ts";
import { seededRandom } from "./random.ts";
import { SHOP_HOST } from "./shop-map.ts";

/** Above this many unanswered requests no more are sent: the demo must not pile up on a mesh that stands still. */
const IN_FLIGHT_MAX = 100;
const TICK_MS = 50;

export interface LoadCounts {
  /** Requests sent since the start. */
  readonly sent: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Among the failed: nothing came back, so that perhaps no gateway saw them. */
  readonly unanswered: number;
  /** Not sent, because too many were unanswered. */
  readonly leftOut: number;
  readonly inFlight: number;
}

export interface Load extends Part {
  counts(): LoadCounts;
  /** Requests a second from now on, evenly spread; null: the wave again. */
  steady(perSecond: number | null): void;
}

/** Sends visitors to the shop's edge, `peak` requests a second at most, without waiting for answers before the next. */
export function startLoad(edge: { host: string; port: number }, peak: number): Load {
  const caller = meshCaller(edge);
  const random = seededRandom(20_261_123);
  const startedMs = performance.now();
  let lastTickMs = startedMs;
  let due = 0;
  let visitors = 0;
  let steadyRate: number | null = null;
  const counts = { sent: 0, succeeded: 0, failed: 0, unanswered: 0, leftOut: 0, inFlight: 0 };
  const timer = setInterval(tick, TICK_MS);
  return {
    name: "load",
    counts: () => ({ ...counts }),
    steady: (perSecond) => {
      steadyRate = perSecond;
      due = 0;
    },
    stop: async () => {
      clearInterval(timer);
      caller.close();
    },
  };

  function tick(): void {
    const nowMs = performance.now();
    // After a pause of the process (a suspended laptop) the missed requests are not made up for.
    const elapsedMs = Math.min(nowMs - lastTickMs, 4 * TICK_MS);
    lastTickMs = nowMs;
    due += ((steadyRate ?? rateAt((nowMs - startedMs) / 1000, peak)) * elapsedMs) / 1000;
    for (; due >= 1; due -= 1) visit();
  }

  function visit(): void {
    const { method, path } = visitFor(random(), random(), PRODUCT_COUNT);
    if (counts.inFlight >= IN_FLIGHT_MAX) {
      counts.leftOut += 1;
      return;
    }
    counts.sent += 1;
    counts.inFlight += 1;
    visitors += 1;
    const body = method === "POST" ? { visitor: visitors } : undefined;
    const call = { method, path, host: SHOP_HOST, requestId: `visit-${visitors}` };
    void caller.call(body === undefined ? call : { ...call, body }).then((answer) => {
      counts.inFlight -= 1;
      if (answer.status >= 200 && answer.status < 500) counts.succeeded += 1;
      else counts.failed += 1;
      if (answer.status === 0) counts.unanswered += 1;
    });
  }
}
