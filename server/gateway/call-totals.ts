import { BUCKETS } from "#domain/histogram.ts";
import type { BreakerState, InstanceTurn, Outcome, TrafficWindow } from "#domain/traffic.ts";

/** Calls of one route to one service since the start. */
export interface CommandTotals {
  readonly route: string;
  readonly service: string;
  readonly calls: Map<Outcome, number>;
  bytesOut: number;
  /** How often its breaker came to a state. */
  readonly transitions: Map<BreakerState, number>;
}

/** Calls to one service since the start. */
export interface ServiceTotals {
  readonly service: string;
  /** By bucket of the latency histogram. */
  readonly latency: Float64Array;
  readonly instances: Map<InstanceTurn, number>;
}

/** Names that are counted apart: what anybody was told of must not vanish, and names come and go. */
const NAMES_MAX = 5000;
const OTHERS = "others";

/**
 * What the windows of a gateway add up to since its start, for Prometheus: it is told of each window when that closes, so
 * that a request costs nothing.
 */
export class CallTotals {
  readonly #commands = new Map<string, CommandTotals>();
  readonly #services = new Map<string, ServiceTotals>();
  /** Observations given up for want of room. */
  dropped = 0;

  take({ edges, transitions, ejections, dropped }: TrafficWindow): void {
    this.dropped += dropped;
    for (const { routeId, service, counts, latency, bytesOut } of edges) {
      const command = this.#command(routeId, service);
      let outcome: keyof typeof counts;
      for (outcome in counts) add(command.calls, outcome, counts[outcome] ?? 0);
      command.bytesOut += bytesOut;
      const buckets = this.#service(service).latency;
      for (const [bucket, count] of latency) buckets[bucket] = (buckets[bucket] ?? 0) + count;
    }
    for (const { target, from, to } of transitions)
      // Steps of a graded return lead from half-open to half-open.
      if (from !== to && target.kind === "command")
        add(this.#command(target.routeId, target.service).transitions, to, 1);
    for (const { service, turn } of ejections) add(this.#service(service).instances, turn, 1);
  }

  commands(): Iterable<CommandTotals> {
    return this.#commands.values();
  }

  services(): Iterable<ServiceTotals> {
    return this.#services.values();
  }

  #command(routeId: string, of: string): CommandTotals {
    const isKnown = this.#commands.has(JSON.stringify([routeId, of])) || this.#commands.size < NAMES_MAX;
    const [route, service] = isKnown ? [routeId, of] : [OTHERS, OTHERS];
    const key = JSON.stringify([route, service]);
    let totals = this.#commands.get(key);
    if (totals === undefined)
      this.#commands.set(key, (totals = { route, service, calls: new Map(), bytesOut: 0, transitions: new Map() }));
    return totals;
  }

  #service(name: string): ServiceTotals {
    const service = this.#services.has(name) || this.#services.size < NAMES_MAX ? name : OTHERS;
    let totals = this.#services.get(service);
    if (totals === undefined)
      this.#services.set(service, (totals = { service, latency: new Float64Array(BUCKETS), instances: new Map() }));
    return totals;
  }
}

function add<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
