import { DEFAULT_HEALTH_ROW, HEALTH_POLICY_ID, HealthPolicySpec, type HealthPolicyRow } from "#domain/health-policy.ts";
import type { Tx } from "./client.ts";
import { jsonOf } from "./json.ts";

/**
 * How health is judged; the default while nobody has saved anything else.
 * @throws Error when it is in a form that this version cannot read.
 */
export async function readHealthPolicy(db: Tx): Promise<HealthPolicyRow> {
  const row = await db.healthPolicy.findUnique({ where: { id: 1 } });
  if (row === null) return DEFAULT_HEALTH_ROW;
  const spec = HealthPolicySpec.safeParse(row.spec);
  if (!spec.success)
    throw new Error("The database holds the thresholds of health in a form this version cannot read", {
      cause: spec.error,
    });
  return {
    id: HEALTH_POLICY_ID,
    version: row.version,
    revision: 0,
    spec: spec.data,
    updatedAtMs: row.updatedAt.getTime(),
    updatedBy: row.updatedBy,
  };
}

/** Saves it. The mesh row must be locked. */
export async function writeHealthPolicy(
  tx: Tx,
  { version, spec, updatedAtMs, updatedBy }: HealthPolicyRow,
): Promise<void> {
  const data = { version, spec: jsonOf(spec), updatedAt: new Date(updatedAtMs), updatedBy };
  await tx.healthPolicy.upsert({ where: { id: 1 }, create: { id: 1, ...data }, update: data });
}
