import type { SignalPoint } from "#domain/history.ts";
import { formatCount, formatLatency, formatPercent, formatRate } from "../format/number.ts";
import { formatByteRate } from "./byte-rate.ts";
import type { Percentile } from "./use-signal-address.ts";

/** One figure of a point. */
export interface Metric {
  readonly key: string;
  readonly name: string;
  readonly unit: string;
  readonly valueOf: (point: SignalPoint) => number | null;
  readonly format: (value: number) => string;
}

export const RATE: Metric = {
  key: "requests_per_second",
  name: "Requests",
  unit: "per second",
  valueOf: ({ requestsPerSecond }) => requestsPerSecond,
  format: formatRate,
};

export const ERRORS: Metric = {
  key: "error_percent",
  name: "Errors",
  unit: "percent of requests",
  valueOf: ({ errorPercent, requestsPerSecond }) => (requestsPerSecond === 0 ? null : errorPercent),
  format: formatPercent,
};

export const LATENCY: Readonly<Record<Percentile, Metric>> = {
  p50: latency("p50", ({ p50Ms }) => p50Ms),
  p95: latency("p95", ({ p95Ms }) => p95Ms),
  p99: latency("p99", ({ p99Ms }) => p99Ms),
};

export const IN_FLIGHT: Metric = {
  key: "in_flight",
  name: "In flight",
  unit: "calls at once, at most",
  valueOf: ({ inFlight }) => inFlight,
  format: formatCount,
};

export const BYTES: Metric = {
  key: "bytes_per_second",
  name: "Bytes",
  unit: "of bodies, per second",
  valueOf: ({ bytesPerSecond }) => bytesPerSecond,
  format: formatByteRate,
};

/** All of them, as tables and files have them. */
export const METRICS: readonly Metric[] = [RATE, ERRORS, LATENCY.p50, LATENCY.p95, LATENCY.p99, IN_FLIGHT, BYTES];

function latency(name: Percentile, valueOf: Metric["valueOf"]): Metric {
  return { key: `${name}_ms`, name, unit: "until answered", valueOf, format: formatLatency };
}
