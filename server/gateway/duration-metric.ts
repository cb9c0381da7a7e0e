import { Histogram, type Registry } from "prom-client";
import { z } from "zod";
import type { ListenerKind } from "#domain/route-candidate.ts";

type DurationData = Awaited<ReturnType<Histogram<"listener" | "le">["get"]>>;

/** Upper bounds, seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** prom-client declares an enum for the type, but says it in words and has no such enum at run time. */
const DESCRIPTION = z
  .custom<Pick<DurationData, "type" | "aggregator" | "collect">>()
  .parse({ type: "histogram", aggregator: "sum" });

/** How long requests took, by listener kind. */
class Durations {
  readonly #counts = new Float64Array(BOUNDS.length + 1);
  #sum = 0;

  add(seconds: number): void {
    let at = 0;
    while (at < BOUNDS.length && seconds > (BOUNDS[at] ?? 0)) at += 1;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum += seconds;
  }

  values(name: string, listener: ListenerKind): DurationData["values"] {
    let total = 0;
    const buckets = Array.from(this.#counts, (count, at) => {
      total += count;
      return { metricName: `${name}_bucket`, labels: { le: BOUNDS[at] ?? "+Inf", listener }, value: total };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: { listener }, value: this.#sum },
      { metricName: `${name}_count`, labels: { listener }, value: total },
    ];
  }
}

/**
 * A histogram for Prometheus whose counting costs a few additions. prom-client's own looks its labels up by a text made of
 * them, for every request.
 */
export class DurationMetric extends Histogram<"listener" | "le"> {
  readonly #name: string;
  readonly #help: string;
  readonly #byListener = { edge: new Durations(), egress: new Durations() };

  constructor(name: string, help: string, registers: Registry[]) {
    super({ name, help, labelNames: ["listener"], buckets: BOUNDS, registers });
    this.#name = name;
    this.#help = help;
  }

  add(listener: ListenerKind, seconds: number): void {
    this.#byListener[listener].add(seconds);
  }

  override get(): Promise<DurationData> {
    const { edge, egress } = this.#byListener;
    const values = [...edge.values(this.#name, "edge"), ...egress.values(this.#name, "egress")];
    return Promise.resolve({ ...DESCRIPTION, name: this.#name, help: this.#help, values });
  }

  /** What the registry calls when it prints text. */
  getForPromString(): Promise<DurationData> {
    return this.get();
  }
}
