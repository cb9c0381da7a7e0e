import { appendAudits, type AuditDraft } from "#db/audit-repository.ts";
import type { Database, Tx } from "#db/client.ts";
import { supersedeFindings } from "#db/drift-repository.ts";
import { lockMesh, saveRevision, type MeshRow } from "#db/mesh-repository.ts";
import { writeStored, type StoredPolicy } from "#db/policy-repository.ts";
import type { Actor } from "#domain/audit.ts";
import { policyKey } from "#domain/policy.ts";
import { systemClock, type Clock } from "#platform/clock.ts";
import { failpoint } from "#platform/failpoint.ts";
import { keepGivenAnswer, refuseAnswered, type AskedOnce } from "./idempotency.ts";

/** What use-cases work with. */
export interface ControlDeps {
  readonly database: Database;
  readonly clock?: Clock;
  /** Called after an edit was saved, to wake the publisher. */
  readonly onEdit?: (revision: number) => void;
  /** Called after anything else was decided that the publisher has to know. */
  readonly onDecision?: () => void;
  /** Called after the thresholds of health were saved. */
  readonly onHealthSaved?: () => void;
  /** Set for a request that may be asked again. */
  readonly asked?: AskedOnce;
}

/** An edit in progress: one transaction, one revision. */
export interface Edit {
  readonly tx: Tx;
  readonly incarnation: string;
  /** The revision this edit makes. */
  readonly revision: number;
  readonly atMs: number;
  readonly actor: Actor;
  /** What it changes so far; written when it is complete. */
  readonly changes: ObjectChange[];
}

/** One object that an edit changes. */
export interface ObjectChange {
  readonly row: StoredPolicy;
  readonly entry: AuditDraft;
  /** Of its document and its key, as published. */
  readonly bytes: number;
}

/** Something done while the mesh row is locked. */
export interface Step {
  readonly tx: Tx;
  readonly mesh: MeshRow;
  readonly atMs: number;
}

/**
 * Runs an edit: locks the mesh row, lets `change` write, counts the revision. Everything is saved or nothing is.
 * @throws MeshError DATABASE_DOWN, IDEMPOTENCY_KEY_REUSED, or what `change` threw; AnsweredBefore when the request was
 * made before.
 */
export async function edit<T>(
  deps: ControlDeps,
  actor: Actor,
  change: (edit: Edit) => Promise<T>,
  limits?: { readonly timeoutMs: number },
): Promise<T> {
  let revision = 0;
  const work = async ({ tx, mesh, atMs }: Step): Promise<T> => {
    failpoint("edit.begun");
    revision = mesh.revision + 1;
    const changes: ObjectChange[] = [];
    const made = await change({ tx, incarnation: mesh.incarnation, revision, atMs, actor, changes });
    await writeChanges(tx, changes, new Date(atMs));
    await saveRevision(tx, revision, new Date(atMs));
    failpoint("edit.before-answer-kept");
    return made;
  };
  const result = await locked(deps, actor, work, limits);
  failpoint("edit.committed");
  deps.onEdit?.(revision);
  failpoint("edit.before-answer");
  return result;
}

async function writeChanges(tx: Tx, changes: readonly ObjectChange[], at: Date): Promise<void> {
  await writeStored(
    tx,
    changes.map(({ row }) => row),
  );
  failpoint("edit.object-written");
  await appendAudits(
    tx,
    changes.map(({ entry }) => entry),
  );
  failpoint("edit.audited");
  // Whatever was found of them in ZooKeeper, this is what a person wants there.
  await supersedeFindings(
    tx,
    changes.map(({ row }) => policyKey(row.kind, row.id)),
    at,
  );
}

/**
 * Runs something that changes no policy, or more than an edit does, with the mesh row locked: one transaction. A request
 * that was made before is not run again.
 * @throws MeshError DATABASE_DOWN, IDEMPOTENCY_KEY_REUSED, or what `work` threw; AnsweredBefore.
 */
export async function locked<T>(
  deps: ControlDeps,
  actor: Actor,
  work: (step: Step) => Promise<T>,
  limits?: { readonly timeoutMs: number },
): Promise<T> {
  const atMs = nowMs(deps);
  return deps.database.transaction(async (tx) => {
    const mesh = await lockMesh(tx);
    if (deps.asked !== undefined) await refuseAnswered(tx, actor, deps.asked);
    const result = await work({ tx, mesh, atMs });
    if (deps.asked !== undefined) await keepGivenAnswer(tx, actor, deps.asked, result, atMs);
    failpoint("edit.before-commit");
    return result;
  }, limits);
}

/** The time edits are stamped with, Unix epoch, ms. */
export function nowMs(deps: Pick<ControlDeps, "clock">): number {
  return (deps.clock ?? systemClock).nowMs();
}
