import { listFindings, listStandingKeys } from "#db/drift-repository.ts";
import { findDocuments } from "#db/policy-repository.ts";
import type { DriftDifference } from "#domain/drift.ts";
import { splitKey } from "#zookeeper/paths.ts";
import type { ControlDeps } from "./edit.ts";

/** Which findings are wanted. */
export interface DriftQuery {
  /** `standing` leaves out those that are over. */
  readonly state: "standing" | "all";
  readonly limit: number;
  /** Policy key, for those of one object. */
  readonly key?: string | undefined;
}

/**
 * Findings, latest first, each with what the database holds now.
 * @throws MeshError DATABASE_DOWN.
 */
export function listDrift(
  deps: Pick<ControlDeps, "database">,
  { state, limit, key }: DriftQuery,
): Promise<DriftDifference[]> {
  return deps.database.read(async (db) => {
    const findings = await listFindings(db, state, limit, key);
    const documents = await findDocuments(
      db,
      findings.flatMap((finding) => splitKey(finding.key) ?? []),
    );
    return findings.map((finding) => {
      const document = documents.get(finding.key);
      return { ...finding, database: document?.spec ?? null, databaseRevision: document?.revision ?? null };
    });
  });
}

/**
 * Keys of published nodes that somebody else changed and that are not put right, sorted.
 * @throws MeshError DATABASE_DOWN.
 */
export function listDriftedKeys(deps: Pick<ControlDeps, "database">): Promise<string[]> {
  return deps.database.read(listStandingKeys);
}
