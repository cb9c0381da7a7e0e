import type { Tx } from "#db/client.ts";
import { readMesh } from "#db/mesh-repository.ts";
import { readStanding } from "#db/drift-repository.ts";
import { readDocuments, tombstoneKeys } from "#db/policy-repository.ts";
import type { PolicyDocument } from "#domain/policy.ts";
import type { PublishRules } from "#domain/publishing.ts";
import type { PolicySource } from "#zookeeper/publish-pass.ts";
import type { ControlDeps } from "./edit.ts";

/** The database as the publisher reads it: always one state, never half an edit. Rejects with DATABASE_DOWN. */
export function policySource(deps: Pick<ControlDeps, "database">): PolicySource {
  const { database } = deps;
  const readSince = (after: number): Promise<{ revision: number; documents: readonly PolicyDocument[] }> =>
    database.snapshot((tx) => documentsSince(tx, after));
  return {
    incarnation: async () => (await database.read(readMesh)).incarnation,
    readAll: () => readSince(0),
    readSince,
    rules: () => database.snapshot(readRules),
    tombstonesBefore: (atMs) => database.read((db) => tombstoneKeys(db, new Date(atMs))),
  };
}

async function readRules(tx: Tx): Promise<PublishRules> {
  const { driftMode, supersedes, supersedesRevision, gatewaysAhead } = await readMesh(tx);
  return { driftMode, supersedes, supersedesUpTo: supersedesRevision, gatewaysAhead, standing: await readStanding(tx) };
}

async function documentsSince(
  tx: Tx,
  after: number,
): Promise<{ revision: number; documents: readonly PolicyDocument[] }> {
  const { incarnation, revision } = await readMesh(tx);
  return { revision, documents: await readDocuments(tx, incarnation, after) };
}
