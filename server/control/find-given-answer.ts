import { findAnswer } from "#db/idempotency-repository.ts";
import type { Actor } from "#domain/audit.ts";
import type { ControlDeps } from "./edit.ts";
import type { AskedOnce } from "./idempotency.ts";

/**
 * What the same request was answered before; null when it never was, or its key was used for something else.
 * @throws MeshError DATABASE_DOWN.
 */
export async function findGivenAnswer(
  deps: Pick<ControlDeps, "database">,
  actor: Actor,
  asked: AskedOnce,
): Promise<{ readonly result: unknown } | null> {
  const kept = await deps.database.read((db) => findAnswer(db, actor.id, asked.key));
  return kept?.fingerprint === asked.fingerprint ? kept : null;
}
