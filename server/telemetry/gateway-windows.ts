import type {
  BreakerReading,
  BreakerTransition,
  InstanceStanding,
  InstanceTransition,
  TrafficWindow,
} from "#domain/traffic.ts";
import type { EdgeKey } from "./edge-key.ts";
import { Edges, type EdgeCounter } from "./gateway-edges.ts";

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

/**
 * What a gateway counts, in memory of bounded size, and closes into a window once a second. Never does I/O.
 * What there is no room for is dropped, and the number of drops is part of the next window.
 */
export class GatewayWindows {
  readonly #options: GatewayWindowsOptions;
  readonly #edges: Edges;
  #transitions: BreakerTransition[] = [];
  #ejections: InstanceTransition[] = [];
  #sequence = 0;
  #startMs: number;
  #unrouted = 0;
  #dropped = 0;

  constructor(options: GatewayWindowsOptions) {
    this.#options = options;
    this.#edges = new Edges(options.maxEdges ?? MAX_EDGES, () => (this.#dropped += 1));
    this.#startMs = options.startMs;
  }

  /** What counts the calls of one edge; to be kept for as long as a call takes. */
  edge(key: EdgeKey): EdgeCounter {
    return this.#edges.at(key);
  }

  transition(transition: BreakerTransition): void {
    if (this.#transitions.length < MAX_TRANSITIONS) this.#transitions.push(transition);
    else this.#dropped += 1;
  }

  instanceTurned(transition: InstanceTransition): void {
    if (this.#ejections.length < MAX_TRANSITIONS) this.#ejections.push(transition);
    else this.#dropped += 1;
  }

  /** A request that no route took, or that was refused before one was looked for. */
  unrouted(): void {
    this.#unrouted += 1;
  }

  /** Ends the window and begins the next; there is one also when nothing happened. */
  close(endMs: number, breakers: BreakerReading[], instances: InstanceStanding[] = []): TrafficWindow {
    this.#sequence += 1;
    const window: TrafficWindow = {
      sequence: this.#sequence,
      run: this.#options.run,
      gatewayId: this.#options.gatewayId,
      // A clock that was set back must not end it before it began.
      startMs: Math.min(this.#startMs, endMs),
      endMs,
      edges: this.#edges.take(),
      breakers,
      transitions: this.#transitions,
      ejections: this.#ejections,
      instances,
      unrouted: this.#unrouted,
      dropped: this.#dropped,
    };
    this.#startMs = endMs;
    this.#transitions = [];
    this.#ejections = [];
    this.#unrouted = 0;
    this.#dropped = 0;
    return window;
  }
}
