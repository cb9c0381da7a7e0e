import type { BreakerReading, TrafficWindow } from "#domain/traffic.ts";

/** What a window says of one breaker, where only some of it matters. */
export function readingOf(
  given: Partial<BreakerReading> & Pick<BreakerReading, "routeId" | "service">,
): BreakerReading {
  return {
    group: given.service,
    worker: null,
    state: "closed",
    override: null,
    sinceMs: 0,
    cause: "",
    nextTrialAtMs: null,
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
    ...given,
  };
}

/** A gateway's window of one second, which ended at `endMs`. */
export function windowOf(
  given: Partial<TrafficWindow> & Pick<TrafficWindow, "gatewayId" | "run" | "sequence" | "endMs">,
): TrafficWindow {
  return {
    startMs: given.endMs - 1000,
    edges: [],
    breakers: [],
    transitions: [],
    instances: [],
    unrouted: 0,
    dropped: 0,
    ...given,
  };
}
