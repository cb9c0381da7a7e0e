import { createHash } from "node:crypto";
import { z } from "zod";
import { ActorKind, AuditAction, type AuditEntry, type AuditPage, type AuditQuery } from "#domain/audit.ts";
import { auditText, type ChainPosition } from "#domain/audit-chain.ts";
import { failpoint } from "#platform/failpoint.ts";
import type { Tx } from "./client.ts";
import { Prisma, type AuditEntry as StoredEntry } from "./generated/client.ts";

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
export async function appendAudit(tx: Tx, draft: AuditDraft): Promise<AuditEntry> {
  const end = await chainEnd(tx);
  const unsigned = {
    ...draft,
    // Text columns cannot hold NUL, and control characters have no business in a line for people.
    summary: draft.summary.replaceAll(/\p{Cc}+/gu, " "),
    sequence: end.sequence + 1,
    previousHash: end.hash,
  };
  const entry: AuditEntry = { ...unsigned, hash: auditHash(auditText(unsigned)) };
  await tx.auditEntry.create({
    data: {
      sequence: entry.sequence,
      at: new Date(entry.atMs),
      actorKind: entry.actor.kind,
      actorId: entry.actor.id,
      actorName: entry.actor.name,
      action: entry.action,
      target: entry.target,
      summary: entry.summary,
      before: jsonOf(entry.before),
      after: jsonOf(entry.after),
      revision: entry.revision,
      previousHash: entry.previousHash,
      hash: entry.hash,
    },
  });
  failpoint("edit.entry-written");
  await tx.mesh.update({ where: { id: 1 }, data: { auditSequence: entry.sequence, auditHash: entry.hash } });
  return entry;
}

/** Where the chain ends by the mesh row, so that entries cut off its end are missed too. */
export async function chainEnd(db: Tx): Promise<ChainPosition> {
  const mesh = await db.mesh.findUniqueOrThrow({ where: { id: 1 }, select: { auditSequence: true, auditHash: true } });
  return { sequence: mesh.auditSequence, hash: mesh.auditHash };
}

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

function jsonOf(value: unknown): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return z.json().parse(JSON.parse(JSON.stringify(value ?? null))) ?? Prisma.DbNull;
}
