import { BUCKETS } from "#domain/histogram.ts";
import { OUTCOMES, type EdgeWindow } from "#domain/traffic.ts";

/**
 * Edges of a window as bytes: a list of whole numbers in LEB128 (seven bits a byte, lowest first). How many edges; then of
 * each its series' number, a mask of the outcomes it had, their counts, bytes out, most in flight, how many latency buckets,
 * and of each bucket how much further it is than the one before, and its count.
 */

/** Of everything but bytes: sums of a thousand gateways stay exact. */
export const COUNT_MAX = 2 ** 32 - 1;
export const BYTES_MAX = 2 ** 40;
/** Edges of one window. A gateway counts 5,000, or as many for each of up to 64 workers. */
export const EDGES_MAX = 400_000;

/** Bytes that are no edges of a window. */
export class MalformedEdges extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = "MalformedEdges";
  }
}

/**
 * Packs edges; counts above the limits are cut to them. `numberOf` names each edge's series.
 * @throws MalformedEdges for too many edges, and for a histogram whose buckets do not ascend.
 */
export function packEdges(edges: readonly EdgeWindow[], numberOf: (edge: EdgeWindow) => number): Buffer {
  if (edges.length > EDGES_MAX) throw new MalformedEdges("There are too many edges.");
  const into = new Bytes();
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
      if (bucket <= before || bucket >= BUCKETS) throw new MalformedEdges("Latency buckets are out of order.");
      into.number(bucket - Math.max(0, before));
      into.number(Math.min(count, COUNT_MAX));
      before = bucket;
    }
  }
  return into.take();
}

class Bytes {
  #buffer = Buffer.allocUnsafe(4096);
  #length = 0;

  number(value: number): void {
    if (this.#length + 8 > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(this.#buffer.length * 2);
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    let rest = value;
    while (rest >= 128) {
      this.#buffer[this.#length] = (rest % 128) | 128;
      this.#length += 1;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#length] = rest;
    this.#length += 1;
  }

  take(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#length));
  }
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
  #bytes: Uint8Array = EMPTY;
  #at = 0;
  #left = 0;

  /** Goes to before the first edge. @throws MalformedEdges */
  open(bytes: Uint8Array): this {
    this.#bytes = bytes;
    this.#at = 0;
    this.#left = this.#number(EDGES_MAX);
    return this;
  }

  /** False after the last edge. @throws MalformedEdges */
  next(): boolean {
    if (this.#left === 0) {
      if (this.#at !== this.#bytes.length) throw new MalformedEdges("Something follows the last edge.");
      return false;
    }
    this.#left -= 1;
    this.series = this.#number(COUNT_MAX);
    const mask = this.#number(MASK_MAX);
    for (let at = 0; at < OUTCOMES.length; at += 1) this.counts[at] = mask & (1 << at) ? this.#number(COUNT_MAX) : 0;
    this.bytesOut = this.#number(BYTES_MAX);
    this.inFlight = this.#number(COUNT_MAX);
    this.buckets = this.#number(BUCKETS);
    let bucket = 0;
    for (let at = 0; at < this.buckets; at += 1) {
      const further = this.#number(BUCKETS);
      bucket += further;
      if (bucket >= BUCKETS || (further === 0 && at > 0)) throw new MalformedEdges("Latency buckets are out of order.");
      this.bucketAt[at] = bucket;
      this.bucketCount[at] = this.#number(COUNT_MAX);
    }
    return true;
  }

  #number(max: number): number {
    const bytes = this.#bytes;
    const first = bytes[this.#at] ?? LACKING;
    this.#at += 1;
    if (first < 128 && first <= max) return first;
    return this.#longNumber(first, max);
  }

  #longNumber(first: number, max: number): number {
    let byte = first;
    let value = byte % 128;
    for (let factor = 128; byte >= 128; factor *= 128) {
      if (byte === LACKING) throw new MalformedEdges("It ends in the middle of an edge.");
      byte = this.#bytes[this.#at] ?? LACKING;
      this.#at += 1;
      value += (byte % 128) * factor;
      if (value > max || factor > max) throw new MalformedEdges("A number is out of its range.");
    }
    if (value > max) throw new MalformedEdges("A number is out of its range.");
    return value;
  }
}

const EMPTY = new Uint8Array(0);
const MASK_MAX = 2 ** OUTCOMES.length - 1;
/** In place of a byte behind the end. */
const LACKING = 256;
