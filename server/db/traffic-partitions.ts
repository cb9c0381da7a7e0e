import { RESOLUTIONS, type ResolutionSeconds } from "#domain/history.ts";
import type { TrafficTx } from "./traffic-store.ts";

/** Tables whose rows go by the partition. */
export type PartitionedTable = `span_${ResolutionSeconds}` | "presence";

const DAY_SECONDS = 24 * 60 * 60;

/** How long a table's partitions are, and how long each is kept once it is over, s. */
interface PartitionRule {
  readonly table: PartitionedTable;
  readonly seconds: number;
  readonly keptSeconds: number;
}

/** A partition goes as a whole: it should be short against the time its rows are kept. */
const LENGTHS: Readonly<Record<PartitionedTable, number>> = {
  span_1: 60,
  span_10: 60 * 60,
  span_60: DAY_SECONDS / 2,
  presence: DAY_SECONDS,
};

/** Comings and goings are known as long as there is any traffic to show with them. */
const PRESENCE_KEPT_SECONDS = Math.max(...RESOLUTIONS.map(({ keptSeconds }) => keptSeconds));

export const PARTITION_RULES: readonly PartitionRule[] = [
  ...RESOLUTIONS.map(({ seconds, keptSeconds }) => ({ table: tableOf(seconds), seconds: 0, keptSeconds })),
  { table: "presence" as const, seconds: 0, keptSeconds: PRESENCE_KEPT_SECONDS },
].map((rule) => ({ ...rule, seconds: LENGTHS[rule.table] }));

/** Which table has the spans of a length. */
export function tableOf(resolution: ResolutionSeconds): `span_${ResolutionSeconds}` {
  return `span_${resolution}`;
}

export interface Partition {
  readonly table: PartitionedTable;
  readonly name: string;
  /** Unix epoch, ms. */
  readonly fromMs: number;
  readonly toMs: number;
  /** With its indexes. */
  readonly bytes: number;
}

/** Every partition there is, oldest first. */
export async function listPartitions(tx: TrafficTx): Promise<Partition[]> {
  const rows = await tx.query<{ table: string; name: string; bytes: number }>(
    `SELECT parent.relname AS "table", child.relname AS "name", pg_total_relation_size(child.oid)::float8 AS "bytes"
     FROM pg_inherits
     JOIN pg_class AS parent ON parent.oid = inhparent
     JOIN pg_class AS child ON child.oid = inhrelid
     JOIN pg_namespace ON pg_namespace.oid = parent.relnamespace
     WHERE nspname = 'traffic' AND child.relkind = 'r'`,
  );
  return rows
    .flatMap(({ table, name, bytes }) => {
      const rule = PARTITION_RULES.find((one) => one.table === table);
      const fromSeconds = Number(/_p(\d+)$/.exec(name)?.[1]);
      if (rule === undefined || !Number.isFinite(fromSeconds)) return [];
      return [
        { table: rule.table, name, fromMs: fromSeconds * 1000, toMs: (fromSeconds + rule.seconds) * 1000, bytes },
      ];
    })
    .toSorted((a, b) => a.fromMs - b.fromMs || b.toMs - a.toMs);
}

/** Makes the partitions that rows of these times (Unix epoch, ms) go to, where there are none yet. */
export async function ensurePartitions(
  tx: TrafficTx,
  table: PartitionedTable,
  timesMs: Iterable<number>,
): Promise<void> {
  const lengthMs = LENGTHS[table] * 1000;
  const starts = new Set([...timesMs].map((atMs) => Math.floor(atMs / lengthMs) * lengthMs));
  for (const fromMs of starts) {
    const name = `${table}_p${fromMs / 1000}`;
    const [there] = await tx.query<{ oid: string | null }>(`SELECT to_regclass($1)::text AS "oid"`, [
      `traffic.${name}`,
    ]);
    if (there?.oid != null) continue;
    // Made apart and attached, it keeps no reader of the table waiting.
    await tx.query(`CREATE TABLE "traffic"."${name}" (LIKE "traffic"."${table}" INCLUDING ALL)`);
    await tx.query(
      `ALTER TABLE "traffic"."${table}" ATTACH PARTITION "traffic"."${name}"
       FOR VALUES FROM ('${new Date(fromMs).toISOString()}') TO ('${new Date(fromMs + lengthMs).toISOString()}')`,
    );
  }
}

/** Deletes a partition with its rows. Readers are waited for, but not long: then it fails, and is for the next time. */
export async function dropPartition(tx: TrafficTx, { name }: Pick<Partition, "name">): Promise<void> {
  await tx.query("SET LOCAL lock_timeout = '1s'");
  await tx.query(`DROP TABLE IF EXISTS "traffic"."${name}"`);
}

/** What the tables take that have no partitions, bytes. */
export async function sizeOfTheRest(tx: TrafficTx): Promise<number> {
  const [row] = await tx.query<{ bytes: number }>(
    `SELECT sum(pg_total_relation_size(relid))::float8 AS "bytes" FROM (VALUES ('traffic.series'::regclass),
       ('traffic.gateway'::regclass), ('traffic.mesh'::regclass), ('traffic.cursor'::regclass)) AS "tables" (relid)`,
  );
  return row?.bytes ?? 0;
}
