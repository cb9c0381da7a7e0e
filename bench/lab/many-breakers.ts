import { bucketOf } from "#domain/histogram.ts";
import { BreakerReading, TrafficWindow } from "#domain/traffic.ts";

/** Which breakers a made-up gateway has. */
export interface ManyBreakers {
  readonly gatewayId: string;
  readonly count: number;
  /** Calls per second on the busiest; 0: no breaker has any. */
  readonly busiest: number;
}

const GROUPS = ["cart", "catalogue", "delivery", "orders", "payments", "pricing", "search", "stock"] as const;
const REASON = { reason: "Moving the database", actor: "Ada Operator" };

/**
 * The window that such a gateway would send for its second `sequence`: of 50 breakers one is open, one half-open, one on
 * its way back to full traffic, one forced open and one slow; the others are closed, some with errors. The same arguments
 * make the same window, so that two gateways differ only where they are meant to: every hundredth breaker is open on one.
 */
export function manyBreakersWindow(many: ManyBreakers, sequence: number, endMs: number): TrafficWindow {
  const breakers = Array.from({ length: many.count }, (_, at) => reading(many, at, sequence, endMs));
  return TrafficWindow.parse({
    sequence,
    run: `made-up ${many.gatewayId}`,
    gatewayId: many.gatewayId,
    startMs: endMs - 1000,
    endMs,
    edges: breakers.filter(({ counts }) => Object.keys(counts).length > 0).map((own) => edgeOf(own)),
    breakers,
    transitions: [],
    unrouted: 0,
    dropped: 0,
  });
}

function edgeOf({ routeId, service, counts, latency }: BreakerReading): TrafficWindow["edges"][number] {
  const rest = { subset: "", instance: "i-1", asFallback: false, bytesOut: 0, inFlight: 0 };
  return { caller: "frontend", routeId, service, counts, latency, ...rest };
}

function reading(many: ManyBreakers, at: number, sequence: number, endMs: number): BreakerReading {
  const kind = kindOf(many, at);
  const calls = Math.round((many.busiest / (1 + at)) * (0.8 + 0.4 * wave(at, sequence)) + (many.busiest > 0 ? 1 : 0));
  const errors = kind === "erring" ? Math.ceil(calls * 0.12) : kind === "slow" ? Math.ceil(calls * 0.03) : 0;
  const refusing = kind === "open" || kind === "forced";
  const group = GROUPS[at % GROUPS.length] ?? "cart";
  const sinceMs = endMs - 1000 * (sequence % 3600);
  return BreakerReading.parse({
    routeId: `route-${String(at).padStart(4, "0")}`,
    service: `${group}-${String(at % 40)}`,
    group,
    state: kind === "open" ? "open" : kind === "half-open" || kind === "returning" ? "half-open" : "closed",
    override:
      kind === "forced"
        ? { id: `o-${at}`, mode: "forced-open", ...REASON, createdAtMs: sinceMs, expiresAtMs: sinceMs + 3_600_000 }
        : null,
    sinceMs,
    cause: kind === "open" ? "61 % of 214 calls failed: 180 timeout, 34 failure" : "",
    nextTrialAtMs: kind === "open" ? endMs + 5000 - 1000 * (sequence % 5) : null,
    trips: kind === "open" ? 3 : 0,
    readmission:
      kind === "returning"
        ? { step: 2, steps: 3, percent: 5, calls: 40, errors: 1, errorsAllowed: 10, untilMs: endMs + 4000 }
        : null,
    window: {
      ms: 10_000,
      total: calls * 10,
      errors: errors * 10,
      errorPercent: calls === 0 ? 0 : (errors * 100) / calls,
      slow: kind === "slow" ? calls * 4 : 0,
      waiting: kind === "slow" ? 3 : 0,
    },
    counts: calls === 0 ? {} : refusing ? { "short-circuited": calls } : countsOf(calls, errors),
    fallbackServed: refusing ? calls : 0,
    fallbackFailed: 0,
    inFlight: Math.ceil(calls / 20),
    latency: calls === 0 || refusing ? [] : latencyOf(calls, at),
    thresholds: {
      enabled: true,
      requestVolume: 20,
      errorPercent: 50,
      sleepWindowMs: 5000,
      timeoutMs: 1000,
      maxConcurrent: 100,
      slowCallMs: kind === "slow" ? 500 : null,
    },
    backups: at % 3 === 0 ? [`${group}-backup`] : [],
    replies: at % 6 === 0 ? ["last-good", "fixed"] : [],
  });
}

type Kind = "calm" | "open" | "half-open" | "returning" | "forced" | "slow" | "erring";

function kindOf({ gatewayId, count }: ManyBreakers, at: number): Kind {
  if (count >= 100 && at % 100 === 7) return gatewayId.endsWith("2") ? "open" : "calm";
  const kinds: Readonly<Record<number, Kind>> = {
    3: "open",
    11: "half-open",
    19: "returning",
    23: "forced",
    31: "slow",
  };
  return kinds[at % 50] ?? (at % 17 === 5 ? "erring" : "calm");
}

function countsOf(calls: number, errors: number): BreakerReading["counts"] {
  const timeouts = Math.floor(errors / 2);
  const counts = { success: calls - errors, failure: errors - timeouts, timeout: timeouts };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function latencyOf(calls: number, at: number): [number, number][] {
  const first = bucketOf(5 + (at % 60));
  const spread = Math.min(calls, 24);
  return Array.from({ length: spread }, (_, n): [number, number] => [
    first + n,
    Math.floor(calls / spread) + (n < calls % spread ? 1 : 0),
  ]);
}

/** 0 … 1, different for each breaker and second, always the same. */
function wave(at: number, sequence: number): number {
  return (Math.sin(at * 12.9898 + sequence * 0.7) + 1) / 2;
}
