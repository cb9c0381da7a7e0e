import type { Tx } from "#db/client.ts";
import { deleteExpiredSignIns } from "#db/sign-in-repository.ts";
import { pruneDeliveries } from "#db/delivery-repository.ts";
import { pruneFindings } from "#db/drift-repository.ts";
import { pruneAnswers } from "#db/idempotency-repository.ts";
import { readMesh } from "#db/mesh-repository.ts";
import { deleteTransitionCursors } from "#db/transition-cursor-repository.ts";
import { MeshError } from "#domain/errors.ts";
import type { ControlDeps } from "./edit.ts";

/** Deliveries and acknowledgements of this many revisions are kept. */
const KEEP_REVISIONS = 10_000;
const DAY_MS = 24 * 3_600_000;
/** How long the answer to an idempotency key is remembered. */
const KEEP_ANSWERS_MS = DAY_MS;
/** Longer than any console holds a gateway's windows without knowing what is on record. */
const KEEP_CURSORS_MS = 7 * DAY_MS;
/** Rows of one statement, so that none takes long. */
export const BATCH_ROWS = 2000;

/**
 * Deletes, of each table that would grow without end, some of what is older than it is kept (docs/retention.md). Two consoles that
 * do it at once come to the same. A table that fails keeps no other from its turn.
 * @returns whether there is more.
 * @throws MeshError DATABASE_DOWN, or AggregateError of what failed.
 */
export async function tidyRecords(
  { database }: Pick<ControlDeps, "database">,
  { driftDays, nowMs }: { readonly driftDays: number; readonly nowMs: number },
): Promise<boolean> {
  const before = (ms: number): Date => new Date(nowMs - ms);
  const { revision } = await database.read(readMesh);
  const prunes: readonly ((db: Tx) => Promise<number>)[] = [
    (db) => pruneDeliveries(db, revision - KEEP_REVISIONS, BATCH_ROWS),
    (db) => pruneAnswers(db, before(KEEP_ANSWERS_MS), BATCH_ROWS),
    (db) => pruneFindings(db, before(driftDays * DAY_MS), BATCH_ROWS),
    (db) => deleteTransitionCursors(db, before(KEEP_CURSORS_MS), BATCH_ROWS),
    (db) => deleteExpiredSignIns(db, before(0), BATCH_ROWS),
  ];
  let isMore = false;
  const failures: unknown[] = [];
  for (const prune of prunes) {
    try {
      if ((await database.read(prune)) === BATCH_ROWS) isMore = true;
    } catch (error) {
      if (error instanceof MeshError && error.code === "DATABASE_DOWN") throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "Old rows could not be deleted everywhere");
  return isMore;
}
