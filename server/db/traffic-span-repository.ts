import type { ResolutionSeconds } from "#domain/history.ts";
import { ensurePartitions, tableOf } from "./traffic-partitions.ts";
import type { TrafficTx } from "./traffic-store.ts";

/** One service in one span, or a part of it: parts add up. */
export interface SpanRow {
  /** Start of the span, Unix epoch, ms. */
  readonly atMs: number;
  readonly service: string;
  readonly requests: number;
  readonly errors: number;
  readonly bytes: number;
  /** Its series, packed (traffic-detail.ts). */
  readonly detail: Uint8Array;
}

/** Appends parts of spans. Writers only. */
export async function writeSpans(
  tx: TrafficTx,
  resolution: ResolutionSeconds,
  rows: readonly SpanRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const table = tableOf(resolution);
  await ensurePartitions(
    tx,
    table,
    rows.map(({ atMs }) => atMs),
  );
  await tx.copy(
    `"traffic"."${table}" ("at", "service", "requests", "errors", "bytes", "detail")`,
    rows.map(({ atMs, service, requests, errors, bytes, detail }) => [
      new Date(atMs),
      service,
      requests,
      errors,
      bytes,
      detail,
    ]),
  );
}

/** What is read of a span's part: the sums are in the detail. */
export type PackedSpan = Pick<SpanRow, "atMs" | "service" | "detail">;

export interface SpanRange {
  readonly resolution: ResolutionSeconds;
  /** Spans that begin at or after this, and before `toMs`. Unix epoch, ms. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Parts of spans, oldest first; of these services, or all. */
export async function readSpans(
  tx: TrafficTx,
  { resolution, fromMs, toMs }: SpanRange,
  services: readonly string[] | null,
): Promise<PackedSpan[]> {
  if (toMs <= fromMs) return [];
  const rows = await tx.query<{ second: number; service: string; detail: Buffer }>(
    `SELECT extract(epoch FROM "at")::float8 AS "second", "service", "detail" FROM "traffic"."${tableOf(resolution)}"
     WHERE "at" >= $1 AND "at" < $2 ${services === null ? "" : `AND "service" = ANY($3)`} ORDER BY "at"`,
    [new Date(fromMs), new Date(toMs), ...(services === null ? [] : [services])],
  );
  return rows.map(({ second, service, detail }) => ({ atMs: second * 1000, service, detail }));
}

/** The same with their sums, to be added up into longer ones. */
export async function readSpanRows(tx: TrafficTx, { resolution, fromMs, toMs }: SpanRange): Promise<SpanRow[]> {
  const rows = await tx.query<Omit<SpanRow, "atMs"> & { second: number }>(
    `SELECT extract(epoch FROM "at")::float8 AS "second", "service", "requests"::float8 AS "requests",
       "errors"::float8 AS "errors", "bytes"::float8 AS "bytes", "detail" FROM "traffic"."${tableOf(resolution)}"
     WHERE "at" >= $1 AND "at" < $2 ORDER BY "at"`,
    [new Date(fromMs), new Date(toMs)],
  );
  return rows.map(({ second, ...row }) => ({ atMs: second * 1000, ...row }));
}

/** How far a gateway run's windows are on record. */
export interface TrafficCursor {
  readonly gatewayId: string;
  readonly run: string;
  readonly sequence: number;
}

export async function readTrafficCursors(tx: TrafficTx): Promise<TrafficCursor[]> {
  return tx.query<{ gatewayId: string; run: string; sequence: number }>(
    `SELECT "gateway_id" AS "gatewayId", "run", "sequence"::float8 AS "sequence" FROM "traffic"."cursor"`,
  );
}

export async function advanceTrafficCursors(
  tx: TrafficTx,
  cursors: readonly TrafficCursor[],
  now: Date,
): Promise<void> {
  await tx.query(
    `INSERT INTO "traffic"."cursor" ("gateway_id", "run", "sequence", "updated_at")
     SELECT "gateway_id", "run", "sequence", $4
     FROM unnest($1::text[], $2::text[], $3::bigint[]) AS "new" ("gateway_id", "run", "sequence")
     ON CONFLICT ("gateway_id", "run") DO UPDATE SET "sequence" = EXCLUDED."sequence", "updated_at" = EXCLUDED."updated_at"`,
    [
      cursors.map(({ gatewayId }) => gatewayId),
      cursors.map(({ run }) => run),
      cursors.map(({ sequence }) => sequence),
      now,
    ],
  );
}

/** Who records, and up to where (Unix epoch, ms) coarse spans have been made of finer ones; 0 before the first. */
export interface TrafficState {
  readonly writer: string | null;
  readonly writtenAtMs: number;
  readonly through10Ms: number;
  readonly through60Ms: number;
}

export async function readTrafficState(tx: TrafficTx): Promise<TrafficState> {
  const [row] = await tx.query<{ writer: string | null; written: number | null; ten: number; sixty: number }>(
    `SELECT "writer", extract(epoch FROM "written_at")::float8 AS "written", extract(epoch FROM "through_10")::float8 AS "ten",
       extract(epoch FROM "through_60")::float8 AS "sixty" FROM "traffic"."state"`,
  );
  return {
    writer: row?.writer ?? null,
    writtenAtMs: (row?.written ?? 0) * 1000,
    through10Ms: (row?.ten ?? 0) * 1000,
    through60Ms: (row?.sixty ?? 0) * 1000,
  };
}

export async function signTraffic(tx: TrafficTx, writer: string, now: Date): Promise<void> {
  await tx.query(`UPDATE "traffic"."state" SET "writer" = $1, "written_at" = $2`, [writer, now]);
}

/** Notes that all finer spans before this are in those of the resolution. */
export async function saveThrough(tx: TrafficTx, resolution: 10 | 60, throughMs: number): Promise<void> {
  await tx.query(`UPDATE "traffic"."state" SET "through_${resolution}" = $1`, [new Date(throughMs)]);
}

/** Forgets runs of gateways that have written nothing since. */
export async function deleteTrafficCursors(tx: TrafficTx, before: Date): Promise<void> {
  await tx.query(`DELETE FROM "traffic"."cursor" WHERE "updated_at" < $1`, [before]);
}
