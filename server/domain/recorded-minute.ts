import type { SparseHistogram } from "./histogram.ts";
import type { RecordedSecond } from "./recorded-second.ts";
import { OUTCOMES, type Outcome } from "./traffic.ts";

/*
 * How a minute of one command at one gateway is kept, about 25 bytes for a busy second. After a byte for the version, each second
 * is: its number in the minute; how many breakers; a byte that says which outcomes there were, in the order below, and whether
 * there were fallbacks; the counts; the latency histogram as its length and pairs of the step to the bucket and the count.
 * All numbers are LEB128, 7 bits a byte, lowest first.
 */
const VERSION = 1;
const MINUTE_MS = 60_000;
/** The order is part of the format: new outcomes are added at the end, and there is room for seven. */
const ORDER: readonly Outcome[] = OUTCOMES;
const FALLBACKS = 1 << 7;

/** Which minute since the Unix epoch a time is in. */
export function minuteOf(atMs: number): number {
  return Math.floor(atMs / MINUTE_MS);
}

/** A packed minute, and which it is. */
export interface PackedMinute {
  readonly minute: number;
  readonly bytes: Uint8Array;
}

/** Seconds of packed minutes, unpacked as they are gone through; those from `fromMs` to `toMs`, both included. */
export function* secondsIn(minutes: Iterable<PackedMinute>, fromMs: number, toMs: number): Generator<RecordedSecond> {
  for (const { minute, bytes } of minutes)
    for (const second of unpackMinute(minute, bytes) ?? [])
      if (second.atMs >= fromMs && second.atMs <= toMs) yield second;
}

/** Packs seconds of one minute. */
export function packMinute(seconds: readonly RecordedSecond[]): Uint8Array<ArrayBuffer> {
  const bytes = [VERSION];
  for (const second of seconds) packSecond(bytes, second);
  return Uint8Array.from(bytes);
}

function packSecond(
  bytes: number[],
  { atMs, breakers, counts, fallbackServed, fallbackFailed, latency }: RecordedSecond,
): void {
  pushNumber(bytes, Math.floor((atMs % MINUTE_MS) / 1000));
  pushNumber(bytes, breakers);
  const happened = ORDER.map((outcome) => counts[outcome] ?? 0);
  const hasFallbacks = fallbackServed + fallbackFailed > 0;
  bytes.push(happened.reduce((bits, count, at) => (count > 0 ? bits | (1 << at) : bits), hasFallbacks ? FALLBACKS : 0));
  for (const count of happened) if (count > 0) pushNumber(bytes, count);
  if (hasFallbacks) {
    pushNumber(bytes, fallbackServed);
    pushNumber(bytes, fallbackFailed);
  }
  pushNumber(bytes, latency.length);
  let before = 0;
  for (const [bucket, count] of latency) {
    pushNumber(bytes, bucket - before);
    pushNumber(bytes, count);
    before = bucket;
  }
}

/** Takes a packed minute apart; null when it is of a version this one does not know, or cut off. */
export function unpackMinute(minute: number, bytes: Uint8Array): RecordedSecond[] | null {
  if (bytes[0] !== VERSION) return null;
  const reader = new Reader(bytes);
  const seconds: RecordedSecond[] = [];
  while (!reader.isDone) seconds.push(unpackSecond(minute, reader));
  return reader.isCutOff ? null : seconds;
}

function unpackSecond(minute: number, reader: Reader): RecordedSecond {
  const atMs = minute * MINUTE_MS + reader.number() * 1000;
  const breakers = reader.number();
  const happened = reader.byte();
  const counts: Partial<Record<Outcome, number>> = {};
  ORDER.forEach((outcome, at) => {
    if ((happened & (1 << at)) !== 0) counts[outcome] = reader.number();
  });
  const hasFallbacks = (happened & FALLBACKS) !== 0;
  const fallbackServed = hasFallbacks ? reader.number() : 0;
  const fallbackFailed = hasFallbacks ? reader.number() : 0;
  return { atMs, breakers, counts, fallbackServed, fallbackFailed, latency: unpackLatency(reader) };
}

function unpackLatency(reader: Reader): SparseHistogram {
  const latency: [number, number][] = [];
  let bucket = 0;
  for (let left = reader.number(); left > 0 && !reader.isCutOff; left -= 1) {
    bucket += reader.number();
    latency.push([bucket, reader.number()]);
  }
  return latency;
}

/** Counts may outgrow 32 bits, so no bit operations here. */
function pushNumber(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 1;
  /** More was asked for than there is. */
  isCutOff = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isDone(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) this.isCutOff = true;
    this.#at += 1;
    return byte ?? 0;
  }

  number(): number {
    let value = 0;
    for (let place = 1; ; place *= 128) {
      const byte = this.byte();
      value += (byte % 128) * place;
      if (byte < 128) return value;
    }
  }
}
