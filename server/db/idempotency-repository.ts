import type { Tx } from "./client.ts";
import { jsonOf } from "./json.ts";

/** An edit that was asked for with a key of its own, and what it was answered. */
export interface KeptAnswer {
  /** SHA-256, hex, of what was asked. */
  readonly fingerprint: string;
  readonly result: unknown;
}

/** What was answered to this key of this person; null when it is new. */
export async function findAnswer(db: Tx, actorId: string, key: string): Promise<KeptAnswer | null> {
  const row = await db.idempotencyKey.findUnique({ where: { actorId_key: { actorId, key } } });
  if (row === null) return null;
  const { fingerprint, result } = row;
  const isWrapped = typeof result === "object" && result !== null && "value" in result;
  return { fingerprint, result: isWrapped ? result.value : null };
}

export async function keepAnswer(
  tx: Tx,
  answer: KeptAnswer & { readonly actorId: string; readonly key: string; readonly at: Date },
): Promise<void> {
  const { actorId, key, fingerprint, result, at } = answer;
  await tx.idempotencyKey.create({
    data: { actorId, key, fingerprint, result: jsonOf({ value: result }), createdAt: at },
  });
}

/** Forgets some of the answers given before this. @returns how many, at most `limit`. */
export async function pruneAnswers(db: Tx, before: Date, limit: number): Promise<number> {
  const { count } = await db.idempotencyKey.deleteMany({ where: { createdAt: { lt: before } }, limit });
  return count;
}
