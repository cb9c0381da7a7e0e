import type { TrafficWindow } from "#domain/traffic.ts";
import { edgeKeyText, type EdgeKey } from "./edge-key.ts";
import { EdgeCursor, packEdges } from "./packed-edges.ts";
import { edgeAt } from "./received-window.ts";

/** A window as it is kept: its edges packed, the rest as text. */
export interface KeptWindow {
  readonly sequence: number;
  /** JSON of everything but the edges. */
  readonly head: Buffer;
  /** In base64. */
  readonly edges: Buffer;
  /** Numbers of its series. */
  readonly series: Uint32Array;
  readonly bytes: number;
}

/** What one connection has been told: which numbers stand for which series. */
export interface Told {
  readonly series: Set<number>;
}

interface Entry {
  readonly number: number;
  readonly key: EdgeKey;
  /** How a connection is told of it. */
  readonly definition: string;
  /** Sequence of the last window with it. */
  lastIn: number;
}

/** A connection's dictionary starts over above this many series: whoever reads need not keep names for ever. */
export const DICTIONARY_MAX = 20_000;
/** Series that are in no window any more are looked for as often, windows. */
const PRUNE_EVERY = 60;

/**
 * Encodes a run's windows. Each series has a number, the same on every connection and never another's; a connection is
 * told of a series with the first window it is in.
 */
export class GatewayFrames {
  readonly #byText = new Map<string, Entry>();
  readonly #byNumber = new Map<number, Entry>();
  #next = 0;

  get seriesKnown(): number {
    return this.#byText.size;
  }

  /** `oldest`: sequence of the oldest window that is kept still. */
  keep(window: TrafficWindow, oldest: number): KeptWindow {
    const { edges, ...rest } = window;
    const series = new Uint32Array(edges.length);
    let at = 0;
    const packed = packEdges(edges, (edge) => {
      const { number } = this.#entry(edge, window.sequence);
      series[at] = number;
      at += 1;
      return number;
    });
    if (window.sequence % PRUNE_EVERY === 0) this.#prune(oldest);
    const head = Buffer.from(JSON.stringify(rest));
    const text = Buffer.from(packed.toString("base64"), "latin1");
    return {
      sequence: window.sequence,
      head,
      edges: text,
      series,
      bytes: head.length + text.length + series.byteLength,
    };
  }

  /** The window for a connection that asked for format 2; `told` grows by what is told here. */
  packedFrame({ sequence, head, edges, series }: KeptWindow, told: Told): Buffer {
    const fresh = told.series.size + series.length > DICTIONARY_MAX;
    if (fresh) told.series.clear();
    const definitions: string[] = [];
    for (const number of series) {
      if (told.series.has(number)) continue;
      told.series.add(number);
      definitions.push(this.#byNumber.get(number)?.definition ?? "");
    }
    return Buffer.concat([
      Buffer.from(
        `event: window\nid: ${sequence}\ndata: {"fresh":${fresh},"define":[${definitions.join(",")}],"edges":"`,
      ),
      edges,
      Buffer.from('","head":'),
      head,
      Buffer.from("}\n\n"),
    ]);
  }

  /** The window as older consoles read it: one JSON document with every name written out. */
  plainFrame({ sequence, head, edges }: KeptWindow): Buffer {
    const cursor = new EdgeCursor().open(Buffer.from(edges.toString("latin1"), "base64"));
    const plain: string[] = [];
    while (cursor.next()) {
      const entry = this.#byNumber.get(cursor.series);
      if (entry !== undefined) plain.push(JSON.stringify(edgeAt(entry.key, cursor)));
    }
    return Buffer.concat([
      Buffer.from(`event: window\nid: ${sequence}\ndata: `),
      head.subarray(0, -1),
      Buffer.from(`,"edges":[${plain.join(",")}]}\n\n`),
    ]);
  }

  #entry({ caller, routeId, service, subset, instance, asFallback }: EdgeKey, sequence: number): Entry {
    const key: EdgeKey = { caller, routeId, service, subset, instance, asFallback };
    const text = edgeKeyText(key);
    let entry = this.#byText.get(text);
    if (entry === undefined) {
      const number = this.#next;
      this.#next += 1;
      const definition = JSON.stringify([number, caller, routeId, service, subset, instance, asFallback ? 1 : 0]);
      entry = { number, key, definition, lastIn: sequence };
      this.#byText.set(text, entry);
      this.#byNumber.set(number, entry);
    }
    entry.lastIn = sequence;
    return entry;
  }

  /** Forgets series that no window which is kept has. */
  #prune(oldest: number): void {
    for (const [text, { number, lastIn }] of this.#byText) {
      if (lastIn >= oldest) continue;
      this.#byText.delete(text);
      this.#byNumber.delete(number);
    }
  }
}
