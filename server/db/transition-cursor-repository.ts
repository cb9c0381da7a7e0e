import type { Tx } from "./client.ts";

/** How far a gateway run's transitions are on record. */
export interface TransitionCursor {
  readonly gatewayId: string;
  readonly run: string;
  readonly sequence: number;
}

/** Of all gateways' runs. */
export function readTransitionCursors(db: Tx): Promise<TransitionCursor[]> {
  return db.transitionCursor.findMany({ select: { gatewayId: true, run: true, sequence: true } });
}

/** Forgets some of the runs that have written nothing since. @returns how many, at most `limit`. */
export async function deleteTransitionCursors(db: Tx, before: Date, limit: number): Promise<number> {
  const { count } = await db.transitionCursor.deleteMany({ where: { updatedAt: { lt: before } }, limit });
  return count;
}

/**
 * Moves a gateway run's cursor to a sequence. The mesh row must be locked.
 * @returns false, and changes nothing, when the cursor is there or beyond already.
 */
export async function advanceTransitionCursor(tx: Tx, at: TransitionCursor, now: Date): Promise<boolean> {
  const { gatewayId, run, sequence } = at;
  const where = { gatewayId_run: { gatewayId, run } };
  const cursor = await tx.transitionCursor.findUnique({ where });
  if (cursor !== null && cursor.sequence >= sequence) return false;
  await tx.transitionCursor.upsert({
    where,
    create: { gatewayId, run, sequence, updatedAt: now },
    update: { sequence, updatedAt: now },
  });
  return true;
}
