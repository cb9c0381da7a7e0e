import type { Tx } from "./client.ts";

export interface SignInLinkRow {
  readonly tokenHash: string;
  /** Whose password it replaces; null for the link that makes the first administrator. */
  readonly personId: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/**
 * Adds a link, and forgets those that have expired. Others stay good: a console that was restarted makes a new link, and the
 * one on the screen must not die of it.
 */
export async function addSignInLink(tx: Tx, link: SignInLinkRow): Promise<void> {
  await tx.signInLink.deleteMany({ where: { expiresAt: { lt: link.createdAt } } });
  await tx.signInLink.create({ data: { ...link } });
}

/** A link that is unused and in time at `now`, left as it is; null when there is none. */
export async function findSignInLink(
  db: Tx,
  tokenHash: string,
  now: Date,
): Promise<{ personId: string | null } | null> {
  return db.signInLink.findFirst({
    where: { tokenHash, usedAt: null, expiresAt: { gt: now } },
    select: { personId: true },
  });
}

/** Uses a link up. @returns null when there is none that is unused and in time at `now`. */
export async function useSignInLink(tx: Tx, tokenHash: string, now: Date): Promise<{ personId: string | null } | null> {
  const where = { tokenHash, usedAt: null, expiresAt: { gt: now } };
  const { count } = await tx.signInLink.updateMany({ where, data: { usedAt: now } });
  return count === 1 ? tx.signInLink.findUnique({ where: { tokenHash }, select: { personId: true } }) : null;
}
