import { randomUUID } from "node:crypto";
import { appendAudits, lastEditOf, type AuditDraft } from "#db/audit-repository.ts";
import type { Tx } from "#db/client.ts";
import { latestPublished } from "#db/delivery-repository.ts";
import { addFinding, findStanding, setFindingState, supersedeFindings } from "#db/drift-repository.ts";
import { lockMesh } from "#db/mesh-repository.ts";
import { findDocument } from "#db/policy-repository.ts";
import type { Actor } from "#domain/audit.ts";
import { findingKey } from "#domain/drift.ts";
import type { FoundDrift } from "#zookeeper/plan-publish.ts";
import { splitKey } from "#zookeeper/paths.ts";
import { nowMs, type ControlDeps } from "./edit.ts";

const PUBLISHER: Actor = { kind: "system", id: "publisher", name: "Meshkeeper" };

/**
 * Puts on record that a published node is not what was published, and what comes of it: it is put right next, or held until
 * a person decides. What was found of the key before is over, unless it is the same.
 * @throws MeshError DATABASE_DOWN.
 */
export async function recordDrift(deps: ControlDeps, drift: FoundDrift): Promise<void> {
  const atMs = nowMs(deps);
  const key = findingKey(drift.key);
  await deps.database.transaction(async (tx) => {
    await lockMesh(tx);
    const standing = await findStanding(tx, drift.key);
    const isKnown = standing?.foundHash === drift.foundHash;
    if (isKnown && drift.action === "hold") return;
    const entries: AuditDraft[] = [];
    if (!isKnown) {
      await supersedeFindings(tx, [drift.key], new Date(atMs));
      await addFinding(tx, await newFinding(tx, drift, atMs));
      entries.push(entryOf(drift, "drift.detect", `Found ${key} changed in ZooKeeper: ${drift.problem}`, atMs));
    }
    if (drift.action === "repair") {
      const decidedBy = standing?.decidedBy ?? PUBLISHER.name;
      if (isKnown) await setFindingState(tx, standing.id, { state: "repaired", decidedBy, resolvedAt: new Date(atMs) });
      entries.push(entryOf(drift, "drift.repair", `Put ${key} right in ZooKeeper: ${drift.problem}`, atMs));
    }
    await appendAudits(tx, entries);
  });
}

/**
 * Ends the findings of keys whose nodes are as they should be again.
 * @throws MeshError DATABASE_DOWN.
 */
export async function settleDrift(deps: ControlDeps, keys: readonly string[]): Promise<void> {
  await deps.database.read((db) => supersedeFindings(db, keys, new Date(nowMs(deps))));
}

async function newFinding(tx: Tx, drift: FoundDrift, atMs: number): Promise<Parameters<typeof addFinding>[1]> {
  const { key, problem, found, foundHash, action } = drift;
  const isOver = action === "repair";
  return {
    id: randomUUID(),
    key,
    problem,
    foundHash,
    found,
    ...(await publishedAs(tx, key)),
    foundAtMs: atMs,
    state: isOver ? "repaired" : "open",
    decidedBy: isOver ? PUBLISHER.name : null,
    resolvedAtMs: isOver ? atMs : null,
  };
}

/** What had been published there last: by the log, which has every edit; by the row, where that is not newer. */
async function publishedAs(
  tx: Tx,
  key: string,
): Promise<{ readonly published: unknown; readonly publishedRevision: number | null }> {
  const parts = splitKey(key);
  if (parts === null) return { published: null, publishedRevision: null };
  const upTo = await latestPublished(tx);
  const entry = await lastEditOf(tx, key, upTo);
  if (entry !== null) return { published: entry.after, publishedRevision: entry.revision };
  const row = await findDocument(tx, parts.kind, parts.id);
  const isPublished = row !== null && row.revision <= upTo;
  return { published: isPublished ? row.spec : null, publishedRevision: isPublished ? row.revision : null };
}

function entryOf(
  drift: FoundDrift,
  action: "drift.detect" | "drift.repair",
  summary: string,
  atMs: number,
): AuditDraft {
  const { found } = drift;
  return {
    atMs,
    actor: PUBLISHER,
    action,
    target: findingKey(drift.key),
    summary,
    before: found,
    after: null,
    revision: null,
  };
}
