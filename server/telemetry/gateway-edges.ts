import type { EdgeWindow, Outcome } from "#domain/traffic.ts";
import type { EdgeKey } from "./edge-key.ts";
import { OutcomeCounter } from "./gateway-outcomes.ts";

/** Counts the calls of one edge. */
export interface EdgeCounter {
  /** A call begins: it is in flight until `ends`. */
  begins(): void;
  ends(): void;
  /** Counts one call, or one refusal to make it. */
  call(outcome: Outcome, latencyMs: number | null): void;
  /** Adds bytes of response bodies sent on to callers. */
  bytes(count: number): void;
}

/** An edge without calls for this many windows makes room for another. */
const IDLE_WINDOWS = 60;

/** One step of the way to an edge: by caller, route, service, subset, instance. */
class Branch {
  readonly below = new Map<string, Branch>();
  edge: Edge | null = null;
}

class Edge implements EdgeCounter {
  readonly key: EdgeKey;
  readonly #edges: Edges;
  readonly #calls = new OutcomeCounter();
  #bytesOut = 0;
  #inFlight = 0;
  /** Most of them at once since the last window. */
  #peak = 0;
  #touched = false;
  #idleWindows = 0;
  /** False once it made room; it comes back with its next call. */
  listed = true;

  constructor(key: EdgeKey, edges: Edges) {
    this.key = key;
    this.#edges = edges;
  }

  begins(): void {
    this.#inFlight += 1;
    if (this.#inFlight > this.#peak) this.#peak = this.#inFlight;
  }

  ends(): void {
    this.#inFlight -= 1;
  }

  call(outcome: Outcome, latencyMs: number | null): void {
    if (this.#touch()) this.#calls.add(outcome, latencyMs);
  }

  bytes(count: number): void {
    if (count > 0 && this.#touch()) this.#bytesOut += count;
  }

  /** What was counted since the last window; null when nothing was, and nothing is in flight. */
  take(): EdgeWindow | null {
    const inFlight = this.#peak;
    this.#peak = this.#inFlight;
    if (!this.#touched && inFlight === 0) {
      this.#idleWindows += 1;
      this.listed = this.#idleWindows < IDLE_WINDOWS;
      return null;
    }
    const { caller, routeId, service, subset, instance, asFallback } = this.key;
    const bytesOut = this.#bytesOut;
    this.#bytesOut = 0;
    this.#touched = false;
    this.#idleWindows = 0;
    return { caller, routeId, service, subset, instance, asFallback, ...this.#calls.take(), bytesOut, inFlight };
  }

  #touch(): boolean {
    // A call that was refused, or went to no instance, may outlast its edge: it is not counted as in flight.
    if (!this.listed && !this.#edges.relist(this)) return false;
    this.#touched = true;
    return true;
  }
}

/** For what there is no room for. */
class Overflow implements EdgeCounter {
  readonly #onDrop: () => void;

  constructor(onDrop: () => void) {
    this.#onDrop = onDrop;
  }

  begins(): void {
    // It is counted as dropped when it ends.
  }

  ends(): void {
    // See begins.
  }

  call(): void {
    this.#onDrop();
  }

  bytes(): void {
    // Its call was counted as dropped already.
  }
}

/** The edges a gateway counts on, as many as there is room for. */
export class Edges {
  readonly #max: number;
  readonly #root = new Branch();
  readonly #listed = new Set<Edge>();
  readonly #overflow: Overflow;

  /** `onDrop`: a call that could not be counted. */
  constructor(max: number, onDrop: () => void) {
    this.#max = max;
    this.#overflow = new Overflow(onDrop);
  }

  /** The counter of an edge. Found by the names themselves, without making a text of them. */
  at(key: EdgeKey): EdgeCounter {
    const branch = this.#branch(key);
    if (branch.edge !== null) return branch.edge;
    if (this.#listed.size >= this.#max) return this.#overflow;
    branch.edge = new Edge(key, this);
    this.#listed.add(branch.edge);
    return branch.edge;
  }

  /** False when its place was taken by another meanwhile, or there is none. */
  relist(edge: Edge): boolean {
    const branch = this.#branch(edge.key);
    if (this.#listed.size >= this.#max || (branch.edge !== null && branch.edge !== edge)) {
      this.#overflow.call();
      return false;
    }
    branch.edge = edge;
    edge.listed = true;
    this.#listed.add(edge);
    return true;
  }

  /** Ends a window. */
  take(): EdgeWindow[] {
    const windows: EdgeWindow[] = [];
    for (const edge of this.#listed) {
      const window = edge.take();
      if (window !== null) windows.push(window);
      else if (!edge.listed) this.#drop(edge);
    }
    return windows;
  }

  #branch({ caller, routeId, service, subset, instance, asFallback }: EdgeKey): Branch {
    const route = below(below(this.#root, caller), routeId);
    return below(below(below(route, service), asFallback ? `\n${subset}` : subset), instance);
  }

  /** Takes an edge off, and the branches that led to nothing else. */
  #drop(edge: Edge): void {
    this.#listed.delete(edge);
    const { caller, routeId, service, subset, instance, asFallback } = edge.key;
    const names = [caller, routeId, service, asFallback ? `\n${subset}` : subset, instance];
    const way = names.reduce(
      (branches, name) => [...branches, below(branches.at(-1) ?? this.#root, name)],
      [this.#root],
    );
    for (let depth = names.length; depth > 0; depth -= 1) {
      const branch = way[depth];
      if (branch === undefined || branch.below.size > 0) return;
      way[depth - 1]?.below.delete(names[depth - 1] ?? "");
    }
  }
}

function below(branch: Branch, name: string): Branch {
  let next = branch.below.get(name);
  if (next === undefined) branch.below.set(name, (next = new Branch()));
  return next;
}
