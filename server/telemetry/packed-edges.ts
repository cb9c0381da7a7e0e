import { BUCKETS } from "#domain/histogram.ts";
import { OUTCOMES, type EdgeWindow } from "#domain/traffic.ts";
import { MalformedWindow, NumberReader, NumberWriter } from "./packed-numbers.ts";

/**
 * Edges of a window as bytes, a list of whole numbers: how many edges; then of
 * each its series' number, a mask of the outcomes it had, their counts, bytes out, most in flight, how many latency buckets,
 * and of each bucket how much further it is than the one before, and its count.
 */

/** Of everything but bytes: sums of a thousand gateways stay exact. */
export const COUNT_MAX = 2 ** 32 - 1;
const BYTES_MAX = 2 ** 40;
/** Edges of one window. A gateway counts 5,000, or as many for each of up to 64 workers. */
const EDGES_MAX = 400_000;

/**
 * Packs edges; counts above the limits are cut to them. `numberOf` names each edge's series.
 * @throws MalformedWindow for too many edges, and for a histogram whose buckets do not ascend.
 */
export function packEdges(edges: readonly EdgeWindow[], numberOf: (edge: EdgeWindow) => number): Buffer {
  if (edges.length > EDGES_MAX) throw new MalformedWindow("There are too many edges.");
  const into = new NumberWriter();
  into.number(edges.length);
  for (const edge of edges) {
    into.number(numberOf(edge));
    let mask = 0;
    OUTCOMES.forEach((outcome, at) => (mask |= (edge.counts[outcome] ?? 0) > 0 ? 1 << at : 0));
    into.number(mask);
    for (const outcome of OUTCOMES) {
      const count = edge.counts[outcome] ?? 0;
      if (count > 0) into.number(Math.min(count, COUNT_MAX));
    }
    into.number(Math.min(edge.bytesOut, BYTES_MAX));
    into.number(Math.min(edge.inFlight, COUNT_MAX));
    into.number(edge.latency.length);
    let before = -1;
    for (const [bucket, count] of edge.latency) {
      if (bucket <= before || bucket >= BUCKETS) throw new MalformedWindow("Latency buckets are out of order.");
      into.number(bucket - Math.max(0, before));
      into.number(Math.min(count, COUNT_MAX));
      before = bucket;
    }
  }
  return into.take();
}

/**
 * Walks packed edges without making anything of them: its fields are the edge that `next` came to. One cursor serves many
 * windows. Every step is checked, as the bytes come from another process.
 */
export class EdgeCursor {
  /** Number of the edge's series. */
  series = 0;
  /** By index in OUTCOMES. */
  readonly counts = new Float64Array(OUTCOMES.length);
  bytesOut = 0;
  inFlight = 0;
  /** How many entries of `bucketAt` and `bucketCount` are of this edge; buckets ascend. */
  buckets = 0;
  readonly bucketAt = new Uint16Array(BUCKETS);
  readonly bucketCount = new Float64Array(BUCKETS);
  readonly #numbers = new NumberReader();
  #left = 0;

  /** Goes to before the first edge. @throws MalformedWindow */
  open(bytes: Uint8Array): this {
    this.#numbers.open(bytes);
    this.#left = this.#numbers.number(EDGES_MAX);
    return this;
  }

  /** False after the last edge. @throws MalformedWindow */
  next(): boolean {
    if (this.#left === 0) {
      this.#numbers.end();
      return false;
    }
    this.#left -= 1;
    const numbers = this.#numbers;
    this.series = numbers.number(COUNT_MAX);
    const mask = numbers.number(MASK_MAX);
    for (let at = 0; at < OUTCOMES.length; at += 1) this.counts[at] = mask & (1 << at) ? numbers.number(COUNT_MAX) : 0;
    this.bytesOut = numbers.number(BYTES_MAX);
    this.inFlight = numbers.number(COUNT_MAX);
    this.buckets = numbers.number(BUCKETS);
    let bucket = 0;
    for (let at = 0; at < this.buckets; at += 1) {
      const further = numbers.number(BUCKETS);
      bucket += further;
      if (bucket >= BUCKETS || (further === 0 && at > 0))
        throw new MalformedWindow("Latency buckets are out of order.");
      this.bucketAt[at] = bucket;
      this.bucketCount[at] = numbers.number(COUNT_MAX);
    }
    return true;
  }
}

const MASK_MAX = 2 ** OUTCOMES.length - 1;
