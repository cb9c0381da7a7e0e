import type { ResolutionSeconds } from "#domain/history.ts";
import type { TrafficTx } from "./traffic-store.ts";

/** A gateway that told of a span, with its breakers that were not closed when it ended. Names are such as `nameForDatabase` makes. */
export interface GatewayTold {
  readonly gateway: string;
  readonly breakers: readonly {
    readonly routeId: string;
    readonly service: string;
    readonly state: "open" | "half-open";
  }[];
}

/** The mesh as a whole in one span, or a part of it: parts add up. */
export interface MeshRow {
  readonly resolution: ResolutionSeconds;
  /** Start of the span, Unix epoch, ms. */
  readonly atMs: number;
  /** Seconds of it that this part is the first to tell of. */
  readonly recorded: number;
  /** From outside the mesh; errors are those that no backup answered. */
  readonly requests: number;
  readonly errors: number;
  readonly gateways: readonly GatewayTold[];
}

export async function writeMesh(tx: TrafficTx, rows: readonly MeshRow[]): Promise<void> {
  await tx.copy(
    `"traffic"."mesh" ("resolution", "at", "recorded", "requests", "errors", "gateways")`,
    rows.map(({ resolution, atMs, recorded, requests, errors, gateways }) => [
      resolution,
      new Date(atMs),
      recorded,
      requests,
      errors,
      JSON.stringify(gateways),
    ]),
  );
}

/** Which spans of a length begin at or after `fromMs` and before `toMs`, with what the mesh did in them, oldest first. */
export async function readMeshRows(
  tx: TrafficTx,
  resolution: ResolutionSeconds,
  fromMs: number,
  toMs: number,
): Promise<MeshRow[]> {
  const rows = await tx.query<{
    second: number;
    recorded: number;
    requests: number;
    errors: number;
    gateways: GatewayTold[];
  }>(
    `SELECT extract(epoch FROM "at")::float8 AS "second", "recorded", "requests"::float8 AS "requests",
       "errors"::float8 AS "errors", "gateways" FROM "traffic"."mesh"
     WHERE "resolution" = $1 AND "at" >= $2 AND "at" < $3 ORDER BY "at"`,
    [resolution, new Date(fromMs), new Date(toMs)],
  );
  return rows.map(({ second, ...row }) => ({ resolution, atMs: second * 1000, ...row }));
}

/** What the mesh did in a step of time, Unix epoch, ms. */
export interface MeshSum {
  readonly atMs: number;
  /** Seconds of it on record. */
  readonly recorded: number;
  readonly requests: number;
  readonly errors: number;
}

/** The same added up by steps that begin at multiples of `stepSeconds`. */
export async function readMeshSums(
  tx: TrafficTx,
  { resolution, fromMs, toMs }: { resolution: ResolutionSeconds; fromMs: number; toMs: number },
  stepSeconds: number,
): Promise<MeshSum[]> {
  if (toMs <= fromMs) return [];
  const rows = await tx.query<{ step: number; recorded: number; requests: number; errors: number }>(
    `SELECT floor(extract(epoch FROM "at") / $4)::float8 * $4 AS "step", sum("recorded")::float8 AS "recorded",
       sum("requests")::float8 AS "requests", sum("errors")::float8 AS "errors" FROM "traffic"."mesh"
     WHERE "resolution" = $1 AND "at" >= $2 AND "at" < $3 GROUP BY 1 ORDER BY 1`,
    [resolution, new Date(fromMs), new Date(toMs), stepSeconds],
  );
  return rows.map(({ step, ...sums }) => ({ atMs: step * 1000, ...sums }));
}

/** Which of these seconds (Unix epoch, ms) are told of already. */
export async function recordedSeconds(tx: TrafficTx, secondsMs: readonly number[]): Promise<Set<number>> {
  const rows = await tx.query<{ second: number }>(
    `SELECT DISTINCT extract(epoch FROM "at")::float8 AS "second" FROM "traffic"."mesh"
     WHERE "resolution" = 1 AND "at" = ANY($1)`,
    [secondsMs.map((atMs) => new Date(atMs))],
  );
  return new Set(rows.map(({ second }) => second * 1000));
}

/** Start of the first span of a length at or after `fromMs`; null when there is none. Unix epoch, ms. */
export async function firstMeshSpan(
  tx: TrafficTx,
  resolution: ResolutionSeconds,
  fromMs: number,
): Promise<number | null> {
  return edge(tx, `"at" >= $2 ORDER BY "at"`, resolution, fromMs);
}

/** Start of the last one. */
export async function lastMeshSpan(tx: TrafficTx, resolution: ResolutionSeconds): Promise<number | null> {
  return edge(tx, `"at" >= $2 ORDER BY "at" DESC`, resolution, 0);
}

async function edge(
  tx: TrafficTx,
  which: string,
  resolution: ResolutionSeconds,
  fromMs: number,
): Promise<number | null> {
  const [row] = await tx.query<{ second: number }>(
    `SELECT extract(epoch FROM "at")::float8 AS "second" FROM "traffic"."mesh" WHERE "resolution" = $1 AND ${which} LIMIT 1`,
    [resolution, new Date(fromMs)],
  );
  return row === undefined ? null : row.second * 1000;
}

/** Deletes what is older: a row or two a second. */
export async function deleteMeshRows(tx: TrafficTx, resolution: ResolutionSeconds, before: Date): Promise<void> {
  await tx.query(`DELETE FROM "traffic"."mesh" WHERE "resolution" = $1 AND "at" < $2`, [resolution, before]);
}
