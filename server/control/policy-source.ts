import type { Tx } from "#db/client.ts";
import { readMesh } from "#db/mesh-repository.ts";
import { readStanding } from "#db/drift-repository.ts";
import { readPolicySince, tombstoneKeys } from "#db/policy-repository.ts";
import type { PublishRules } from "#domain/publishing.ts";
import type { PolicySource } from "#zookeeper/database-reading.ts";
import type { ControlDeps } from "./edit.ts";

/** The database as the publisher reads it: always one state, never half an edit. Rejects with DATABASE_DOWN. */
export function policySource(deps: Pick<ControlDeps, "database">): PolicySource {
  const { database } = deps;
  return {
    readSince: (after) => database.read((db) => readPolicySince(db, after)),
    rules: () => database.snapshot(readRules),
    tombstonesBefore: (atMs) => database.read((db) => tombstoneKeys(db, new Date(atMs))),
  };
}

async function readRules(tx: Tx): Promise<PublishRules> {
  const { driftMode, supersedes, supersedesRevision, gatewaysAhead } = await readMesh(tx);
  return { driftMode, supersedes, supersedesUpTo: supersedesRevision, gatewaysAhead, standing: await readStanding(tx) };
}
