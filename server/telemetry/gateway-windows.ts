import { LatencyRecorder } from "#domain/histogram.ts";
import {
  OUTCOMES,
  type BreakerReading,
  type BreakerTransition,
  type EdgeWindow,
  type Outcome,
  type TrafficWindow,
} from "#domain/traffic.ts";

/** Where a call came from and went to. */
export interface EdgeKey {
  readonly caller: string;
  readonly routeId: string;
  readonly service: string;
  readonly subset: string;
  /** Empty when the call was refused before an instance was picked. */
  readonly instance: string;
  readonly asFallback: boolean;
}

const OUTCOME_INDEX: Readonly<Record<Outcome, number>> = {
  success: 0,
  failure: 1,
  timeout: 2,
  unreachable: 3,
  rejected: 4,
  "short-circuited": 5,
  abandoned: 6,
};

/** Counts of calls by how they ended, emptied once a window. */
export class OutcomeCounter {
  readonly #counts = new Uint32Array(OUTCOMES.length);
  readonly #latency = new LatencyRecorder();
  #touched = false;

  /** `latencyMs` is null for what took no time of the service's: refusals, callers that went away. */
  add(outcome: Outcome, latencyMs: number | null): void {
    const index = OUTCOME_INDEX[outcome];
    this.#touched = true;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    if (latencyMs !== null) this.#latency.record(latencyMs);
  }

  take(): { counts: Partial<Record<Outcome, number>>; latency: [number, number][] } {
    const counts: Partial<Record<Outcome, number>> = {};
    if (!this.#touched) return { counts, latency: [] };
    this.#touched = false;
    for (const outcome of OUTCOMES) {
      const count = this.#counts[OUTCOME_INDEX[outcome]] ?? 0;
      if (count > 0) counts[outcome] = count;
    }
    this.#counts.fill(0);
    return { counts, latency: this.#latency.take().map(([bucket, count]) => [bucket, count]) };
  }
}

interface Edge {
  readonly key: EdgeKey;
  readonly calls: OutcomeCounter;
  bytesOut: number;
  touched: boolean;
  idleWindows: number;
}

export interface GatewayWindowsOptions {
  readonly gatewayId: string;
  /** Distinguishes runs of the process. */
  readonly run: string;
  /** Unix epoch, ms. */
  readonly startMs: number;
  /** How many different edges are counted at once; calls on further ones are given up, and counted as dropped. */
  readonly maxEdges?: number;
}

const MAX_EDGES = 5000;
const MAX_TRANSITIONS = 2000;
/** An edge without calls for this many windows makes room for another. */
const IDLE_WINDOWS = 60;

/**
 * What a gateway counts, in memory of bounded size, and closes into a window once a second. Never does I/O.
 * What there is no room for is dropped, and the number of drops is part of the next window.
 */
export class GatewayWindows {
  readonly #options: GatewayWindowsOptions;
  readonly #maxEdges: number;
  readonly #edges = new Map<string, Edge>();
  #transitions: BreakerTransition[] = [];
  #sequence = 0;
  #startMs: number;
  #unrouted = 0;
  #dropped = 0;

  constructor(options: GatewayWindowsOptions) {
    this.#options = options;
    this.#maxEdges = options.maxEdges ?? MAX_EDGES;
    this.#startMs = options.startMs;
  }

  /** Counts one call, or one refusal to make it. */
  call(key: EdgeKey, outcome: Outcome, latencyMs: number | null): void {
    const edge = this.#edge(key);
    if (edge === undefined) return;
    edge.calls.add(outcome, latencyMs);
    edge.touched = true;
  }

  /** Adds bytes of response bodies sent on to callers. */
  bytes(key: EdgeKey, count: number): void {
    if (count === 0) return;
    const edge = this.#edge(key);
    if (edge === undefined) return;
    edge.bytesOut += count;
    edge.touched = true;
  }

  transition(transition: BreakerTransition): void {
    if (this.#transitions.length < MAX_TRANSITIONS) this.#transitions.push(transition);
    else this.#dropped += 1;
  }

  /** A request that no route took, or that was refused before one was looked for. */
  unrouted(): void {
    this.#unrouted += 1;
  }

  /** Ends the window and begins the next; there is one also when nothing happened. */
  close(endMs: number, breakers: BreakerReading[]): TrafficWindow {
    this.#sequence += 1;
    const window: TrafficWindow = {
      sequence: this.#sequence,
      run: this.#options.run,
      gatewayId: this.#options.gatewayId,
      startMs: this.#startMs,
      endMs: Math.max(endMs, this.#startMs),
      edges: this.#takeEdges(),
      breakers,
      transitions: this.#transitions,
      unrouted: this.#unrouted,
      dropped: this.#dropped,
    };
    this.#startMs = window.endMs;
    this.#transitions = [];
    this.#unrouted = 0;
    this.#dropped = 0;
    return window;
  }

  #edge(key: EdgeKey): Edge | undefined {
    const name = `${key.caller}\n${key.routeId}\n${key.service}\n${key.subset}\n${key.instance}\n${key.asFallback ? 1 : 0}`;
    const known = this.#edges.get(name);
    if (known !== undefined) return known;
    if (this.#edges.size >= this.#maxEdges) {
      this.#dropped += 1;
      return undefined;
    }
    const edge: Edge = { key, calls: new OutcomeCounter(), bytesOut: 0, touched: false, idleWindows: 0 };
    this.#edges.set(name, edge);
    return edge;
  }

  #takeEdges(): EdgeWindow[] {
    const windows: EdgeWindow[] = [];
    for (const [name, edge] of this.#edges) {
      if (!edge.touched) {
        edge.idleWindows += 1;
        if (edge.idleWindows >= IDLE_WINDOWS) this.#edges.delete(name);
        continue;
      }
      const { caller, routeId, service, subset, instance, asFallback } = edge.key;
      windows.push({
        caller,
        routeId,
        service,
        subset,
        instance,
        asFallback,
        ...edge.calls.take(),
        bytesOut: edge.bytesOut,
      });
      edge.bytesOut = 0;
      edge.touched = false;
      edge.idleWindows = 0;
    }
    return windows;
  }
}
