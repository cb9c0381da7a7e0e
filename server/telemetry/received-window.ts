import { OUTCOMES, type EdgeWindow, type Outcome, type TrafficWindow } from "#domain/traffic.ts";
import { edgeKeyText, type EdgeKey } from "./edge-key.ts";
import { EdgeCursor, packEdges } from "./packed-edges.ts";

/** A series as one connection names it. */
export class Series {
  readonly key: EdgeKey;
  /** Where the ledger counts it, so that it need not be looked for each second; the ledger alone reads and writes this. */
  place: { readonly owner: object; readonly cell: number; readonly born: number } | null = null;

  constructor(key: EdgeKey) {
    this.key = key;
  }
}

/** Series by their numbers. */
export type Dictionary = ReadonlyMap<number, Series>;

/** Series by their numbers, and the numbers by `edgeKeyText`. */
export interface SeriesNames {
  readonly numbers: Map<string, number>;
  readonly dictionary: Map<number, Series>;
}

export const namesOfNone = (): SeriesNames => ({ numbers: new Map(), dictionary: new Map() });

/** A window but its edges. */
export type WindowHead = Omit<TrafficWindow, "edges">;

const NOTHING_BESIDES = { breakers: [], transitions: [], ejections: [], instances: [] };

/** One for all: a walk never gives way to another. */
const CURSOR = new EdgeCursor();

/** A window as it came from a gateway. Its edges stay packed: a fleet's are too many to make objects of every second. */
export class ReceivedWindow implements TrafficWindow {
  readonly sequence: number;
  readonly run: string;
  readonly gatewayId: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly breakers: TrafficWindow["breakers"];
  readonly transitions: TrafficWindow["transitions"];
  readonly ejections: TrafficWindow["ejections"];
  readonly instances: TrafficWindow["instances"];
  readonly unrouted: number;
  readonly dropped: number;
  readonly #packed: Uint8Array;
  readonly #dictionary: Dictionary;

  /** `packed` has been checked: it can be read, and the dictionary has each of its series. */
  constructor(head: WindowHead, packed: Uint8Array, dictionary: Dictionary) {
    this.sequence = head.sequence;
    this.run = head.run;
    this.gatewayId = head.gatewayId;
    this.startMs = head.startMs;
    this.endMs = head.endMs;
    this.breakers = head.breakers;
    this.transitions = head.transitions;
    this.ejections = head.ejections;
    this.instances = head.instances;
    this.unrouted = head.unrouted;
    this.dropped = head.dropped;
    this.#packed = packed;
    this.#dictionary = dictionary;
  }

  /** Packs a window that came as objects: an older gateway's, a test's. `names` grows by its series. */
  static of(window: TrafficWindow, names: SeriesNames = namesOfNone()): ReceivedWindow {
    const { numbers, dictionary } = names;
    const packed = packEdges(window.edges, (edge) => {
      const text = edgeKeyText(edge);
      const known = numbers.get(text);
      if (known !== undefined) return known;
      const number = numbers.size;
      const { caller, routeId, service, subset, instance, asFallback } = edge;
      numbers.set(text, number);
      dictionary.set(number, new Series({ caller, routeId, service, subset, instance, asFallback }));
      return number;
    });
    return new ReceivedWindow(window, packed, dictionary);
  }

  /** The same with nothing but its edges, to be held for longer. */
  bare(): ReceivedWindow {
    const head = { ...NOTHING_BESIDES, ...this.#place() };
    return new ReceivedWindow(head, this.#packed, this.#dictionary);
  }

  #place(): Pick<WindowHead, "sequence" | "run" | "gatewayId" | "startMs" | "endMs" | "unrouted" | "dropped"> {
    const { sequence, run, gatewayId, startMs, endMs, unrouted, dropped } = this;
    return { sequence, run, gatewayId, startMs, endMs, unrouted, dropped };
  }

  /** What its edges take in memory, bytes. */
  get packedBytes(): number {
    return this.#packed.length;
  }

  /**
   * Its edges as objects, made anew each time this is asked for. `eachEdge` is many times cheaper.
   */
  get edges(): EdgeWindow[] {
    const edges: EdgeWindow[] = [];
    this.eachEdge(({ key }, cursor) => edges.push(edgeAt(key, cursor)));
    return edges;
  }

  /**
   * Shows each edge. The cursor is the same object every time and moves on after the call: what is wanted for longer has
   * to be copied. `visit` must not walk another window meanwhile.
   */
  eachEdge(visit: (series: Series, edge: EdgeCursor) => void): void {
    CURSOR.open(this.#packed);
    while (CURSOR.next()) {
      const series = this.#dictionary.get(CURSOR.series);
      if (series !== undefined) visit(series, CURSOR);
    }
  }
}

/** The edge a cursor is at, as an object. */
export function edgeAt(key: EdgeKey, cursor: EdgeCursor): EdgeWindow {
  const counts: Partial<Record<Outcome, number>> = {};
  OUTCOMES.forEach((outcome, at) => {
    const count = cursor.counts[at] ?? 0;
    if (count > 0) counts[outcome] = count;
  });
  const latency = Array.from({ length: cursor.buckets }, (_, at): [number, number] => [
    cursor.bucketAt[at] ?? 0,
    cursor.bucketCount[at] ?? 0,
  ]);
  return { ...key, counts, latency, bytesOut: cursor.bytesOut, inFlight: cursor.inFlight };
}
