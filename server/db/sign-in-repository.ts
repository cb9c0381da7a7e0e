import type { Tx } from "./client.ts";

/**
 * Forgets some of the browsers' sessions, the auth library's tokens and the one-time links that have expired: none of them is good
 * for anything. @returns how many of the most numerous, at most `limit`.
 */
export async function deleteExpiredSignIns(db: Tx, now: Date, limit: number): Promise<number> {
  const where = { expiresAt: { lt: now } };
  const deleted = [
    await db.session.deleteMany({ where, limit }),
    await db.verification.deleteMany({ where, limit }),
    await db.signInLink.deleteMany({ where, limit }),
  ];
  return Math.max(...deleted.map(({ count }) => count));
}
