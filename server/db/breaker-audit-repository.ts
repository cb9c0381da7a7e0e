import type { AuditAction, AuditEntry } from "#domain/audit.ts";
import { entryOf } from "./audit-repository.ts";
import type { Tx } from "./client.ts";

/** More than this many entries are not read, the latest are: a breaker that flaps all day leaves tens of thousands. */
export const MAX_ENTRIES = 5000;
/** How far back the last transition of each gateway and worker before a time is looked for. */
const LOOK_BACK = 500;

/**
 * Recorded transitions of one breaker, oldest first: those on record since `sinceMs`, and some from before. Read backwards in
 * pieces, so that it costs what is asked for and not what there ever was: the log is kept for good.
 */
export async function readTransitions(db: Tx, target: string, sinceMs: number): Promise<AuditEntry[]> {
  const action: AuditAction = "breaker.transition";
  const read: AuditEntry[] = [];
  for (;;) {
    const oldest = read.at(-1)?.sequence;
    const rows = await db.auditEntry.findMany({
      where: { target, action, ...(oldest !== undefined && { sequence: { lt: oldest } }) },
      orderBy: { sequence: "desc" },
      take: LOOK_BACK,
    });
    read.push(...rows.map(entryOf));
    const lookedBackToMs = read.at(-LOOK_BACK)?.atMs ?? Number.POSITIVE_INFINITY;
    if (rows.length < LOOK_BACK || read.length >= MAX_ENTRIES || lookedBackToMs < sinceMs) break;
  }
  return read.toReversed();
}

const OVERRIDE_ACTIONS: readonly AuditAction[] = [
  "override.set",
  "override.extend",
  "override.lift",
  "override.expire",
];

/** Entries about overrides whose policy key begins with one of these, oldest first. One may have been set long ago. */
export async function readOverrideEntries(db: Tx, prefixes: readonly string[]): Promise<AuditEntry[]> {
  const rows = await db.auditEntry.findMany({
    where: {
      action: { in: [...OVERRIDE_ACTIONS] },
      // Prisma passes LIKE's wildcards through.
      OR: prefixes.map((prefix) => ({ target: { startsWith: prefix.replaceAll(/[\\%_]/g, "\\$&") } })),
    },
    orderBy: { sequence: "desc" },
    take: MAX_ENTRIES,
  });
  return rows.map(entryOf).toReversed();
}

const EDIT_ACTIONS: readonly AuditAction[] = [
  "route.create",
  "route.update",
  "route.remove",
  "breaker-policy.save",
  "breaker-policy.remove",
];

/** Edits of these policies since `sinceMs`, oldest first. */
export async function readEdits(db: Tx, targets: readonly string[], sinceMs: number): Promise<AuditEntry[]> {
  const rows = await db.auditEntry.findMany({
    where: { target: { in: [...targets] }, action: { in: [...EDIT_ACTIONS] }, at: { gte: new Date(sinceMs) } },
    orderBy: { sequence: "desc" },
    take: MAX_ENTRIES,
  });
  return rows.map(entryOf).toReversed();
}
