import { addDetail, CallSum, packDetail } from "#db/traffic-detail.ts";
import { recordedSeconds, writeMesh, type GatewayTold, type MeshRow } from "#db/traffic-mesh-repository.ts";
import { saveGateways, saveSeries } from "#db/traffic-series-repository.ts";
import {
  advanceTrafficCursors,
  readTrafficCursors,
  readTrafficState,
  signTraffic,
  writeSpans,
  type SpanRow,
  type TrafficCursor,
} from "#db/traffic-span-repository.ts";
import type { TrafficStore, TrafficTx } from "#db/traffic-store.ts";
import { RESOLUTIONS } from "#domain/history.ts";
import { addCounts, errorsOf, saveErrors, totalOf } from "#domain/outcome-counts.ts";
import { OUTSIDE } from "#domain/traffic.ts";
import { failpoint } from "#platform/failpoint.ts";
import type { HeldWindow } from "./held-traffic.ts";
import { coarserMesh, coarserSpans } from "./roll-up-traffic.ts";
import type { SeriesBook } from "./series-book.ts";

export interface RecordDeps {
  readonly store: TrafficStore;
  readonly book: SeriesBook;
  readonly consoleId: string;
}

/**
 * Writes windows, those of each gateway in order, as spans of a second. Those that a console has written before are passed over.
 * Seconds that coarse spans have been made of already are added to these too. Either all is written and the cursors tell so, or
 * nothing is.
 * @returns the cursors as they stand afterwards.
 * @throws MeshError DATABASE_DOWN.
 */
export async function recordTraffic(
  deps: RecordDeps,
  windows: readonly HeldWindow[],
  nowMs: number,
): Promise<TrafficCursor[]> {
  await saveNames(deps, nowMs);
  failpoint("history.names-saved");
  const cursors = await deps.store.write(async (tx) => {
    const known = new Map((await readTrafficCursors(tx)).map((cursor) => [keyOf(cursor), cursor]));
    const fresh = windows.filter((window) => window.sequence > (known.get(keyOf(window))?.sequence ?? 0));
    await writeParts(tx, deps.book, fresh, nowMs);
    failpoint("history.parts-written");
    for (const window of fresh) known.set(keyOf(window), window);
    const advanced = [...new Set(fresh.map(keyOf))].flatMap((key) => known.get(key) ?? []);
    if (advanced.length > 0) await advanceTrafficCursors(tx, advanced, new Date(nowMs));
    await signTraffic(tx, deps.consoleId, new Date(nowMs));
    failpoint("history.before-commit");
    return [...known.values()];
  });
  failpoint("history.committed");
  return cursors;
}

function keyOf({ gatewayId, run }: Pick<TrafficCursor, "gatewayId" | "run">): string {
  return `${gatewayId}\n${run}`;
}

/** Numbers that are given and not used are of no harm, so this may be saved before the rest. */
async function saveNames({ store, book }: RecordDeps, nowMs: number): Promise<void> {
  const series = book.unsaved(nowMs);
  const gateways = book.gateways.unsaved();
  if (series.length + gateways.length === 0) return;
  const saved = await store.write(async (tx) => ({
    series: await saveSeries(tx, series, new Date(nowMs)),
    gateways: await saveGateways(tx, gateways),
  }));
  book.learn(saved.series, nowMs, nowMs);
  book.gateways.learn(saved.gateways);
}

async function writeParts(
  tx: TrafficTx,
  book: SeriesBook,
  windows: readonly HeldWindow[],
  nowMs: number,
): Promise<void> {
  if (windows.length === 0) return;
  const seconds = [...Map.groupBy(windows, ({ atMs }) => atMs)].toSorted(([a], [b]) => a - b);
  const told = await recordedSeconds(
    tx,
    seconds.map(([atMs]) => atMs),
  );
  const spans: SpanRow[] = [];
  const mesh: MeshRow[] = [];
  for (const [atMs, inSecond] of seconds) {
    const sums = sumsOf(inSecond, atMs, book);
    spans.push(...spanRows(sums, atMs, book));
    mesh.push(meshRow(sums, inSecond, { atMs, book, isFirst: !told.has(atMs) }));
  }
  await writeLevels(tx, spans, mesh, nowMs);
}

/** Rows go to every length of spans that their second is in already, unless it keeps nothing of that age. */
async function writeLevels(
  tx: TrafficTx,
  spans: readonly SpanRow[],
  mesh: readonly MeshRow[],
  nowMs: number,
): Promise<void> {
  const { through10Ms, through60Ms } = await readTrafficState(tx);
  const madeOf = { 1: Number.POSITIVE_INFINITY, 10: through10Ms, 60: through60Ms };
  for (const { seconds, keptSeconds } of RESOLUTIONS) {
    const belongs = ({ atMs }: { readonly atMs: number }): boolean =>
      atMs < madeOf[seconds] && atMs >= nowMs - keptSeconds * 1000;
    await writeSpans(tx, seconds, coarserSpans(spans.filter(belongs), seconds));
    await writeMesh(tx, coarserMesh(mesh.filter(belongs), seconds));
  }
}

type Sums = ReadonlyMap<number, CallSum>;

/** By number of the series book; gateways by that of the database. */
function sumsOf(windows: readonly HeldWindow[], atMs: number, book: SeriesBook): Sums {
  const sums = new Map<number, CallSum>();
  const sumOf = (series: number): CallSum => {
    const known = sums.get(series);
    if (known !== undefined) return known;
    const sum = new CallSum();
    sums.set(series, sum);
    return sum;
  };
  for (const { packed } of windows) addDetail(packed, atMs, sumOf, (number) => book.gateways.idOf(number));
  return sums;
}

function spanRows(sums: Sums, atMs: number, book: SeriesBook): SpanRow[] {
  const byService = Map.groupBy(sums, ([number]) => book.nameOf(number)?.service ?? "");
  return [...byService].map(([service, ofService]) => {
    const counts = addCounts(ofService.map(([, sum]) => sum.counts));
    return {
      atMs,
      service,
      requests: totalOf(counts),
      errors: errorsOf(counts),
      bytes: ofService.reduce((total, [, { bytesOut }]) => total + bytesOut, 0),
      detail: packDetail(new Map(ofService.map(([number, sum]) => [idOf(book, number), sum]))),
    };
  });
}

function idOf(book: SeriesBook, number: number): number {
  const id = book.idOf(number);
  if (id === null) throw new Error("A series was not saved before its calls");
  return id;
}

/** What came from outside, and who told. */
function meshRow(
  sums: Sums,
  windows: readonly HeldWindow[],
  { atMs, book, isFirst }: { readonly atMs: number; readonly book: SeriesBook; readonly isFirst: boolean },
): MeshRow {
  const outside = outsideCalls(sums, book);
  return { resolution: 1, atMs, recorded: isFirst ? 1 : 0, ...outside, gateways: lastTold(windows) };
}

/** Requests from outside the mesh, and how many of them neither a service nor its backups answered well. */
export function outsideCalls(sums: Sums, book: SeriesBook): { readonly requests: number; readonly errors: number } {
  const asked = [...sums].filter(([number]) => book.nameOf(number)?.caller === OUTSIDE);
  const isBackup = ([number]: readonly [number, CallSum]): boolean => book.nameOf(number)?.asFallback === true;
  const made = addCounts(asked.filter((one) => !isBackup(one)).map(([, sum]) => sum.counts));
  const served = addCounts(asked.filter(isBackup).map(([, sum]) => sum.counts)).success ?? 0;
  return { requests: totalOf(made), errors: errorsOf(saveErrors(made, served)) };
}

/** What each gateway told last. */
function lastTold(windows: readonly HeldWindow[]): GatewayTold[] {
  return [...new Map(windows.map(({ told }) => [told.gateway, told])).values()];
}
