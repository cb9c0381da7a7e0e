import type { InstanceTurn } from "#domain/traffic.ts";
import { ensurePartitions } from "./traffic-partitions.ts";
import type { TrafficTx } from "./traffic-store.ts";

/**
 * An instance or a gateway that came, left or changed; everything there was, which later rows change; or a turn of an
 * instance: a gateway took it out, or in again.
 */
export interface PresenceRow {
  /** Unix epoch, ms. */
  readonly atMs: number;
  readonly kind: PresenceKind | "all";
  readonly event: "came" | "left" | "changed" | "baseline" | InstanceTurn;
  /** Empty where it is not of a service. */
  readonly service: string;
  readonly name: string;
  /** What it is, or was, packed by whoever writes it. */
  readonly detail: Uint8Array | null;
}

type PresenceKind = "instance" | "gateway" | "turn";

export async function writePresence(tx: TrafficTx, rows: readonly PresenceRow[]): Promise<void> {
  if (rows.length === 0) return;
  await ensurePartitions(
    tx,
    "presence",
    rows.map(({ atMs }) => atMs),
  );
  await tx.copy(
    `"traffic"."presence" ("at", "kind", "event", "service", "name", "detail")`,
    rows.map(({ atMs, kind, event, service, name, detail }) => [new Date(atMs), kind, event, service, name, detail]),
  );
}

/** Where the record of comings and goings ends. */
export interface PresenceEnd {
  /** How often it was written, whoever did. */
  readonly writes: number;
  /** Of the last row, Unix epoch, ms; 0 when there is none. */
  readonly lastMs: number;
}

/** Rows later than `untilMs` (Unix epoch) are from a clock that was wrong, and passed over. */
export async function readPresenceEnd(tx: TrafficTx, untilMs: number): Promise<PresenceEnd> {
  const [row] = await tx.query<PresenceEnd>(
    `SELECT "presence_writes"::float8 AS "writes", coalesce((SELECT extract(epoch FROM max("at")) * 1000 FROM "traffic"."presence"
       WHERE "kind" <> 'turn' AND "at" <= $1), 0)::float8 AS "lastMs" FROM "traffic"."state"`,
    [new Date(untilMs)],
  );
  return row ?? { writes: 0, lastMs: 0 };
}

/**
 * Counts a writing of comings and goings, in the transaction that does it.
 * @returns false, having changed nothing, when somebody else has written since `writes` were counted.
 */
export async function countPresenceWrite(tx: TrafficTx, writes: number): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE "traffic"."state" SET "presence_writes" = "presence_writes" + 1 WHERE "presence_writes" = $1 RETURNING 1`,
    [writes],
  );
  return rows.length === 1;
}

const COLUMNS = `extract(epoch FROM "at")::float8 * 1000 AS "atMs", "kind", "event", "service", "name", "detail"`;

/** The last baseline by then (Unix epoch, ms); null when there is none. */
export async function readBaseline(tx: TrafficTx, atMs: number): Promise<PresenceRow | null> {
  const [row] = await tx.query<PresenceRow>(
    `SELECT ${COLUMNS} FROM "traffic"."presence" WHERE "event" = 'baseline' AND "at" <= $1 ORDER BY "at" DESC LIMIT 1`,
    [new Date(atMs)],
  );
  return row ?? null;
}

/** Comings and goings of instances and gateways, or what else is asked for, after `fromMs` and up to `toMs`, oldest first, at most `limit`. */
export async function readPresence(
  tx: TrafficTx,
  {
    fromMs,
    toMs,
    kinds = ["instance", "gateway"],
    limit,
  }: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly kinds?: readonly PresenceKind[];
    readonly limit: number;
  },
): Promise<PresenceRow[]> {
  return tx.query<PresenceRow>(
    `SELECT ${COLUMNS} FROM "traffic"."presence" WHERE "event" <> 'baseline' AND "kind" = ANY($4) AND "at" > $1 AND "at" <= $2
     ORDER BY "at" LIMIT $3`,
    [new Date(fromMs), new Date(toMs), limit, kinds],
  );
}

/** How many of each kind there were, turns of instances among those of instances, by stretches of time that begin at multiples of `stretchMs`. */
export async function countPresence(
  tx: TrafficTx,
  { fromMs, toMs, stretchMs }: { readonly fromMs: number; readonly toMs: number; readonly stretchMs: number },
): Promise<{ stretch: number; kind: "instance" | "gateway"; count: number }[]> {
  return tx.query(
    `SELECT floor(extract(epoch FROM "at") * 1000 / $3)::float8 AS "stretch",
       CASE "kind" WHEN 'turn' THEN 'instance' ELSE "kind" END AS "kind", count(*)::int AS "count"
     FROM "traffic"."presence" WHERE "event" <> 'baseline' AND "at" > $1 AND "at" <= $2 GROUP BY 1, 2`,
    [new Date(fromMs), new Date(toMs), stretchMs],
  );
}
