import type { TrafficTx } from "./traffic-store.ts";

/** What a series is of. */
export interface SeriesName {
  readonly service: string;
  readonly caller: string;
  readonly routeId: string;
  readonly subset: string;
  readonly instance: string;
  readonly asFallback: boolean;
}

export interface StoredSeries extends SeriesName {
  readonly id: number;
}

const COLUMNS = `"id", "service", "caller", "route_id" AS "routeId", "subset", "instance", "as_fallback" AS "asFallback"`;

/** Gives each series its number, and notes that it is in use; no two of the same. */
export async function saveSeries(tx: TrafficTx, names: readonly SeriesName[], now: Date): Promise<StoredSeries[]> {
  return tx.query<StoredSeries>(
    `INSERT INTO "traffic"."series" ("service", "caller", "route_id", "subset", "instance", "as_fallback", "used_at")
     SELECT *, $7::timestamptz FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[])
     ON CONFLICT ("service", "caller", "route_id", "subset", "instance", "as_fallback")
       DO UPDATE SET "used_at" = EXCLUDED."used_at"
     RETURNING ${COLUMNS}`,
    [
      names.map(({ service }) => service),
      names.map(({ caller }) => caller),
      names.map(({ routeId }) => routeId),
      names.map(({ subset }) => subset),
      names.map(({ instance }) => instance),
      names.map(({ asFallback }) => asFallback),
      now,
    ],
  );
}

export async function readSeries(tx: TrafficTx, ids: readonly number[]): Promise<StoredSeries[]> {
  return tx.query<StoredSeries>(`SELECT ${COLUMNS} FROM "traffic"."series" WHERE "id" = ANY($1)`, [ids]);
}

/** More than a caller calls in earnest; a port scanner behind a gateway would. */
const CALLED_MAX = 1000;

/** Which services a caller has called, of what is on record. */
export async function readCalledServices(tx: TrafficTx, caller: string): Promise<string[]> {
  const rows = await tx.query<{ service: string }>(
    `SELECT DISTINCT "service" FROM "traffic"."series" WHERE "caller" = $1 ORDER BY "service" LIMIT ${CALLED_MAX}`,
    [caller],
  );
  return rows.map(({ service }) => service);
}

/** Forgets some of the series that nobody has written of since. */
export async function deleteSeries(tx: TrafficTx, before: Date): Promise<void> {
  await tx.query(
    `DELETE FROM "traffic"."series" WHERE "id" IN (
       SELECT "id" FROM "traffic"."series" WHERE "used_at" < $1 ORDER BY "used_at" LIMIT 5000)`,
    [before],
  );
}

export interface StoredGateway {
  readonly id: number;
  readonly name: string;
}

/** Gives each gateway its number, and notes that it is in use; no two of the same. */
export async function saveGateways(tx: TrafficTx, names: readonly string[], now: Date): Promise<StoredGateway[]> {
  return tx.query<StoredGateway>(
    `INSERT INTO "traffic"."gateway" ("name", "used_at") SELECT unnest($1::text[]), $2::timestamptz
     ON CONFLICT ("name") DO UPDATE SET "used_at" = EXCLUDED."used_at" RETURNING "id", "name"`,
    [names, now],
  );
}

/** Forgets some of the gateways that nobody has written of since. */
export async function deleteGateways(tx: TrafficTx, before: Date): Promise<void> {
  await tx.query(
    `DELETE FROM "traffic"."gateway" WHERE "id" IN (
       SELECT "id" FROM "traffic"."gateway" WHERE "used_at" < $1 ORDER BY "used_at" LIMIT 5000)`,
    [before],
  );
}

/**
 * Tells one life of the tables of names from another: it differs once they were restored from a backup, made or emptied anew, or
 * the server was started again or is another one. Numbers learned before may then be nobody's, or somebody else's.
 */
export async function readNamesOrigin(tx: TrafficTx): Promise<string> {
  const [row] = await tx.query<{ origin: string }>(
    `SELECT concat_ws(' ', extract(epoch FROM pg_postmaster_start_time()),
       (SELECT "oid" FROM pg_database WHERE datname = current_database()),
       pg_relation_filenode('traffic.series'), pg_relation_filenode('traffic.gateway')) AS "origin"`,
  );
  return row?.origin ?? "";
}

/** All that are on record. */
export async function readGateways(tx: TrafficTx): Promise<StoredGateway[]> {
  return tx.query<StoredGateway>(`SELECT "id", "name" FROM "traffic"."gateway"`);
}

/** Series of these services. */
export async function readSeriesOf(tx: TrafficTx, services: readonly string[]): Promise<StoredSeries[]> {
  return tx.query<StoredSeries>(`SELECT ${COLUMNS} FROM "traffic"."series" WHERE "service" = ANY($1)`, [services]);
}
