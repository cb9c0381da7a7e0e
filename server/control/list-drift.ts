import type { Tx } from "#db/client.ts";
import { listFindings } from "#db/drift-repository.ts";
import { findDocument } from "#db/policy-repository.ts";
import type { DriftDifference, DriftFinding } from "#domain/drift.ts";
import { splitKey } from "#zookeeper/paths.ts";
import type { ControlDeps } from "./edit.ts";

/**
 * Findings, latest first, each with what the database holds now. `standing` leaves out those that are over.
 * @throws MeshError DATABASE_DOWN.
 */
export function listDrift(
  deps: Pick<ControlDeps, "database">,
  { state, limit }: { state: "standing" | "all"; limit: number },
): Promise<DriftDifference[]> {
  return deps.database.read(async (db) => {
    const findings = await listFindings(db, state, limit);
    return Promise.all(findings.map((finding) => withDatabase(db, finding)));
  });
}

async function withDatabase(db: Tx, finding: DriftFinding): Promise<DriftDifference> {
  const parts = splitKey(finding.key);
  const row = parts === null ? null : await findDocument(db, parts.kind, parts.id);
  return { ...finding, database: row?.spec ?? null, databaseRevision: row?.revision ?? null };
}
