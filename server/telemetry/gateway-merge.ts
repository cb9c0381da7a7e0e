import { mergeHistograms } from "#domain/histogram.ts";
import { addCounts, totalOf } from "#domain/outcome-counts.ts";
import type {
  BreakerReading,
  BreakerTransition,
  EdgeWindow,
  InstanceStanding,
  InstanceTransition,
  TrafficWindow,
} from "#domain/traffic.ts";
import { edgeKeyText } from "./edge-key.ts";

/** Edges of one window: each worker counts 5,000 at most, not the same ones perhaps; a window of twice as many nobody reads. */
const EDGES_MAX = 20_000;

/** What a gateway's workers counted, in one. */
export type MergedCounts = Pick<
  TrafficWindow,
  "edges" | "breakers" | "transitions" | "ejections" | "instances" | "unrouted" | "dropped"
>;

/**
 * Adds up the windows of a gateway's workers until `take`. Calls on an edge are one number, whichever workers made them;
 * breakers are not added up: each worker has its own, and each is read. One whose worker closed no window meanwhile is
 * read as it stood.
 */
export class GatewayMerge {
  readonly #edges = new Map<string, EdgeWindow>();
  /** By edge: what each worker had in flight at most. */
  readonly #inFlight = new Map<string, Map<number, number>>();
  /** By worker. */
  readonly #breakers = new Map<number, Map<string, BreakerReading>>();
  /** By worker, as each last said. */
  readonly #instances = new Map<number, readonly InstanceStanding[]>();
  #transitions: BreakerTransition[] = [];
  #ejections: InstanceTransition[] = [];
  #unrouted = 0;
  #dropped = 0;

  add(worker: number, window: TrafficWindow): void {
    for (const edge of window.edges) this.#addEdge(worker, edge);
    const before = this.#breakers.get(worker);
    this.#breakers.set(
      worker,
      new Map(
        window.breakers.map((reading) => {
          const key = JSON.stringify([reading.routeId, reading.service]);
          return [key, added(before?.get(key), reading)];
        }),
      ),
    );
    this.#transitions.push(...window.transitions.map((one) => ({ ...one, cause: `worker ${worker}: ${one.cause}` })));
    this.#ejections.push(...window.ejections.map((one) => ({ ...one, worker })));
    this.#instances.set(
      worker,
      window.instances.map((standing) => ({ ...standing, worker })),
    );
    this.#unrouted += window.unrouted;
    this.#dropped += window.dropped;
  }

  /** A worker is gone, and its breakers with it. What it had counted stays. */
  forget(worker: number): void {
    this.#breakers.delete(worker);
    this.#instances.delete(worker);
  }

  /** Everything since the last time. */
  take(): MergedCounts {
    const merged: MergedCounts = {
      edges: [...this.#edges].map(([key, edge]) => ({ ...edge, inFlight: this.#mostInFlight(key) })),
      breakers: [...this.#breakers.values()].flatMap((readings) => [...readings.values()]),
      transitions: this.#transitions,
      ejections: this.#ejections,
      instances: [...this.#instances.values()].flat(),
      unrouted: this.#unrouted,
      dropped: this.#dropped,
    };
    this.#edges.clear();
    this.#inFlight.clear();
    for (const readings of this.#breakers.values())
      for (const [key, reading] of readings) readings.set(key, withoutCounts(reading));
    this.#transitions = [];
    this.#ejections = [];
    this.#unrouted = 0;
    this.#dropped = 0;
    return merged;
  }

  #addEdge(worker: number, edge: EdgeWindow): void {
    const key = edgeKeyText(edge);
    const known = this.#edges.get(key);
    if (known === undefined && this.#edges.size >= EDGES_MAX) {
      this.#dropped += totalOf(edge.counts);
      return;
    }
    const inFlight = this.#inFlight.get(key) ?? new Map<number, number>();
    // Of two windows of one worker the larger counts; what workers have at once adds up.
    this.#inFlight.set(key, inFlight.set(worker, Math.max(inFlight.get(worker) ?? 0, edge.inFlight)));
    this.#edges.set(
      key,
      known === undefined ? edge : { ...edge, ...sum(known, edge), bytesOut: known.bytesOut + edge.bytesOut },
    );
  }

  #mostInFlight(key: string): number {
    return [...(this.#inFlight.get(key)?.values() ?? [])].reduce((all, most) => all + most, 0);
  }
}

type Counted = Pick<EdgeWindow, "counts" | "latency">;

function sum(one: Counted, other: Counted): Counted {
  const latency = mergeHistograms([one.latency, other.latency]).map(([bucket, count]): [number, number] => [
    bucket,
    count,
  ]);
  return { counts: addCounts([one.counts, other.counts]), latency };
}

function added(before: BreakerReading | undefined, reading: BreakerReading): BreakerReading {
  if (before === undefined) return reading;
  return {
    ...reading,
    ...sum(before, reading),
    fallbackServed: before.fallbackServed + reading.fallbackServed,
    fallbackFailed: before.fallbackFailed + reading.fallbackFailed,
    fallbackRejected: before.fallbackRejected + reading.fallbackRejected,
    maxInFlight: Math.max(before.maxInFlight, reading.maxInFlight),
  };
}

function withoutCounts(reading: BreakerReading): BreakerReading {
  const { inFlight } = reading;
  const none = { fallbackServed: 0, fallbackFailed: 0, fallbackRejected: 0 };
  return { ...reading, ...none, counts: {}, latency: [], maxInFlight: inFlight };
}
