import { CallSum, packDetail } from "#db/traffic-detail.ts";
import { recordedSeconds, writeMesh, type GatewayTold, type MeshRow } from "#db/traffic-mesh-repository.ts";
import { readNamesOrigin, saveGateways, saveSeries } from "#db/traffic-series-repository.ts";
import {
  advanceTrafficCursors,
  readTrafficCursors,
  readTrafficState,
  signTraffic,
  writeSpans,
  type SpanRow,
  type TrafficCursor,
} from "#db/traffic-span-repository.ts";
import { writePresence } from "#db/traffic-presence-repository.ts";
import type { TrafficStore, TrafficTx } from "#db/traffic-store.ts";
import { RESOLUTIONS } from "#domain/history.ts";
import { addCounts, errorsOf, saveErrors, totalOf } from "#domain/outcome-counts.ts";
import { OUTSIDE } from "#domain/traffic.ts";
import { failpoint } from "#platform/failpoint.ts";
import { addWindow, type HeldWindow } from "./held-traffic.ts";
import { turnRows } from "./instance-turns.ts";
import { coarserMesh, coarserSpans } from "./roll-up-traffic.ts";
import type { SeriesBook } from "./series-book.ts";

/** What is older is in no spans. */
const LONGEST_MS = Math.max(...RESOLUTIONS.map(({ keptSeconds }) => keptSeconds)) * 1000;

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
  // Added up before anybody has to wait for the lock. It also tells which names are needed.
  const seconds = secondsOf(windows, deps.book, nowMs);
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    await saveNames(deps, nowMs);
    failpoint("history.names-saved");
    const cursors = await writeWindows(deps, { windows, seconds, nowMs });
    failpoint("history.committed");
    if (cursors !== null) return cursors;
  }
  throw new Error("The tables of names are made anew again and again");
}

/** The tables of names may be restored or made anew between two transactions: once, in earnest. */
const ATTEMPTS_MAX = 5;

/** Null, having written nothing: names have other numbers than they had, and have to be saved again. */
function writeWindows(
  deps: RecordDeps,
  {
    windows,
    seconds,
    nowMs,
  }: { readonly windows: readonly HeldWindow[]; readonly seconds: readonly Second[]; readonly nowMs: number },
): Promise<TrafficCursor[] | null> {
  return deps.store.write(async (tx) => {
    if (!deps.book.enter(await readNamesOrigin(tx))) return null;
    const known = new Map((await readTrafficCursors(tx)).map((cursor) => [keyOf(cursor), cursor]));
    const fresh = windows.filter((window) => window.sequence > (known.get(keyOf(window))?.sequence ?? 0));
    const isAll = fresh.length === windows.length;
    await writeSeconds(tx, deps.book, isAll ? seconds : secondsOf(fresh, deps.book, nowMs), nowMs);
    await writePresence(tx, turnRows(fresh));
    failpoint("history.parts-written");
    for (const window of fresh) known.set(keyOf(window), window);
    const advanced = [...new Set(fresh.map(keyOf))].flatMap((key) => known.get(key) ?? []);
    if (advanced.length > 0) await advanceTrafficCursors(tx, advanced, new Date(nowMs));
    await signTraffic(tx, deps.consoleId, new Date(nowMs));
    failpoint("history.before-commit");
    return [...known.values()];
  });
}

function keyOf({ gatewayId, run }: Pick<TrafficCursor, "gatewayId" | "run">): string {
  return `${gatewayId}\n${run}`;
}

/** Numbers that are given and not used are of no harm, so this may be saved before the rest. */
async function saveNames({ store, book }: RecordDeps, nowMs: number): Promise<void> {
  for (;;) {
    const series = book.unsaved(nowMs);
    const gateways = book.gateways.unsaved(nowMs);
    if (series.length + gateways.length === 0) return;
    const saved = await store.write(async (tx) => ({
      origin: await readNamesOrigin(tx),
      series: await saveSeries(tx, series, new Date(nowMs)),
      gateways: await saveGateways(tx, gateways, new Date(nowMs)),
    }));
    const isSame = book.enter(saved.origin);
    book.learn(saved.series, nowMs, nowMs);
    book.gateways.learn(saved.gateways, nowMs, nowMs);
    if (isSame) return;
  }
}

/** One second's calls, added up over its windows. */
interface Second {
  readonly atMs: number;
  readonly windows: readonly HeldWindow[];
  readonly sums: Sums;
}

/** By number of the series book, as are gateways. */
type Sums = ReadonlyMap<number, CallSum>;

function secondsOf(windows: readonly HeldWindow[], book: SeriesBook, nowMs: number): Second[] {
  const seconds = [...Map.groupBy(windows, ({ atMs }) => atMs)].toSorted(([a], [b]) => a - b);
  return seconds.map(([atMs, inSecond]) => ({ atMs, windows: inSecond, sums: addUp(inSecond, book, nowMs) }));
}

/** Sums of the windows' series. */
export function addUp(windows: readonly HeldWindow[], book: SeriesBook, nowMs: number): Sums {
  const sums = new Map<number, CallSum>();
  for (const window of windows)
    addWindow(window, book.gateways.numberOf(window.gatewayId, nowMs), (series) => {
      const number = book.numberOf(series, nowMs);
      const sum = sums.get(number) ?? new CallSum();
      sums.set(number, sum);
      return sum;
    });
  return sums;
}

async function writeSeconds(tx: TrafficTx, book: SeriesBook, seconds: readonly Second[], nowMs: number): Promise<void> {
  if (seconds.length === 0) return;
  const told = await recordedSeconds(
    tx,
    seconds.map(({ atMs }) => atMs),
  );
  const spans = seconds.flatMap((second) => spanRows(second, book));
  const mesh = seconds.map((second) => meshRow(second, book, !told.has(second.atMs)));
  await writeLevels(tx, spans, mesh, nowMs);
}

/**
 * Rows go to every length of spans that their second is in already. One that keeps nothing of that age is passed over, but for
 * what the next longer has not been made of yet: it would get there in no other way.
 */
async function writeLevels(
  tx: TrafficTx,
  spans: readonly SpanRow[],
  mesh: readonly MeshRow[],
  nowMs: number,
): Promise<void> {
  const { through10Ms, through60Ms } = await readTrafficState(tx);
  const madeOf = { 1: Number.POSITIVE_INFINITY, 10: through10Ms, 60: through60Ms };
  const neededFrom = { 1: through10Ms, 10: through60Ms, 60: Number.POSITIVE_INFINITY };
  for (const { seconds, keptSeconds } of RESOLUTIONS) {
    const sinceMs = Math.max(nowMs - LONGEST_MS, Math.min(nowMs - keptSeconds * 1000, neededFrom[seconds]));
    const belongs = ({ atMs }: { readonly atMs: number }): boolean => atMs < madeOf[seconds] && atMs >= sinceMs;
    await writeSpans(tx, seconds, coarserSpans(spans.filter(belongs), seconds));
    await writeMesh(tx, coarserMesh(mesh.filter(belongs), seconds));
  }
}

function spanRows({ atMs, sums }: Second, book: SeriesBook): SpanRow[] {
  const byService = Map.groupBy(sums, ([number]) => book.nameOf(number)?.service ?? "");
  return [...byService].map(([service, ofService]) => {
    const counts = addCounts(ofService.map(([, sum]) => sum.counts));
    return {
      atMs,
      service,
      requests: totalOf(counts),
      errors: errorsOf(counts),
      bytes: ofService.reduce((total, [, { bytesOut }]) => total + bytesOut, 0),
      detail: packDetail(new Map(ofService.map(([number, sum]) => [idOf(book, number), sum])), (number) =>
        book.gateways.idOf(number),
      ),
    };
  });
}

function idOf(book: SeriesBook, number: number): number {
  const id = book.idOf(number);
  if (id === null) throw new Error("A series was not saved before its calls");
  return id;
}

/** What came from outside, and who told. */
function meshRow({ atMs, sums, windows }: Second, book: SeriesBook, isFirst: boolean): MeshRow {
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
