import type { SparseHistogram } from "#domain/histogram.ts";
import type { OutcomeCounts } from "#domain/outcome-counts.ts";
import { OUTCOMES, type Outcome } from "#domain/traffic.ts";

/** First byte of a detail: the layout below. */
const VERSION = 1;
/** Gateways named for one series; the calls of further ones are kept together, so that a large fleet does not multiply the record. */
const GATEWAYS_MAX = 8;
/** Number that stands for those further gateways. */
export const OTHER_GATEWAYS = 0;

interface GatewaySum {
  requests: number;
  errors: number;
}

/** Calls of one series added up, in whatever order they come but for `inFlight`, which wants its seconds together. */
export class CallSum {
  /** By index in OUTCOMES. */
  readonly byOutcome: number[] = OUTCOMES.map(() => 0);
  /** Latency buckets with calls, ascending, and how many: few of the many there are, so that thousands of sums are little to hold. */
  readonly buckets: number[] = [];
  readonly bucketCounts: number[] = [];
  /** By number. */
  readonly gateways = new Map<number, GatewaySum>();
  bytesOut = 0;
  /** Most at once within any span: of one span added up, of several the most. */
  inFlight = 0;
  #spanInFlight = 0;
  #spanAt = Number.NaN;
  /** Where the last bucket was: the next of the same histogram is further on. */
  #place = 0;

  addCount(outcome: number, count: number): void {
    this.byOutcome[outcome] = (this.byOutcome[outcome] ?? 0) + count;
  }

  addLatency(bucket: number, count: number): void {
    const { buckets, bucketCounts } = this;
    let at = (buckets[this.#place] ?? Infinity) <= bucket ? this.#place : 0;
    while ((buckets[at] ?? Infinity) < bucket) at += 1;
    this.#place = at;
    if (buckets[at] === bucket) bucketCounts[at] = (bucketCounts[at] ?? 0) + count;
    else if (at === buckets.length) {
      buckets.push(bucket);
      bucketCounts.push(count);
    } else {
      buckets.splice(at, 0, bucket);
      bucketCounts.splice(at, 0, count);
    }
  }

  addInFlight(value: number, at: number): void {
    this.#spanInFlight = at === this.#spanAt ? this.#spanInFlight + value : value;
    this.#spanAt = at;
    this.inFlight = Math.max(this.inFlight, this.#spanInFlight);
  }

  addGateway(gateway: number, requests: number, errors: number): void {
    const known = this.gateways.get(gateway);
    if (known === undefined) this.gateways.set(gateway, { requests, errors });
    else {
      known.requests += requests;
      known.errors += errors;
    }
  }

  get counts(): OutcomeCounts {
    const counts: Partial<Record<Outcome, number>> = {};
    OUTCOMES.forEach((outcome, at) => {
      const count = this.byOutcome[at] ?? 0;
      if (count > 0) counts[outcome] = count;
    });
    return counts;
  }

  get latency(): SparseHistogram {
    return this.buckets.map((bucket, at): [number, number] => [bucket, this.bucketCounts[at] ?? 0]);
  }
}

/**
 * Packs the sums of series, by their numbers; `gatewayOf` says by which number each gateway is kept. For each series: how much its number grew, which outcomes there were (a bit each) and how
 * often, the histogram's buckets as steps with counts, bytes, most in flight, and each gateway with its calls and errors.
 */
export function packDetail(
  sums: ReadonlyMap<number, CallSum>,
  gatewayOf: (gateway: number) => number = (gateway) => gateway,
): Buffer {
  const writer = new SeriesWriter();
  for (const [series, sum] of [...sums].toSorted(([a], [b]) => a - b))
    writer.add(
      series,
      sum,
      fewGateways(sum.gateways).map(([gateway, share]) => [gatewayOf(gateway), share]),
    );
  return writer.bytes();
}

function fewGateways(all: ReadonlyMap<number, GatewaySum>): (readonly [number, GatewaySum])[] {
  if (all.size <= GATEWAYS_MAX) return [...all];
  const named = [...all].filter(([gateway]) => gateway !== OTHER_GATEWAYS);
  const ordered = named.toSorted(([, a], [, b]) => b.requests - a.requests);
  const rest = [...ordered.slice(GATEWAYS_MAX).map(([, sum]) => sum), all.get(OTHER_GATEWAYS) ?? NONE];
  return [
    ...ordered.slice(0, GATEWAYS_MAX),
    [
      OTHER_GATEWAYS,
      {
        requests: rest.reduce((total, { requests }) => total + requests, 0),
        errors: rest.reduce((total, { errors }) => total + errors, 0),
      },
    ],
  ];
}

const NONE: GatewaySum = { requests: 0, errors: 0 };

/** Where the calls of a series go; null: they are passed over. */
export type SumOf = (series: number) => CallSum | null;

/**
 * Adds a packed detail of the span that began at `at` to sums. `gatewayOf` says by which number a gateway is kept there.
 * @returns false, having added some of it perhaps, when it is cut off or of a version this one does not know.
 */
export function addDetail(
  bytes: Uint8Array,
  at: number,
  sumOf: SumOf,
  gatewayOf: (gateway: number) => number,
): boolean {
  const reader = new Reader(bytes);
  if (reader.number() !== VERSION) return false;
  let series = 0;
  while (!reader.isDone) {
    series += reader.number();
    addSum(reader, at, sumOf(series) ?? PASSED_OVER, gatewayOf);
  }
  return !reader.isCutOff;
}

/** Takes what nobody wants. */
const PASSED_OVER = new CallSum();

function addSum(reader: Reader, at: number, sum: CallSum, gatewayOf: (gateway: number) => number): void {
  const happened = reader.number();
  for (let outcome = 0; outcome < OUTCOMES.length; outcome += 1)
    if ((happened & (1 << outcome)) !== 0) sum.addCount(outcome, reader.number());
  let bucket = 0;
  for (let left = reader.number(); left > 0 && !reader.isCutOff; left -= 1) {
    bucket += reader.number();
    sum.addLatency(bucket, reader.number());
  }
  sum.bytesOut += reader.number();
  sum.addInFlight(reader.number(), at);
  for (let left = reader.number(); left > 0 && !reader.isCutOff; left -= 1)
    sum.addGateway(gatewayOf(reader.number()), reader.number(), reader.number());
}

/** Numbers of any size, seven bits a byte; they may outgrow 32 bits, so no bit operations on them. */
class SeriesWriter {
  #bytes = Buffer.allocUnsafe(1024);
  #at = 0;
  #before = 0;

  constructor() {
    this.#number(VERSION);
  }

  /** Series come in the order of their numbers. */
  add(series: number, sum: CallSum, gateways: readonly (readonly [number, GatewaySum])[]): void {
    const { byOutcome, buckets, bucketCounts } = sum;
    this.#number(series - this.#before);
    this.#before = series;
    this.#number(byOutcome.reduce((bits, count, at) => (count > 0 ? bits | (1 << at) : bits), 0));
    for (const count of byOutcome) if (count > 0) this.#number(count);
    this.#number(buckets.length);
    let before = 0;
    for (let at = 0; at < buckets.length; at += 1) {
      const bucket = buckets[at] ?? 0;
      this.#number(bucket - before);
      this.#number(bucketCounts[at] ?? 0);
      before = bucket;
    }
    this.#number(sum.bytesOut);
    this.#number(sum.inFlight);
    this.#number(gateways.length);
    for (const [gateway, { requests, errors }] of gateways) {
      this.#number(gateway);
      this.#number(requests);
      this.#number(errors);
    }
  }

  bytes(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#at));
  }

  #number(value: number): void {
    if (this.#at + 10 > this.#bytes.length) this.#grow();
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#at] = (rest % 128) + 128;
      this.#at += 1;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#at] = rest;
    this.#at += 1;
  }

  #grow(): void {
    const larger = Buffer.allocUnsafe(this.#bytes.length * 2);
    this.#bytes.copy(larger);
    this.#bytes = larger;
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;
  /** More was asked for than there is. */
  isCutOff = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isDone(): boolean {
    return this.#at >= this.#bytes.length;
  }

  number(): number {
    let value = 0;
    for (let place = 1; ; place *= 128) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) {
        this.isCutOff = true;
        return value;
      }
      this.#at += 1;
      value += (byte % 128) * place;
      if (byte < 128) return value;
    }
  }
}
