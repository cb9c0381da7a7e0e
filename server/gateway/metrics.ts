import { Counter, Gauge, Registry } from "prom-client";
import { shownState } from "#domain/breaker-state.ts";
import type { ListenerKind } from "#domain/route-candidate.ts";
import type { StreamBuffer } from "#telemetry/gateway-stream.ts";
import { addCallMetrics } from "./call-metrics.ts";
import type { CallTotals } from "./call-totals.ts";
import { DurationMetric } from "./duration-metric.ts";
import { filterCounters, type FilterCounters } from "./filter-counters.ts";
import type { CompiledPolicy } from "./mesh.ts";
import type { InstanceReading } from "./instance-readings.ts";
import type { RequestCount } from "./traffic-meter.ts";

/** What is looked up of the gateway as a whole when Prometheus asks. */
export interface ControlSources {
  /** Of the policy in force; 0 when there is none. */
  readonly revision: () => number;
  /** `connecting`, `live`, `suspended`, `lost`; null when the gateway runs without ZooKeeper. */
  readonly session: () => string | null;
  readonly telemetryReaders: () => number;
  readonly telemetryBuffer: () => StreamBuffer;
  readonly version: string;
}

/** What is looked up of the traffic. */
export interface MetricsSources {
  readonly counts: () => Iterable<RequestCount>;
  readonly inFlight: () => number;
  readonly policy: () => CompiledPolicy | null;
  readonly instances: () => Iterable<InstanceReading>;
  /** What the windows closed so far add up to. */
  readonly totals: CallTotals;
}

export interface Metrics {
  readonly registry: Registry;
  readonly filters: FilterCounters;
  observe(listener: ListenerKind, seconds: number): void;
}

const SESSION_STATES = ["connecting", "live", "suspended", "lost"];
const BREAKER_STATES = ["closed", "open", "half-open"];
const RETRY_COUNTERS = [
  ["meshkeeper_retries_total", "Tries after the first, by route.", "retried"],
  [
    "meshkeeper_retries_over_budget_total",
    "Retries that were not made because the route's budget was used up.",
    "refused",
  ],
] as const;

/** Labels hold configured names (routes, services), ids of their instances and HTTP statuses, never anything a request says. */
export function openMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  new Counter({
    name: "meshkeeper_requests_total",
    help: "Requests, by listener, route and response status; 499: the client went away first.",
    labelNames: ["listener", "route", "status"],
    registers,
    collect() {
      this.reset();
      for (const { listener, route, status, count } of sources.counts()) this.inc({ listener, route, status }, count);
    },
  });
  const duration = new DurationMetric(
    "meshkeeper_request_duration_seconds",
    "Time from request head to the last byte of the response.",
    registers,
  );
  gauge("meshkeeper_requests_in_flight", "Requests being served.", registers, sources.inFlight);
  new Gauge({
    name: "meshkeeper_breaker_state",
    help: "1 for the automatic state each breaker is in; with several workers, how many of their breakers are in it.",
    labelNames: ["route", "service", "state"],
    registers,
    collect() {
      this.reset();
      for (const { command } of sources.policy()?.commands.values() ?? []) {
        const { routeId: route, service, breaker } = command;
        const shown = shownState(breaker.state);
        for (const state of BREAKER_STATES) this.set({ route, service, state }, shown === state ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: "meshkeeper_instance_ejected",
    help: "1 while an instance of a service that routes lead to gets no requests for failing too often; those that never were are left out.",
    labelNames: ["service", "instance"],
    registers,
    collect() {
      this.reset();
      for (const { service, id, ejections, ejectedUntilMs } of sources.instances())
        if (ejections > 0) this.set({ service, instance: id }, ejectedUntilMs === null ? 0 : 1);
    },
  });
  for (const [name, help, count] of RETRY_COUNTERS) {
    new Counter({
      name,
      help,
      labelNames: ["route"],
      registers,
      collect() {
        this.reset();
        for (const { id, retry } of sources.policy()?.routes.values() ?? [])
          if (retry !== null && retry.budget[count] > 0) this.inc({ route: id }, retry.budget[count]);
      },
    });
  }
  new Counter({
    name: "meshkeeper_rate_limit_buckets_forgotten_total",
    help: "Buckets dropped for lack of room while their callers were still being counted; those began anew.",
    labelNames: ["route"],
    registers,
    collect() {
      this.reset();
      for (const { id, rateLimits } of sources.policy()?.routes.values() ?? [])
        if (rateLimits !== null) this.inc({ route: id }, rateLimits.forgotten);
    },
  });
  addCallMetrics(registers, sources.totals, sources.policy);
  const filters = filterCounters(registers);
  return { registry, filters, observe: (listener, seconds) => duration.add(listener, seconds) };
}

/** What there is once in a gateway, however many workers it has. */
export function addControlMetrics(registry: Registry, sources: ControlSources): void {
  const registers = [registry];
  gauge("meshkeeper_policy_revision", "Revision of the policy in force.", registers, sources.revision);
  gauge("meshkeeper_telemetry_readers", "Readers of the telemetry stream.", registers, sources.telemetryReaders);
  addBufferMetrics(registers, sources.telemetryBuffer);
  new Gauge({
    name: "meshkeeper_build_info",
    help: "1, for the version that runs.",
    labelNames: ["component", "version"],
    registers,
  }).set({ component: "gateway", version: sources.version }, 1);
  new Gauge({
    name: "meshkeeper_zookeeper_session",
    help: "1 for the state the ZooKeeper session is in.",
    labelNames: ["state"],
    registers,
    collect() {
      const session = sources.session();
      for (const state of session === null ? [] : SESSION_STATES) this.set({ state }, session === state ? 1 : 0);
    },
  });
}

function addBufferMetrics(registers: Registry[], buffer: () => StreamBuffer): void {
  const windows = "Windows kept for consoles that come back, one for each second.";
  gauge("meshkeeper_telemetry_buffer_windows", windows, registers, () => buffer().windows);
  gauge("meshkeeper_telemetry_buffer_bytes", "What they take.", registers, () => buffer().bytes);
  const counters = [
    [
      "meshkeeper_telemetry_windows_evicted_total",
      "Windows that made room before their ten minutes were over.",
      "evicted",
    ],
    ["meshkeeper_telemetry_windows_skipped_total", "Windows that a reader was too slow or too late for.", "skipped"],
  ] as const;
  for (const [name, help, count] of counters)
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(buffer()[count]);
      },
    });
}

function gauge(name: string, help: string, registers: Registry[], value: () => number): void {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(value());
    },
  });
}
