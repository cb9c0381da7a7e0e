import type { GatewayCalls } from "#domain/edge-totals.ts";
import { Rows, roomFor } from "./ledger-rows.ts";

/** Windows of one gateway whose calls in flight are told apart. */
const PEAKS = 16;

/** A cell is one series at one gateway. Those of a series are linked in a chain; their figures lie in typed arrays. */
export class LedgerCells {
  readonly #rows: Rows;
  readonly #gateways: string[] = [];
  /** By series: its first cell, -1 without. */
  #first = new Int32Array(0);
  #next = new Int32Array(1);
  #before = new Int32Array(1);
  #series = new Int32Array(1);
  /** Counted windows that a cell is in. */
  #windows = new Uint32Array(1);
  #requests = new Float64Array(1);
  #errors = new Float64Array(1);
  /** Most in flight, by window. */
  #peaks = new Uint32Array(PEAKS);
  /** Which of all cells there ever were it is: a row is used again, a birth never. */
  #born = new Float64Array(1);
  #births = 0;

  constructor(max: number) {
    this.#rows = new Rows(max);
  }

  get used(): number {
    return this.#rows.used;
  }

  roomForSeries(count: number): void {
    const before = this.#first.length;
    this.#first = roomFor(this.#first, count, (length) => new Int32Array(length));
    this.#first.fill(-1, before);
  }

  /** -1: there is no room. */
  make(series: number, gatewayId: string): number {
    const cell = this.#rows.take();
    if (cell === -1) return -1;
    this.#grow(cell + 1);
    this.#births += 1;
    this.#born[cell] = this.#births;
    this.#series[cell] = series;
    this.#gateways[cell] = gatewayId;
    const first = this.firstOf(series);
    this.#next[cell] = first;
    this.#before[cell] = -1;
    if (first !== -1) this.#before[first] = cell;
    this.#first[series] = cell;
    return cell;
  }

  /** Of a cell in which nothing is counted any more. */
  drop(cell: number): void {
    const next = this.after(cell);
    const before = this.#before[cell] ?? -1;
    if (before === -1) this.#first[this.seriesOf(cell)] = next;
    else this.#next[before] = next;
    if (next !== -1) this.#before[next] = before;
    this.#born[cell] = 0;
    this.#gateways[cell] = "";
    this.#peaks.fill(0, cell * PEAKS, (cell + 1) * PEAKS);
    this.#rows.give(cell);
  }

  change(cell: number, sign: 1 | -1, requests: number, errors: number, inFlight: number, ordinal: number): void {
    this.#windows[cell] = this.windowsOf(cell) + sign;
    this.#requests[cell] = (this.#requests[cell] ?? 0) + sign * requests;
    this.#errors[cell] = (this.#errors[cell] ?? 0) + sign * errors;
    this.#peaks[cell * PEAKS + (ordinal % PEAKS)] = sign === 1 ? inFlight : 0;
  }

  calls(cell: number): GatewayCalls {
    return {
      gatewayId: this.#gateways[cell] ?? "",
      requests: this.#requests[cell] ?? 0,
      errors: this.#errors[cell] ?? 0,
    };
  }

  mostInFlight(cell: number): number {
    let most = 0;
    for (let at = cell * PEAKS; at < (cell + 1) * PEAKS; at += 1) most = Math.max(most, this.#peaks[at] ?? 0);
    return most;
  }

  firstOf(series: number): number {
    return this.#first[series] ?? -1;
  }

  after(cell: number): number {
    return this.#next[cell] ?? -1;
  }

  seriesOf(cell: number): number {
    return this.#series[cell] ?? -1;
  }

  windowsOf(cell: number): number {
    return this.#windows[cell] ?? 0;
  }

  bornAt(cell: number): number {
    return this.#born[cell] ?? 0;
  }

  isStill(cell: number, born: number): boolean {
    return this.#born[cell] === born;
  }

  /** Cells made up to now are not later than it. */
  mark(): number {
    return this.#births;
  }

  #grow(count: number): void {
    const int = (length: number): Int32Array<ArrayBuffer> => new Int32Array(length);
    const float = (length: number): Float64Array<ArrayBuffer> => new Float64Array(length);
    const whole = (length: number): Uint32Array<ArrayBuffer> => new Uint32Array(length);
    this.#next = roomFor(this.#next, count, int);
    this.#before = roomFor(this.#before, count, int);
    this.#series = roomFor(this.#series, count, int);
    this.#windows = roomFor(this.#windows, count, whole);
    this.#requests = roomFor(this.#requests, count, float);
    this.#errors = roomFor(this.#errors, count, float);
    this.#born = roomFor(this.#born, count, float);
    this.#peaks = roomFor(this.#peaks, count * PEAKS, whole);
  }
}
