import { PolicyKind } from "#domain/policy.ts";
import type { TrafficTx } from "./traffic-store.ts";

/** Where the audit log stood at a moment. */
export interface LogPosition {
  /** Of the last entry by then; 0 when it begins later. */
  readonly sequence: number;
  /** Of the last edit by then; null when the log begins later. */
  readonly revision: number | null;
}

/** Where the log stood at `atMs` (Unix epoch). */
export async function readLogPosition(tx: TrafficTx, atMs: number): Promise<LogPosition> {
  const [entry] = await tx.query<{ sequence: number }>(
    `SELECT "sequence" FROM "audit_entry" WHERE "at" <= $1 ORDER BY "at" DESC, "sequence" DESC LIMIT 1`,
    [new Date(atMs)],
  );
  if (entry === undefined) return { sequence: 0, revision: null };
  const [edit] = await tx.query<{ revision: number }>(
    `SELECT "revision" FROM "audit_entry" WHERE "revision" IS NOT NULL AND "sequence" <= $1 ORDER BY "revision" DESC LIMIT 1`,
    [entry.sequence],
  );
  return { sequence: entry.sequence, revision: edit?.revision ?? 0 };
}

/** An object as it was saved then; whoever reads it judges the spec. */
export interface PastPolicy {
  readonly kind: PolicyKind;
  readonly id: string;
  readonly spec: unknown;
}

/**
 * Every object that there was when the log stood there. What has not been edited since is as it is now; of the rest, the first edit
 * since tells what was before it. So it costs what has changed since, and not what the log holds.
 */
export async function readPolicyAt(tx: TrafficTx, { sequence, revision }: LogPosition): Promise<PastPolicy[]> {
  const rows = await tx.query<{ kind: string; id: string; spec: unknown }>(
    `SELECT "kind", "id", "spec" FROM "policy_object" WHERE "revision" <= $1 AND "spec" IS NOT NULL
     UNION ALL
     SELECT "kind", "id", "edit"."before" FROM "policy_object"
     CROSS JOIN LATERAL (
       SELECT "before" FROM "audit_entry"
       WHERE "target" = "kind" || '/' || "id" AND "sequence" > $2 AND "audit_entry"."revision" IS NOT NULL
       ORDER BY "sequence" LIMIT 1
     ) AS "edit"
     WHERE "policy_object"."revision" > $1 AND "edit"."before" IS NOT NULL`,
    [revision ?? 0, sequence],
  );
  return rows.flatMap(({ kind, id, spec }) => {
    const known = PolicyKind.safeParse(kind);
    return known.success ? [{ kind: known.data, id, spec }] : [];
  });
}
