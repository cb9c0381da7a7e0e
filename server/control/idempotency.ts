import type { Tx } from "#db/client.ts";
import { findAnswer, keepAnswer } from "#db/idempotency-repository.ts";
import type { Actor } from "#domain/audit.ts";
import { MeshError } from "#domain/errors.ts";

/** A request that names itself, so that asked again it does nothing and is answered the same. */
export interface AskedOnce {
  /** Made by the client, one per edit. */
  readonly key: string;
  /** SHA-256, hex, of what is asked. */
  readonly fingerprint: string;
}

/** The edit was made before, by the same request; `findGivenAnswer` has what it was answered. */
export class AnsweredBefore extends Error {}

/**
 * To be called once the mesh row is locked: then a request under way with the same key is over.
 * @throws AnsweredBefore, or MeshError IDEMPOTENCY_KEY_REUSED when the key was used for something else.
 */
export async function refuseAnswered(tx: Tx, actor: Actor, asked: AskedOnce): Promise<void> {
  const kept = await findAnswer(tx, actor.id, asked.key);
  if (kept === null) return;
  if (kept.fingerprint !== asked.fingerprint) throw new MeshError("IDEMPOTENCY_KEY_REUSED");
  throw new AnsweredBefore();
}

/** Keeps what a request was answered, in the transaction that made it true. */
export async function keepGivenAnswer(
  tx: Tx,
  actor: Actor,
  asked: AskedOnce,
  result: unknown,
  atMs: number,
): Promise<void> {
  await keepAnswer(tx, { actorId: actor.id, ...asked, result, at: new Date(atMs) });
}
