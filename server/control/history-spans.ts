import { addDetail, OTHER_GATEWAYS, type CallSum } from "#db/traffic-detail.ts";
import { readGateways, readSeries, type SeriesName } from "#db/traffic-series-repository.ts";
import {
  readSpans,
  readTrafficCursors,
  readTrafficState,
  type PackedSpan,
  type SpanRange,
  type TrafficState,
} from "#db/traffic-span-repository.ts";
import type { TrafficTx } from "#db/traffic-store.ts";
import type { ResolutionSeconds } from "#domain/history.ts";
import { addWindow, type HeldWindow } from "./held-traffic.ts";
import type { SeriesBook } from "./series-book.ts";
import { takeTurns } from "./take-turns.ts";

/** One state of the database, with what only this console's memory has beyond it. */
export interface HistoryView {
  readonly tx: TrafficTx;
  readonly book: SeriesBook;
  readonly state: TrafficState;
  /** Not in the database. */
  readonly held: readonly HeldWindow[];
}

/**
 * `held` must have been taken from memory before the transaction began: then every call is in one of them, and the cursors tell which
 * are in both.
 */
export async function openView(tx: TrafficTx, book: SeriesBook, held: readonly HeldWindow[]): Promise<HistoryView> {
  const written = new Map(
    (await readTrafficCursors(tx)).map(({ gatewayId, run, sequence }) => [`${gatewayId}\n${run}`, sequence]),
  );
  const isNew = ({ gatewayId, run, sequence }: HeldWindow): boolean =>
    sequence > (written.get(`${gatewayId}\n${run}`) ?? 0);
  return { tx, book, state: await readTrafficState(tx), held: held.filter(isNew) };
}

/**
 * Which spans tell of a time without overlap, oldest first: those of the resolution as far as they have been made, then finer ones.
 */
export function rangesOf(
  { state }: Pick<HistoryView, "state">,
  resolution: ResolutionSeconds,
  fromMs: number,
  toMs: number,
): SpanRange[] {
  const end60Ms = resolution === 60 ? state.through60Ms : 0;
  const end10Ms = resolution === 1 ? 0 : state.through10Ms;
  const ranges: SpanRange[] = [
    { resolution: 60, fromMs, toMs: Math.min(toMs, end60Ms) },
    { resolution: 10, fromMs: Math.max(fromMs, end60Ms), toMs: Math.min(toMs, end10Ms) },
    { resolution: 1, fromMs: Math.max(fromMs, end10Ms), toMs },
  ];
  return ranges.filter((range) => range.fromMs < range.toMs);
}

/** Calls of a service's span, packed; or a window that is only in memory. */
type Part = PackedSpan | HeldWindow;

/** Reads what a time's calls are added up from, oldest first, but for what is only in memory, which comes last. */
export async function readParts(
  view: HistoryView,
  ranges: readonly SpanRange[],
  services: readonly string[] | null,
): Promise<Part[]> {
  const parts: Part[] = [];
  for (const range of ranges) {
    for (const row of await readSpans(view.tx, range, services)) parts.push(row);
  }
  const fromMs = Math.min(...ranges.map((range) => range.fromMs));
  const toMs = Math.max(...ranges.map((range) => range.toMs));
  const held = view.held.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  return [...parts, ...held.toSorted((a, b) => a.atMs - b.atMs)];
}

/** Where a series' calls of a part go; null: they are passed over. `key` stands for the series: see `namesOf`. */
export type PlaceCalls = (key: number, atMs: number) => CallSum | null;

const PARTS_PER_TURN = 20;

/** Adds up parts, in turns with whatever else the process does. Gateways have the numbers of the series book. */
export async function addParts(view: HistoryView, parts: readonly Part[], place: PlaceCalls): Promise<void> {
  await learnGateways(view, parts);
  await takeTurns(steps(view, parts, place));
}

function* steps({ book }: HistoryView, parts: readonly Part[], place: PlaceCalls): Generator<void, void, undefined> {
  let added = 0;
  const gatewayOf = (id: number): number => book.gateways.numberOfId(id) ?? OTHER_GATEWAYS;
  for (const part of parts) {
    const { atMs } = part;
    if ("detail" in part) addDetail(part.detail, atMs, (id) => place(id, atMs), gatewayOf);
    else
      addWindow(part, book.gateways.numberOf(part.gatewayId), (series) =>
        place(keyOf(book, book.numberOf(series, atMs)), atMs),
      );
    added += 1;
    if (added % PARTS_PER_TURN === 0) yield;
  }
}

/** The database's number, where there is one; else one's own, below zero. */
function keyOf(book: SeriesBook, number: number): number {
  return book.idOf(number) ?? -number;
}

/** There are few, and none is forgotten: all are asked for when one is not known. */
async function learnGateways({ tx, book }: HistoryView, parts: readonly Part[]): Promise<void> {
  if (parts.some((part) => "detail" in part)) book.gateways.learn(await readGateways(tx));
}

/** What series are of, by their keys; a number whose name is gone is left out. */
export async function namesOf(
  { tx, book }: HistoryView,
  keys: Iterable<number>,
  nowMs: number,
): Promise<Map<number, SeriesName>> {
  const wanted = [...keys];
  const unknown = wanted.filter((key) => key > 0 && book.numberOfId(key) === undefined);
  if (unknown.length > 0) book.learn(await readSeries(tx, unknown), nowMs, 0);
  const named = wanted.flatMap((key): [number, SeriesName][] => {
    const number = key > 0 ? book.numberOfId(key) : -key;
    const name = number === undefined ? undefined : book.nameOf(number);
    return name === undefined ? [] : [[key, name]];
  });
  return new Map(named);
}
