import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { z } from "zod";
import { BUCKETS, bucketUpperMs } from "#domain/histogram.ts";
import type { CallTotals, ServiceTotals } from "./call-totals.ts";
import type { CompiledPolicy } from "./mesh.ts";

type DurationData = Awaited<ReturnType<Histogram<"service" | "le">["get"]>>;

/** Bounds at buckets of the windows' histograms, so that no count is guessed: from 2^10 µs by doublings to 2^24 µs. */
const BOUND_BUCKETS = Array.from({ length: 15 }, (_, n) => (10 + n) * 8);
const BOUNDS = BOUND_BUCKETS.map((bucket) => bucketUpperMs(bucket) / 1000);

/** prom-client declares an enum for the type, but says it in words and has no such enum at run time. */
const DESCRIPTION = z
  .custom<Pick<DurationData, "type" | "aggregator" | "collect">>()
  .parse({ type: "histogram", aggregator: "sum" });

/** What calls to services came to, as the windows counted it. Labels hold configured names and our own words. */
export function addCallMetrics(registers: Registry[], totals: CallTotals, policy: () => CompiledPolicy | null): void {
  new Counter({
    name: "meshkeeper_calls_total",
    help: "Calls to services and refusals to make them, by how they ended; each try of a request is one.",
    labelNames: ["route", "service", "outcome"],
    registers,
    collect() {
      this.reset();
      for (const { route, service, calls } of totals.commands())
        for (const [outcome, count] of calls) this.inc({ route, service, outcome }, count);
    },
  });
  new Counter({
    name: "meshkeeper_response_bytes_total",
    help: "Bytes of response bodies passed on to callers.",
    labelNames: ["route", "service"],
    registers,
    collect() {
      this.reset();
      for (const { route, service, bytesOut } of totals.commands()) this.inc({ route, service }, bytesOut);
    },
  });
  new Counter({
    name: "meshkeeper_breaker_transitions_total",
    help: "How often a breaker came to a state by itself.",
    labelNames: ["route", "service", "to"],
    registers,
    collect() {
      this.reset();
      for (const { route, service, transitions } of totals.commands())
        for (const [to, count] of transitions) this.inc({ route, service, to }, count);
    },
  });
  new Counter({
    name: "meshkeeper_instance_transitions_total",
    help: "How often instances of a service were ejected, returned, or changed their health.",
    labelNames: ["service", "turn"],
    registers,
    collect() {
      this.reset();
      for (const { service, instances } of totals.services())
        for (const [turn, count] of instances) this.inc({ service, turn }, count);
    },
  });
  new Gauge({
    name: "meshkeeper_calls_in_flight",
    help: "Calls to a service under way, by route.",
    labelNames: ["route", "service"],
    registers,
    collect() {
      this.reset();
      for (const { command } of policy()?.commands.values() ?? [])
        this.set({ route: command.routeId, service: command.service }, command.breaker.inFlight);
    },
  });
  new Counter({
    name: "meshkeeper_telemetry_observations_dropped_total",
    help: "Calls and transitions that were not counted for want of room.",
    registers,
    collect() {
      this.reset();
      this.inc(totals.dropped);
    },
  });
  new CallDurations(totals, registers);
}

/** How long calls took, by service; known to the bounds of the windows' own buckets. */
class CallDurations extends Histogram<"service" | "le"> {
  static readonly #NAME = "meshkeeper_call_duration_seconds";
  static readonly #HELP =
    "Time from the start of a call to the head of its answer; the sum is of the middles of buckets.";
  readonly #totals: CallTotals;

  constructor(totals: CallTotals, registers: Registry[]) {
    super({
      name: CallDurations.#NAME,
      help: CallDurations.#HELP,
      labelNames: ["service"],
      buckets: BOUNDS,
      registers,
    });
    this.#totals = totals;
  }

  override get(): Promise<DurationData> {
    const values = [...this.#totals.services()].flatMap((totals) => valuesOf(CallDurations.#NAME, totals));
    return Promise.resolve({ ...DESCRIPTION, name: CallDurations.#NAME, help: CallDurations.#HELP, values });
  }

  /** What the registry calls when it prints text. */
  getForPromString(): Promise<DurationData> {
    return this.get();
  }
}

function valuesOf(name: string, { service, latency }: ServiceTotals): DurationData["values"] {
  let seen = 0;
  let sum = 0;
  const values: DurationData["values"] = [];
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const count = latency[bucket] ?? 0;
    seen += count;
    sum += (count * (bucketUpperMs(bucket - 1) + bucketUpperMs(bucket))) / 2000;
    const bound = BOUND_BUCKETS.indexOf(bucket);
    if (bound !== -1)
      values.push({ metricName: `${name}_bucket`, labels: { le: BOUNDS[bound] ?? 0, service }, value: seen });
  }
  return [
    ...values,
    { metricName: `${name}_bucket`, labels: { le: "+Inf", service }, value: seen },
    { metricName: `${name}_sum`, labels: { service }, value: sum },
    { metricName: `${name}_count`, labels: { service }, value: seen },
  ];
}
