import type { Database, Tx } from "#db/client.ts";
import { lockMesh, saveRevision } from "#db/mesh-repository.ts";
import type { Actor } from "#domain/audit.ts";
import { systemClock, type Clock } from "#platform/clock.ts";
import { failpoint } from "#platform/failpoint.ts";

/** What use-cases work with. */
export interface ControlDeps {
  readonly database: Database;
  readonly clock?: Clock;
  /** Called after an edit was saved, to wake the publisher. */
  readonly onEdit?: (revision: number) => void;
}

/** An edit in progress: one transaction, one revision. */
export interface Edit {
  readonly tx: Tx;
  readonly incarnation: string;
  /** The revision this edit makes. */
  readonly revision: number;
  readonly atMs: number;
  readonly actor: Actor;
}

/**
 * Runs an edit: locks the mesh row, lets `change` write, counts the revision. Everything is saved or nothing is.
 * @throws MeshError DATABASE_DOWN, or what `change` threw.
 */
export async function edit<T>(deps: ControlDeps, actor: Actor, change: (edit: Edit) => Promise<T>): Promise<T> {
  const atMs = nowMs(deps);
  const { result, revision } = await deps.database.transaction(async (tx) => {
    const mesh = await lockMesh(tx);
    failpoint("edit.begun");
    const next = mesh.revision + 1;
    const made = await change({ tx, incarnation: mesh.incarnation, revision: next, atMs, actor });
    await saveRevision(tx, next, new Date(atMs));
    failpoint("edit.before-commit");
    return { result: made, revision: next };
  });
  failpoint("edit.committed");
  deps.onEdit?.(revision);
  failpoint("edit.before-answer");
  return result;
}

/** The time edits are stamped with, Unix epoch, ms. */
export function nowMs(deps: ControlDeps): number {
  return (deps.clock ?? systemClock).nowMs();
}
