import type { ListenerKind } from "#domain/route-candidate.ts";
import type { Clock } from "#platform/clock.ts";
import type { Exchange } from "./exchange.ts";
import type { Filter } from "./pipeline.ts";

/** Route label of requests that no route took. */
const NO_ROUTE = "none";

/** Requests of one listener kind and route, by status; what the metrics endpoint shows. */
export interface RequestCount {
  readonly listener: ListenerKind;
  readonly route: string;
  readonly status: number;
  count: number;
}

/** Counts whole requests: in flight, ended, how long they took. Its keys are configured routes and HTTP statuses only. */
export class TrafficMeter {
  readonly #clock: Clock;
  readonly #counts = { edge: new Map<string, RequestCount[]>(), egress: new Map<string, RequestCount[]>() };
  readonly #onDuration: (listener: ListenerKind, seconds: number) => void;
  #whenIdle: (() => void)[] = [];
  inFlight = 0;

  constructor(clock: Clock, onDuration: (listener: ListenerKind, seconds: number) => void) {
    this.#clock = clock;
    this.#onDuration = onDuration;
  }

  /** First filter of the pipeline. */
  readonly record: Filter = (exchange, next) => {
    this.inFlight += 1;
    exchange.whenDone.push((status) => this.#done(exchange, status));
    return next(exchange);
  };

  /** A request refused before the pipeline. */
  refused(listener: ListenerKind, status: number): void {
    this.#count(listener, NO_ROUTE, status);
  }

  counts(): Iterable<RequestCount> {
    return [...this.#counts.edge.values(), ...this.#counts.egress.values()].flat();
  }

  /** Resolves when no request is in flight. */
  idle(): Promise<void> {
    return this.inFlight === 0 ? Promise.resolve() : new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  #done(exchange: Exchange, status: number): void {
    this.inFlight -= 1;
    const { listener } = exchange.arrival;
    this.#count(listener, exchange.route?.id ?? NO_ROUTE, status);
    this.#onDuration(listener, (this.#clock.monotonicMs() - exchange.startedMs) / 1000);
    if (this.inFlight > 0) return;
    for (const resolve of this.#whenIdle) resolve();
    this.#whenIdle = [];
  }

  #count(listener: ListenerKind, route: string, status: number): void {
    let byStatus = this.#counts[listener].get(route);
    if (byStatus === undefined) this.#counts[listener].set(route, (byStatus = []));
    const known = byStatus.find((count) => count.status === status);
    if (known === undefined) byStatus.push({ listener, route, status, count: 1 });
    else known.count += 1;
  }
}
