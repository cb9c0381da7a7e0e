import { z } from "zod";
import { BreakerReading, TrafficWindow } from "#domain/traffic.ts";
import { EdgeCursor } from "./packed-edges.ts";
import { MalformedWindow } from "./packed-numbers.ts";
import { Standing, unpackReadings } from "./packed-readings.ts";
import { namesOfNone, ReceivedWindow, Series } from "./received-window.ts";

/** A gateway starts its dictionary over long before; the rest is room for one that counts more than ours. */
const SERIES_MAX = 40_000;
/** Of the names of one connection's series, and of what it told of breakers, characters. */
const NAMES_MAX = 16 * 1024 * 1024;

const Frame = z.object({
  fresh: z.boolean(),
  stand: z.array(z.tuple([z.int().min(0), Standing])),
  define: z.array(z.tuple([z.int().min(0), z.string(), z.string(), z.string(), z.string(), z.string(), z.int()])),
  edges: z.string(),
  readings: z.string(),
  /** Breakers that could not be packed. */
  breakers: z.array(BreakerReading),
  head: TrafficWindow.omit({ edges: true, breakers: true }),
});
type Definition = z.infer<typeof Frame>["define"][number];

/** Reads the windows of one connection. What it throws says that the connection cannot be read on. */
export interface WindowDecoder {
  /** Whether windows can be read without those before them. */
  readonly independent: boolean;
  /** @throws Error for what is no window; nothing of it has taken effect on windows read before. */
  read(data: string): ReceivedWindow;
}

/** Format 1: each window is one JSON document with every name in it. */
export class PlainDecoder implements WindowDecoder {
  readonly independent = true;
  /** Kept from window to window: a name that each had for itself would take many times what its figures do. */
  #names = namesOfNone();

  read(data: string): ReceivedWindow {
    const window = TrafficWindow.parse(JSON.parse(data));
    if (this.#names.dictionary.size + window.edges.length > SERIES_MAX) this.#names = namesOfNone();
    return ReceivedWindow.of(window, this.#names);
  }
}

/** Format 2: series, and how breakers stand, are named once in a connection; what is counted are packed numbers. */
export class PackedDecoder implements WindowDecoder {
  readonly independent = false;
  #dictionary = new Map<number, Series>();
  #standings = new Map<number, Standing>();
  #names = 0;
  readonly #cursor = new EdgeCursor();

  read(data: string): ReceivedWindow {
    const { fresh, define, stand, edges, readings, breakers, head } = Frame.parse(JSON.parse(data));
    if (fresh) {
      // Windows that were read before keep the dictionary they were read with.
      this.#dictionary = new Map();
      this.#standings = new Map();
      this.#names = 0;
    }
    for (const definition of define) this.#define(definition);
    for (const [number, standing] of stand) this.#stand(number, standing);
    const packed = Buffer.from(edges, "base64");
    this.#check(packed);
    const unpacked = unpackReadings(Buffer.from(readings, "base64"), (number) => this.#standings.get(number));
    return new ReceivedWindow({ ...head, breakers: [...breakers, ...unpacked] }, packed, this.#dictionary);
  }

  #stand(number: number, standing: Standing): void {
    if (this.#standings.has(number)) throw new MalformedWindow(`It says twice how breaker ${number} stands.`);
    this.#names += JSON.stringify(standing).length;
    if (this.#names > NAMES_MAX) throw new MalformedWindow("It tells more of breakers than there is room for.");
    this.#standings.set(number, standing);
  }

  #define([number, caller, routeId, service, subset, instance, asFallback]: Definition): void {
    if (this.#dictionary.has(number)) throw new MalformedWindow(`It names series ${number} twice.`);
    this.#names += caller.length + routeId.length + service.length + subset.length + instance.length;
    if (this.#names > NAMES_MAX || this.#dictionary.size >= SERIES_MAX)
      throw new MalformedWindow("It names more series than there is room for.");
    const key = { caller, routeId, service, subset, instance, asFallback: asFallback === 1 };
    this.#dictionary.set(number, new Series(key));
  }

  #check(packed: Uint8Array): void {
    const cursor = this.#cursor.open(packed);
    while (cursor.next())
      if (!this.#dictionary.has(cursor.series)) throw new MalformedWindow("An edge is of a series it never named.");
  }
}
