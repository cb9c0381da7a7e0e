import type { BreakerReading, TrafficWindow } from "#domain/traffic.ts";
import { edgeKeyText, type EdgeKey } from "./edge-key.ts";
import { GatewayTerms } from "./gateway-terms.ts";
import { EdgeCursor, packEdges } from "./packed-edges.ts";
import { canPack, packReadings, standingOf, unpackReadings, type Standing } from "./packed-readings.ts";
import { edgeAt } from "./received-window.ts";

/** A window as it is kept: its edges and breakers packed, the rest as text. */
export interface KeptWindow {
  readonly sequence: number;
  /** JSON of everything but edges and breakers. */
  readonly head: Buffer;
  /** In base64. */
  readonly edges: Buffer;
  /** In base64. */
  readonly readings: Buffer;
  /** JSON of the breakers when they cannot be packed; else of an empty list. */
  readonly plainReadings: Buffer;
  /** Numbers of its series, and of how its breakers stand. */
  readonly series: Uint32Array;
  readonly standings: Uint32Array;
  readonly bytes: number;
}

/** What one connection has been told of: which numbers stand for what. */
export class Told {
  readonly series = new Set<number>();
  readonly standings = new Set<number>();

  get size(): number {
    return this.series.size + this.standings.size;
  }

  clear(): void {
    this.series.clear();
    this.standings.clear();
  }
}

/** A connection's dictionary starts over above this many entries: whoever reads need not keep names for ever. */
export const DICTIONARY_MAX = 20_000;
/** Names that are in no window any more are looked for as often, windows. */
const PRUNE_EVERY = 60;

/** Encodes a run's windows. A connection is told of a series, and of how a breaker stands, with the first window it is in. */
export class GatewayFrames {
  readonly #series = new GatewayTerms<EdgeKey>((number, key) =>
    JSON.stringify([number, ...nameOf(key), key.asFallback ? 1 : 0]),
  );
  readonly #standings = new GatewayTerms<Standing>((number, standing) => JSON.stringify([number, standing]));
  /** How each breaker stood in the window before. */
  #stood: ReadonlyMap<string, Standing> = new Map();

  /** How many names it knows. */
  get size(): number {
    return this.#series.size + this.#standings.size;
  }

  /** `oldest`: sequence of the oldest window that is kept still. */
  keep(window: TrafficWindow, oldest: number): KeptWindow {
    const { edges, breakers, ...rest } = window;
    const { sequence } = window;
    const numbers: number[] = [];
    const packed = packEdges(edges, (edge) => {
      const number = this.#series.numberOf(edgeKeyText(edge), () => keyOf(edge), sequence);
      numbers.push(number);
      return number;
    });
    const series = Uint32Array.from(numbers);
    const packable = canPack(breakers);
    const standings = packable ? this.#stand(breakers, sequence) : new Uint32Array();
    const kept = {
      head: Buffer.from(JSON.stringify(rest)),
      edges: Buffer.from(packed.toString("base64"), "latin1"),
      readings: Buffer.from(packReadings(packable ? breakers : [], [...standings]).toString("base64"), "latin1"),
      plainReadings: Buffer.from(JSON.stringify(packable ? [] : breakers)),
      series,
      standings,
    };
    if (sequence % PRUNE_EVERY === 0) for (const terms of [this.#series, this.#standings]) terms.prune(oldest);
    return { sequence, ...kept, bytes: Object.values(kept).reduce((sum, { byteLength }) => sum + byteLength, 0) };
  }

  /** The window for a connection that asked for format 2; `told` grows by what is told here. */
  packedFrame({ sequence, head, edges, readings, plainReadings, series, standings }: KeptWindow, told: Told): Buffer {
    const fresh = told.size + series.length + standings.length > DICTIONARY_MAX;
    if (fresh) told.clear();
    const define = this.#series.tell(series, told.series);
    const stand = this.#standings.tell(standings, told.standings);
    return Buffer.concat([
      Buffer.from(
        `event: window\nid: ${sequence}\ndata: {"fresh":${fresh},"define":[${define}],"stand":[${stand}],"edges":"`,
      ),
      edges,
      Buffer.from('","readings":"'),
      readings,
      Buffer.from('","breakers":'),
      plainReadings,
      Buffer.from(',"head":'),
      head,
      Buffer.from("}\n\n"),
    ]);
  }

  /** The window as older consoles read it: one JSON document with every name written out. */
  plainFrame({ sequence, head, edges, readings, plainReadings, standings }: KeptWindow): Buffer {
    const cursor = new EdgeCursor().open(Buffer.from(edges.toString("latin1"), "base64"));
    const plain: string[] = [];
    while (cursor.next()) {
      const key = this.#series.valueOf(cursor.series);
      if (key !== undefined) plain.push(JSON.stringify(edgeAt(key, cursor)));
    }
    const packed = Buffer.from(readings.toString("latin1"), "base64");
    const breakers =
      standings.length === 0
        ? plainReadings
        : Buffer.from(JSON.stringify(unpackReadings(packed, (number) => this.#standings.valueOf(number))));
    return Buffer.concat([
      Buffer.from(`event: window\nid: ${sequence}\ndata: `),
      head.subarray(0, -1),
      Buffer.from(',"breakers":'),
      breakers,
      Buffer.from(`,"edges":[${plain.join(",")}]}\n\n`),
    ]);
  }

  #stand(breakers: readonly BreakerReading[], sequence: number): Uint32Array {
    const stood = new Map<string, Standing>();
    const numbers = breakers.map((reading) => {
      const key = JSON.stringify([reading.routeId, reading.service, reading.worker]);
      const standing = standingOf(reading, this.#stood.get(key));
      stood.set(key, standing);
      return this.#standings.numberOf(JSON.stringify(standing), () => standing, sequence);
    });
    this.#stood = stood;
    return Uint32Array.from(numbers);
  }
}

function keyOf({ caller, routeId, service, subset, instance, asFallback }: EdgeKey): EdgeKey {
  return { caller, routeId, service, subset, instance, asFallback };
}

function nameOf({ caller, routeId, service, subset, instance }: EdgeKey): string[] {
  return [caller, routeId, service, subset, instance];
}
