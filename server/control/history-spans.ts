import { addDetail, OTHER_GATEWAYS, type CallSum } from "#db/traffic-detail.ts";
import { readGateways, readNamesOrigin, readSeries, type SeriesName } from "#db/traffic-series-repository.ts";
import { firstMeshSpan } from "#db/traffic-mesh-repository.ts";
import {
  readSpans,
  readTrafficCursors,
  readTrafficState,
  type PackedSpan,
  type SpanRange,
  type TrafficState,
} from "#db/traffic-span-repository.ts";
import type { TrafficTx } from "#db/traffic-store.ts";
import { MeshError } from "#domain/errors.ts";
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
  book.enter(await readNamesOrigin(tx));
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

/** What a time's calls are added up from; it is read piece by piece, as it is added up. */
export interface Parts {
  /** Oldest first. */
  readonly pieces: readonly SpanRange[];
  /** Whose calls; null: everybody's. */
  readonly services: readonly string[] | null;
  /** What is only in memory, oldest first. */
  readonly held: readonly HeldWindow[];
}

/** Rows that are in memory at once, where there is one for each service in each span. */
const PIECE_ROWS = 10_000;
/** More take the console's one thread tens of seconds, for one person's chart. */
const ROWS_MAX = 500_000;

/** Where a time's calls are found. @throws MeshError INVALID_INPUT when that is too much for one look. */
export async function partsOf(
  { tx, held }: Pick<HistoryView, "tx" | "held">,
  ranges: readonly SpanRange[],
  services: readonly string[] | null,
): Promise<Parts> {
  const width = Math.max(1, services?.length ?? 1);
  const recorded: SpanRange[] = [];
  for (const range of ranges) {
    const firstMs = await firstMeshSpan(tx, range.resolution, range.fromMs);
    if (firstMs !== null && firstMs < range.toMs) recorded.push({ ...range, fromMs: firstMs });
  }
  const spans = recorded.reduce((sum, { resolution, fromMs, toMs }) => sum + (toMs - fromMs) / 1000 / resolution, 0);
  if (spans * width > ROWS_MAX)
    throw new MeshError("INVALID_INPUT", { detail: `This is of ${width} services: ask for a shorter time.` });
  return {
    pieces: recorded.flatMap((range) => piecesOf(range, Math.max(1, Math.floor(PIECE_ROWS / width)))),
    services,
    held: held
      .filter(({ atMs }) => ranges.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs))
      .toSorted((a, b) => a.atMs - b.atMs),
  };
}

/** A range in pieces of so many spans. */
function piecesOf({ resolution, fromMs, toMs }: SpanRange, spans: number): SpanRange[] {
  const lengthMs = spans * resolution * 1000;
  return Array.from({ length: Math.ceil((toMs - fromMs) / lengthMs) }, (_, at) => ({
    resolution,
    fromMs: fromMs + at * lengthMs,
    toMs: Math.min(toMs, fromMs + (at + 1) * lengthMs),
  }));
}

/** Where a series' calls of a part go; null: they are passed over. `key` stands for the series: see `namesOf`. */
export type PlaceCalls = (key: number, atMs: number) => CallSum | null;

const PARTS_PER_TURN = 20;

/** Adds up parts, in turns with whatever else the process does. Gateways have the numbers of the series book. */
export async function addParts(view: HistoryView, parts: Parts, place: PlaceCalls): Promise<void> {
  await learnGateways(view);
  for (const piece of parts.pieces)
    await takeTurns(steps(view, await readSpans(view.tx, piece, parts.services), place));
  await takeTurns(steps(view, parts.held, place));
}

function* steps({ book }: HistoryView, parts: readonly Part[], place: PlaceCalls): Generator<void, void, undefined> {
  let added = 0;
  const gatewayOf = (id: number): number => book.gateways.numberOfId(id) ?? OTHER_GATEWAYS;
  for (const part of parts) {
    const { atMs } = part;
    if ("detail" in part) addDetail(part.detail, atMs, (id) => place(id, atMs), gatewayOf);
    else
      addWindow(part, book.gateways.numberOf(part.gatewayId, atMs), (series) =>
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

/** There are few: those of the longest time anything is on record. */
async function learnGateways({ tx, book, state }: HistoryView): Promise<void> {
  book.gateways.learn(await readGateways(tx), state.writtenAtMs, 0);
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
