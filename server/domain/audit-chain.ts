import type { AuditEntry } from "./audit.ts";
import { canonicalJson } from "./canonical-json.ts";

/**
 * The text an entry's hash is taken over (SHA-256, hex, of its UTF-8): everything the entry says, and the hash of the
 * one before it. Changing any of it, or its place, changes the hash.
 */
export function auditText(entry: Omit<AuditEntry, "hash">): string {
  const { sequence, atMs, actor, action, target, summary, before, after, revision, previousHash } = entry;
  const { kind, id, name } = actor;
  return canonicalJson({
    v: 1,
    sequence,
    atMs,
    actor: { kind, id, name },
    action,
    target,
    summary,
    before: before ?? null,
    after: after ?? null,
    revision,
    previousHash,
  });
}

/** Where a walk along the chain stands. */
export interface ChainPosition {
  readonly sequence: number;
  readonly hash: string;
}

/** Before the first entry. */
export const CHAIN_START: ChainPosition = { sequence: 0, hash: "" };

/**
 * Walks entries that follow `from`, in order.
 * @returns the new position, or the sequence of the first entry that is missing, moved or not what its hash says.
 */
export function walkChain(
  from: ChainPosition,
  entries: readonly AuditEntry[],
  hashOf: (text: string) => string,
): { readonly position: ChainPosition; readonly firstBroken: number | null } {
  let position = from;
  for (const entry of entries) {
    const follows = entry.sequence === position.sequence + 1 && entry.previousHash === position.hash;
    if (!follows || hashOf(auditText(entry)) !== entry.hash) return { position, firstBroken: position.sequence + 1 };
    position = { sequence: entry.sequence, hash: entry.hash };
  }
  return { position, firstBroken: null };
}
