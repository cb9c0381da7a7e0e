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
