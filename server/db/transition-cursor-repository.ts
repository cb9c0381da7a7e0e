import type { Tx } from "./client.ts";

/**
 * Moves a gateway run's cursor to a sequence. The mesh row must be locked.
 * @returns false, and changes nothing, when the cursor is there or beyond already.
 */
export async function advanceTransitionCursor(
  tx: Tx,
  at: { readonly gatewayId: string; readonly run: string; readonly sequence: number },
  now: Date,
): Promise<boolean> {
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
