import { AggregatorRegistry, Counter, Gauge, type MetricObject, type Registry } from "prom-client";
import type { WorkerFleet } from "./worker-fleet.ts";

/** How long workers may take to say how much they have counted, ms: one that does not answer must not hide the others. */
const ANSWER_MS = 1000;
/** Counts go on when their worker is gone; what was true of it at a moment does not. */
const LASTING = new Set(["counter", "histogram"]);

/** The workers' metrics in one, as if one process had counted. */
export class WorkerMetrics {
  readonly #ask: (request: number) => readonly number[];
  /** What each said last. */
  readonly #latest = new Map<number, readonly MetricObject[]>();
  /** Counts of workers that are gone. */
  #left: Promise<readonly MetricObject[]> = Promise.resolve([]);
  #request = 0;
  #waiting = new Set<number>();
  #answered: () => void = () => undefined;
  #running: Promise<string> | undefined;

  /** `ask` sends the question to all workers, and returns which they are. */
  constructor(ask: (request: number) => readonly number[]) {
    this.#ask = ask;
  }

  /** In Prometheus' text format. Askers at the same time are told the same. */
  render(): Promise<string> {
    this.#running ??= this.#render().finally(() => (this.#running = undefined));
    return this.#running;
  }

  take(worker: number, request: number, metrics: readonly MetricObject[]): void {
    this.#latest.set(worker, metrics);
    if (request !== this.#request) return;
    this.#waiting.delete(worker);
    if (this.#waiting.size === 0) this.#answered();
  }

  /** A worker is gone: a count that anybody was told of must never fall. */
  forget(worker: number): void {
    const counts = (this.#latest.get(worker) ?? []).filter(({ type }) => LASTING.has(String(type)));
    this.#latest.delete(worker);
    this.#waiting.delete(worker);
    if (this.#waiting.size === 0) this.#answered();
    if (counts.length > 0) this.#left = this.#left.then((left) => sum([left, counts]).getMetricsAsJSON());
  }

  async #render(): Promise<string> {
    this.#request += 1;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#answered = resolve;
      timer = setTimeout(resolve, ANSWER_MS);
      this.#waiting = new Set(this.#ask(this.#request));
      if (this.#waiting.size === 0) resolve();
    });
    clearTimeout(timer);
    return sum([await this.#left, ...this.#latest.values()]).metrics();
  }
}

/** What there is to say of the workers themselves. */
export function addWorkerMetrics(registry: Registry, fleet: WorkerFleet): void {
  const registers = [registry];
  new Gauge({
    name: "meshkeeper_workers",
    help: "Workers that serve.",
    registers,
    collect() {
      this.set(fleet.ready.length);
    },
  });
  new Counter({
    name: "meshkeeper_worker_deaths_total",
    help: "Workers that ended by themselves; each is replaced.",
    registers,
    collect() {
      this.reset();
      this.inc(fleet.deaths);
    },
  });
}

function sum(all: readonly (readonly MetricObject[])[]): Registry {
  return AggregatorRegistry.aggregate(all.map((metrics) => [...metrics]));
}
