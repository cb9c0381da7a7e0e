import type { EdgeTotals, GatewayCalls } from "#domain/edge-totals.ts";
import { BUCKETS } from "#domain/histogram.ts";
import { errorsOf } from "#domain/outcome-counts.ts";
import { OUTCOMES, type Outcome } from "#domain/traffic.ts";
import { edgeKeyText, type EdgeKey } from "./edge-key.ts";
import { LedgerCells } from "./ledger-cells.ts";
import { Rows, roomFor } from "./ledger-rows.ts";
import type { EdgeCursor } from "./packed-edges.ts";
import type { ReceivedWindow, Series } from "./received-window.ts";

/** What the ledger has room for. A series takes about 1 KB, a cell (a series at a gateway) about 0.15 KB. */
export interface LedgerLimits {
  readonly series: number;
  readonly cells: number;
}

const LIMITS: LedgerLimits = { series: 100_000, cells: 1_000_000 };
const KINDS = OUTCOMES.length;
const IS_ERROR = OUTCOMES.map((outcome) => errorsOf({ [outcome]: 1 }) > 0);

/** A gateway's part in the ledger. */
export interface LedgerGateway {
  readonly gatewayId: string;
  /** By series of the ledger: the gateway's cell. */
  readonly cells: Map<number, number>;
}

/**
 * What flowed in the windows that are counted now, by series, over all gateways. A window is added once and taken out once;
 * what both cost is in proportion to its edges, and nothing is added up anew. All counts are whole numbers, so that what
 * was added and taken out leaves exactly nothing; a series no counted window has is forgotten.
 */
export class TrafficLedger {
  readonly #series: Rows;
  readonly #byText = new Map<string, number>();
  readonly #keys: (EdgeKey | undefined)[] = [];
  readonly #texts: string[] = [];
  #counts = new Float64Array(KINDS);
  #bytesOut = new Float64Array(1);
  #latency = new Uint32Array(BUCKETS);
  readonly #cells: LedgerCells;

  constructor({ series, cells }: LedgerLimits = LIMITS) {
    this.#series = new Rows(series);
    this.#cells = new LedgerCells(cells);
  }

  /** Series with traffic in what is counted. */
  get series(): number {
    return this.#series.used;
  }

  /** Pairs of series and gateway. */
  get cells(): number {
    return this.#cells.used;
  }

  join(gatewayId: string): LedgerGateway {
    return { gatewayId, cells: new Map() };
  }

  /**
   * Counts a window. Returns the mark to take it out by, and how many calls there was no room for.
   * `ordinal` tells the gateway's windows apart, of up to 16 in a row.
   */
  add(gateway: LedgerGateway, window: ReceivedWindow, ordinal: number): { mark: number; givenUp: number } {
    let givenUp = 0;
    window.eachEdge((series, edge) => {
      const cell = this.#cellFor(gateway, series);
      if (cell === -1) givenUp += callsOf(edge);
      else this.#change(cell, edge, 1, ordinal);
    });
    return { mark: this.#cells.mark(), givenUp };
  }

  /** Takes out a window that was added, by the mark that this returned. */
  remove(gateway: LedgerGateway, window: ReceivedWindow, ordinal: number, mark: number): void {
    window.eachEdge((series, edge) => {
      const cell = this.#knownCell(gateway, series);
      // A cell that was made since had no room for this window's calls.
      if (cell === -1 || this.#cells.bornAt(cell) > mark) return;
      this.#change(cell, edge, -1, ordinal);
      if (this.#cells.windowsOf(cell) === 0) this.#dropCell(gateway, cell);
    });
  }

  /** The sums as they stand. */
  totals(): EdgeTotals[] {
    const totals: EdgeTotals[] = [];
    for (let row = 0; row < this.#series.end; row += 1) {
      const key = this.#keys[row];
      if (key !== undefined) totals.push(this.#totalsOf(row, key));
    }
    return totals;
  }

  #totalsOf(row: number, key: EdgeKey): EdgeTotals {
    const counts: Partial<Record<Outcome, number>> = {};
    for (let kind = 0; kind < KINDS; kind += 1) {
      const count = this.#counts[row * KINDS + kind] ?? 0;
      const outcome = OUTCOMES[kind];
      if (count > 0 && outcome !== undefined) counts[outcome] = count;
    }
    const latency: [number, number][] = [];
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      const count = this.#latency[row * BUCKETS + bucket] ?? 0;
      if (count > 0) latency.push([bucket, count]);
    }
    const gateways: GatewayCalls[] = [];
    let inFlight = 0;
    for (let cell = this.#cells.firstOf(row); cell !== -1; cell = this.#cells.after(cell)) {
      gateways.push(this.#cells.calls(cell));
      inFlight += this.#cells.mostInFlight(cell);
    }
    return { ...key, counts, latency, bytesOut: this.#bytesOut[row] ?? 0, inFlight, gateways };
  }

  #change(cell: number, edge: EdgeCursor, sign: 1 | -1, ordinal: number): void {
    const row = this.#cells.seriesOf(cell);
    let requests = 0;
    let errors = 0;
    for (let kind = 0; kind < KINDS; kind += 1) {
      const count = edge.counts[kind] ?? 0;
      if (count === 0) continue;
      this.#counts[row * KINDS + kind] = (this.#counts[row * KINDS + kind] ?? 0) + sign * count;
      requests += count;
      if (IS_ERROR[kind] === true) errors += count;
    }
    this.#bytesOut[row] = (this.#bytesOut[row] ?? 0) + sign * edge.bytesOut;
    for (let at = 0; at < edge.buckets; at += 1) {
      const place = row * BUCKETS + (edge.bucketAt[at] ?? 0);
      this.#latency[place] = (this.#latency[place] ?? 0) + sign * (edge.bucketCount[at] ?? 0);
    }
    this.#cells.change(cell, sign, requests, errors, edge.inFlight, ordinal);
  }

  #knownCell(gateway: LedgerGateway, series: Series): number {
    const { place } = series;
    if (place !== null && place.owner === gateway && this.#cells.isStill(place.cell, place.born)) return place.cell;
    const row = this.#byText.get(edgeKeyText(series.key));
    return this.#remember(gateway, series, row === undefined ? -1 : (gateway.cells.get(row) ?? -1));
  }

  #cellFor(gateway: LedgerGateway, series: Series): number {
    const known = this.#knownCell(gateway, series);
    return known === -1 ? this.#remember(gateway, series, this.#makeCell(gateway, series.key)) : known;
  }

  #remember(gateway: LedgerGateway, series: Series, cell: number): number {
    if (cell !== -1) series.place = { owner: gateway, cell, born: this.#cells.bornAt(cell) };
    return cell;
  }

  #makeCell(gateway: LedgerGateway, key: EdgeKey): number {
    const text = edgeKeyText(key);
    const row = this.#byText.get(text) ?? this.#makeSeries(key, text);
    if (row === -1) return -1;
    const cell = this.#cells.make(row, gateway.gatewayId);
    if (cell !== -1) gateway.cells.set(row, cell);
    else if (this.#cells.firstOf(row) === -1) this.#dropSeries(row);
    return cell;
  }

  #makeSeries(key: EdgeKey, text: string): number {
    const row = this.#series.take();
    if (row === -1) return -1;
    this.#counts = roomFor(this.#counts, (row + 1) * KINDS, (length) => new Float64Array(length));
    this.#bytesOut = roomFor(this.#bytesOut, row + 1, (length) => new Float64Array(length));
    this.#latency = roomFor(this.#latency, (row + 1) * BUCKETS, (length) => new Uint32Array(length));
    this.#cells.roomForSeries(row + 1);
    this.#keys[row] = key;
    this.#texts[row] = text;
    this.#byText.set(text, row);
    return row;
  }

  #dropCell(gateway: LedgerGateway, cell: number): void {
    const row = this.#cells.seriesOf(cell);
    gateway.cells.delete(row);
    this.#cells.drop(cell);
    if (this.#cells.firstOf(row) === -1) this.#dropSeries(row);
  }

  #dropSeries(row: number): void {
    this.#byText.delete(this.#texts[row] ?? "");
    this.#texts[row] = "";
    this.#keys[row] = undefined;
    this.#series.give(row);
  }
}

function callsOf(edge: EdgeCursor): number {
  return edge.counts.reduce((sum, count) => sum + count, 0);
}
