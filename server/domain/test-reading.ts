import type { BreakerReading } from "./traffic.ts";

/** For tests: a closed breaker without calls, but for what `change` says. */
export function testReading(change: Partial<BreakerReading>): BreakerReading {
  return {
    routeId: "checkout",
    service: "payments",
    group: "payments",
    worker: null,
    state: "closed",
    override: null,
    sinceMs: 0,
    cause: "",
    nextTrialAtMs: null,
    outage: null,
    trips: 0,
    readmission: null,
    window: { ms: 10_000, total: 0, errors: 0, errorPercent: 0, slow: 0, waiting: 0 },
    counts: {},
    fallbackServed: 0,
    fallbackFailed: 0,
    fallbackRejected: 0,
    inFlight: 0,
    maxInFlight: 0,
    latency: [],
    thresholds: {
      enabled: true,
      requestVolume: 20,
      errorPercent: 50,
      sleepWindowMs: 5000,
      timeoutMs: 1000,
      maxConcurrent: 100,
      fallbackMaxConcurrent: 100,
      slowCallMs: null,
      slowCallRatePercent: 50,
    },
    backups: [],
    replies: [],
    ...change,
  };
}
