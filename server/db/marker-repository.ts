import type { AuditAction } from "#domain/audit.ts";
import type { TrafficTx } from "./traffic-store.ts";

/** Kinds of markers that come from the audit log. */
export type LoggedKind = "revision" | "breaker" | "override" | "drift";

const OVERRIDES: readonly AuditAction[] = ["override.set", "override.extend", "override.lift", "override.expire"];
const DRIFT: readonly AuditAction[] = ["drift.detect", "drift.repair", "drift.adopt", "drift.restore", "drift.ignore"];

/** A step of a graded return leaves the state as it was, and is no news on an axis of days. */
const KIND = `CASE
  WHEN "action" = 'breaker.transition'
    THEN CASE WHEN "before"->>'state' IS DISTINCT FROM "after"->>'state' THEN 'breaker' END
  WHEN "action" IN (${OVERRIDES.map((action) => `'${action}'`).join(", ")}) THEN 'override'
  WHEN "action" IN (${DRIFT.map((action) => `'${action}'`).join(", ")}) THEN 'drift'
  WHEN "revision" IS NOT NULL THEN 'revision' END`;

/** Between two moments, the first not included; Unix epoch, ms. */
export interface MarkerSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface LoggedMarker {
  readonly kind: LoggedKind;
  readonly sequence: number;
  readonly atMs: number;
  readonly action: string;
  readonly target: string;
  readonly summary: string;
  readonly actorKind: string;
  readonly actorName: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** How many entries of each kind there are, by stretches that begin at multiples of `stretchMs`. */
export async function countLogged(
  tx: TrafficTx,
  { fromMs, toMs }: MarkerSpan,
  stretchMs: number,
): Promise<{ stretch: number; kind: LoggedKind; count: number }[]> {
  return tx.query(
    `SELECT floor(extract(epoch FROM "at") * 1000 / $3)::float8 AS "stretch", "kind", count(*)::int AS "count"
     FROM (SELECT "at", ${KIND} AS "kind" FROM "audit_entry" WHERE "at" > $1 AND "at" <= $2) AS "entries"
     WHERE "kind" IS NOT NULL GROUP BY 1, 2`,
    [new Date(fromMs), new Date(toMs), stretchMs],
  );
}

/** Entries of these kinds, oldest first, at most `limit`. */
export async function readLogged(
  tx: TrafficTx,
  { fromMs, toMs }: MarkerSpan,
  kinds: readonly LoggedKind[],
  limit: number,
): Promise<LoggedMarker[]> {
  if (kinds.length === 0) return [];
  return tx.query<LoggedMarker>(
    `SELECT * FROM (
       SELECT ${KIND} AS "kind", "sequence", extract(epoch FROM "at")::float8 * 1000 AS "atMs", "action", "target", "summary",
         "actor_kind" AS "actorKind", "actor_name" AS "actorName", "before", "after"
       FROM "audit_entry" WHERE "at" > $1 AND "at" <= $2) AS "entries"
     WHERE "kind" = ANY($3) ORDER BY "sequence" LIMIT $4`,
    [new Date(fromMs), new Date(toMs), kinds, limit],
  );
}
