import { addDetail, CallSum, packDetail } from "#db/traffic-detail.ts";
import { firstMeshSpan, readMeshRows, writeMesh, type MeshRow } from "#db/traffic-mesh-repository.ts";
import { readSpanRows, readTrafficState, saveThrough, writeSpans, type SpanRow } from "#db/traffic-span-repository.ts";
import type { TrafficStore, TrafficTx } from "#db/traffic-store.ts";
import type { ResolutionSeconds } from "#domain/history.ts";
import { failpoint } from "#platform/failpoint.ts";

/** A coarse span is made this long after it ended: its seconds are written by then, but for those that come out of a buffer. */
const DUE_MS = 8000;
/** Spans of one transaction, when there is a backlog. */
const SPANS_MAX = 6;

/**
 * Makes coarse spans of the finer ones that are complete at `nowMs` (Unix epoch), once, whichever console does it.
 * @returns whether there is more to do at once.
 * @throws MeshError DATABASE_DOWN.
 */
export async function rollUpTraffic(store: TrafficStore, nowMs: number): Promise<boolean> {
  const made = await store.write(async (tx) => {
    const tens = await rollUp(tx, { of: 1, into: 10, dueMs: nowMs - DUE_MS });
    const minutes = await rollUp(tx, { of: 10, into: 60, dueMs: await madeUpTo(tx, nowMs) });
    failpoint("history.rolled-up");
    return tens === SPANS_MAX || minutes === SPANS_MAX;
  });
  failpoint("history.roll-up-committed");
  return made;
}

/** Up to where there is no second that is not in a span of ten; Unix epoch, ms. */
async function madeUpTo(tx: TrafficTx, nowMs: number): Promise<number> {
  const { through10Ms } = await readTrafficState(tx);
  return Math.min(nowMs - DUE_MS, (await firstMeshSpan(tx, 1, through10Ms)) ?? nowMs);
}

interface RollUp {
  readonly of: 1 | 10;
  readonly into: 10 | 60;
  /** Spans that end by then are complete. */
  readonly dueMs: number;
}

async function rollUp(tx: TrafficTx, { of, into, dueMs }: RollUp): Promise<number> {
  const state = await readTrafficState(tx);
  const throughMs = into === 10 ? state.through10Ms : state.through60Ms;
  const lengthMs = into * 1000;
  // Nothing may be on record for days.
  const firstMs = await firstMeshSpan(tx, of, throughMs);
  if (firstMs === null) return 0;
  const fromMs = Math.floor(firstMs / lengthMs) * lengthMs;
  const spans = Math.min(SPANS_MAX, Math.floor((dueMs - fromMs) / lengthMs));
  if (spans <= 0) return 0;
  const toMs = fromMs + spans * lengthMs;
  await writeSpans(tx, into, coarserSpans(await readSpanRows(tx, { resolution: of, fromMs, toMs }), into));
  await writeMesh(tx, coarserMesh(await readMeshRows(tx, of, fromMs, toMs), into));
  await saveThrough(tx, into, toMs);
  return spans;
}

/** Adds up parts of spans, oldest first, into parts of longer ones (or of as long ones). */
export function coarserSpans(rows: readonly SpanRow[], seconds: ResolutionSeconds): SpanRow[] {
  const lengthMs = seconds * 1000;
  const groups = Map.groupBy(rows, ({ atMs, service }) => `${Math.floor(atMs / lengthMs)}\n${service}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const sum = (pick: (row: SpanRow) => number): number => group.reduce((total, row) => total + pick(row), 0);
    return [
      {
        atMs: Math.floor(first.atMs / lengthMs) * lengthMs,
        service: first.service,
        requests: sum(({ requests }) => requests),
        errors: sum(({ errors }) => errors),
        bytes: sum(({ bytes }) => bytes),
        detail: group.length === 1 ? first.detail : mergedDetail(group),
      },
    ];
  });
}

function mergedDetail(rows: readonly SpanRow[]): Uint8Array {
  const sums = new Map<number, CallSum>();
  const sumOf = (series: number): CallSum => {
    const known = sums.get(series);
    if (known !== undefined) return known;
    const sum = new CallSum();
    sums.set(series, sum);
    return sum;
  };
  for (const { atMs, detail } of rows) addDetail(detail, atMs, sumOf, (gateway) => gateway);
  return packDetail(sums);
}

/** The same for the mesh as a whole; of what a gateway told the last word stays. */
export function coarserMesh(rows: readonly MeshRow[], seconds: ResolutionSeconds): MeshRow[] {
  const lengthMs = seconds * 1000;
  return [...Map.groupBy(rows, ({ atMs }) => Math.floor(atMs / lengthMs))].map(([span, group]) => ({
    resolution: seconds,
    atMs: span * lengthMs,
    recorded: group.reduce((total, { recorded }) => total + recorded, 0),
    requests: group.reduce((total, { requests }) => total + requests, 0),
    errors: group.reduce((total, { errors }) => total + errors, 0),
    gateways: [...new Map(group.flatMap(({ gateways }) => gateways.map((told) => [told.gateway, told]))).values()],
  }));
}
