import { createHash } from "node:crypto";
import { ActorKind, AuditAction, type AuditEntry, type AuditPage, type AuditQuery } from "#domain/audit.ts";
import { auditText, type ChainPosition } from "#domain/audit-chain.ts";
import { failpoint } from "#platform/failpoint.ts";
import type { Tx } from "./client.ts";
import type { Prisma, AuditEntry as StoredEntry } from "./generated/client.ts";
import { jsonText } from "./json.ts";

/** What a new entry says; the chain adds its place. */
export type AuditDraft = Pick<
  AuditEntry,
  "atMs" | "actor" | "action" | "target" | "summary" | "before" | "after" | "revision"
>;

/** Hash of the chain's texts. */
export function auditHash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Adds an entry at the end of the chain. The mesh row must be locked by the transaction. */
export async function appendAudit(tx: Tx, draft: AuditDraft): Promise<void> {
  await appendAudits(tx, [draft]);
}

/** Entries of one statement, so that none grows to hundreds of megabytes. */
const STATEMENT_ROWS = 500;

/** The same for many, in their order. */
export async function appendAudits(tx: Tx, drafts: readonly AuditDraft[]): Promise<void> {
  let end = await chainEnd(tx);
  const entries: AuditEntry[] = [];
  for (const draft of drafts) {
    const entry = chained(draft, end);
    entries.push(entry);
    end = { sequence: entry.sequence, hash: entry.hash };
  }
  for (let start = 0; start < entries.length; start += STATEMENT_ROWS)
    await insertEntries(tx, entries.slice(start, start + STATEMENT_ROWS));
  failpoint("edit.entry-written");
  await tx.mesh.update({ where: { id: 1 }, data: { auditSequence: end.sequence, auditHash: end.hash } });
}

function chained(draft: AuditDraft, end: ChainPosition): AuditEntry {
  const unsigned = {
    ...draft,
    // Text columns take neither NUL nor halves of characters: what is hashed is what is stored.
    actor: { ...draft.actor, id: storable(draft.actor.id), name: storable(draft.actor.name) },
    target: storable(draft.target),
    // Control characters have no business in a line for people.
    summary: draft.summary.toWellFormed().replaceAll(/\p{Cc}+/gu, " "),
    sequence: end.sequence + 1,
    previousHash: end.hash,
  };
  return { ...unsigned, hash: auditHash(auditText(unsigned)) };
}

function storable(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}

async function insertEntries(tx: Tx, entries: readonly AuditEntry[]): Promise<void> {
  const column = <T>(pick: (entry: AuditEntry) => T): T[] => entries.map(pick);
  await tx.$executeRaw`
    INSERT INTO "audit_entry" ("sequence", "at", "actor_kind", "actor_id", "actor_name", "action", "target", "summary",
      "before", "after", "revision", "previous_hash", "hash")
    SELECT "sequence", "at"::timestamptz, "actor_kind", "actor_id", "actor_name", "action", "target", "summary",
      "before"::json, "after"::json, "revision", "previous_hash", "hash"
    FROM unnest(
      ${column(({ sequence }) => sequence)}::int[],
      ${column(({ atMs }) => new Date(atMs).toISOString())}::text[],
      ${column(({ actor }) => actor.kind)}::text[],
      ${column(({ actor }) => actor.id)}::text[],
      ${column(({ actor }) => actor.name)}::text[],
      ${column(({ action }) => action)}::text[],
      ${column(({ target }) => target)}::text[],
      ${column(({ summary }) => summary)}::text[],
      ${column(({ before }) => jsonText(before))}::text[],
      ${column(({ after }) => jsonText(after))}::text[],
      ${column(({ revision }) => revision)}::int[],
      ${column(({ previousHash }) => previousHash)}::text[],
      ${column(({ hash }) => hash)}::text[]
    ) AS "new" ("sequence", "at", "actor_kind", "actor_id", "actor_name", "action", "target", "summary",
      "before", "after", "revision", "previous_hash", "hash")`;
}

/** Where the chain ends by the mesh row, so that entries cut off its end are missed too. */
export async function chainEnd(db: Tx): Promise<ChainPosition> {
  const mesh = await db.mesh.findUniqueOrThrow({ where: { id: 1 }, select: { auditSequence: true, auditHash: true } });
  return { sequence: mesh.auditSequence, hash: mesh.auditHash };
}

/** Hash of one entry, as stored; null when there is no such entry. */
export async function hashAt(db: Tx, sequence: number): Promise<string | null> {
  const row = await db.auditEntry.findUnique({ where: { sequence }, select: { hash: true } });
  return row?.hash ?? null;
}

/** The latest entry of an edit of the target up to a revision; null when there is none. */
export async function lastEditOf(db: Tx, target: string, upTo: number): Promise<AuditEntry | null> {
  const row = await db.auditEntry.findFirst({
    where: { target, revision: { not: null, lte: upTo } },
    orderBy: { sequence: "desc" },
  });
  return row === null ? null : entryOf(row);
}

/** Entries of the edits that made these revisions, oldest first. */
export async function readEditsOf(db: Tx, revisions: readonly number[]): Promise<AuditEntry[]> {
  const rows = await db.auditEntry.findMany({
    where: { revision: { in: [...revisions] } },
    orderBy: { sequence: "asc" },
    take: MAX_EDIT_ENTRIES,
  });
  return rows.map(entryOf);
}

const MAX_EDIT_ENTRIES = 5000;

/** Entries after a sequence, oldest first. */
export async function readAuditAfter(db: Tx, sequence: number, limit: number): Promise<AuditEntry[]> {
  const rows = await db.auditEntry.findMany({
    where: { sequence: { gt: sequence } },
    orderBy: { sequence: "asc" },
    take: limit,
  });
  return rows.map(entryOf);
}

/** One page of the log, latest first. */
export async function pageAudit(db: Tx, query: AuditQuery): Promise<AuditPage> {
  const where = whereOf(query);
  const before = query.beforeSequence === undefined ? {} : { sequence: { lt: query.beforeSequence } };
  const rows = await db.auditEntry.findMany({
    where: { AND: [where, before] },
    orderBy: { sequence: "desc" },
    take: query.limit + 1,
  });
  const entries = rows.slice(0, query.limit).map(entryOf);
  const nextBefore = rows.length > query.limit ? (entries.at(-1)?.sequence ?? null) : null;
  return { entries, nextBefore, total: await db.auditEntry.count({ where }) };
}

function whereOf(query: AuditQuery): Prisma.AuditEntryWhereInput {
  const where: Prisma.AuditEntryWhereInput = {
    action: {
      ...(query.action !== undefined && { equals: query.action }),
      ...(query.exceptAction !== undefined && { not: query.exceptAction }),
    },
  };
  // Prisma passes LIKE's wildcards through; a person who types % means the sign.
  const text = query.search?.replaceAll("\0", "").replaceAll(/[\\%_]/g, "\\$&") ?? "";
  if (text === "") return where;
  const contains = { contains: text, mode: "insensitive" } as const;
  return { ...where, OR: [{ summary: contains }, { target: contains }, { actorName: contains }, { action: contains }] };
}

/** A row as the rest of the console knows it. */
export function entryOf(row: StoredEntry): AuditEntry {
  const actorKind = ActorKind.safeParse(row.actorKind);
  const action = AuditAction.safeParse(row.action);
  return {
    sequence: row.sequence,
    atMs: row.at.getTime(),
    actor: { kind: actorKind.data ?? "system", id: row.actorId, name: row.actorName },
    action: action.data ?? "edit.refused",
    target: row.target,
    // Nothing of ours writes such a row. It must not hide the rest of the log, and must not verify either.
    summary:
      actorKind.success && action.success
        ? row.summary
        : `This entry was tampered with: ${row.actorKind}, ${row.action}`,
    before: row.before,
    after: row.after,
    revision: row.revision,
    previousHash: row.previousHash,
    hash: row.hash,
  };
}
