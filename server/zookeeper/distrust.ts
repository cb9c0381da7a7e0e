import type { PersistentMap } from "#domain/persistent-map.ts";
import type { PolicyValue } from "#domain/policy-value.ts";
import type { PolicyHead } from "#domain/policy.ts";
import { journalReach, type Decoded, type JournalEntry, type RootSum } from "./codec.ts";

/** What the documents of one tree come to. */
export interface Hashes {
  /** Of all live documents, refused ones included. */
  readonly hashes: PersistentMap<string>;
  /** Their root hash; never changed either. */
  readonly sum: RootSum;
}

/** A reading that added up to its head. */
export interface TrustedReading extends Hashes {
  readonly incarnation: string;
  readonly revision: number;
}

/** What a node says under a head. */
export type Verdict =
  | {
      readonly kind: "live";
      readonly hash: string;
      readonly revision: number;
      readonly spec: Decoded<PolicyValue>;
      readonly digest: string;
    }
  /** Digest null: there is no node, and the head itself says that it was removed. */
  | { readonly kind: "removed"; readonly revision: number; readonly digest: string | null }
  | { readonly kind: "unusable"; readonly reason: string };

/** A document of a tree that does not add up to its head, and all that speaks for it or against it. */
export interface Doubted {
  readonly key: string;
  readonly verdict: Verdict;
  /** What is in force. */
  readonly previous: PolicyValue | undefined;
  /** The latest reading that added up, of the head's database. */
  readonly trusted: TrustedReading | null;
  readonly head: PolicyHead;
  /** What the head's journal says of the key. */
  readonly entry: JournalEntry | undefined;
}

const NOT_PUBLISHED = "it is not what was published";

/**
 * Why a document of a tree that does not add up is not believed; empty when it is. Believed is what the head's journal
 * names by its digest, and what was there when the tree last added up. A gateway that never saw such a tree has nothing to
 * hold against a document from before the journal: it is better served by that than by nothing.
 */
export function reasonToDistrust(doubted: Doubted): string {
  const { key, verdict, previous, trusted, head, entry } = doubted;
  if (verdict.kind === "unusable") return "";
  const heldRevision = previous?.published.revision ?? 0;
  if (verdict.revision < heldRevision)
    return `it went back to revision ${verdict.revision}; revision ${heldRevision} stays in force`;
  const hash = verdict.kind === "live" ? verdict.hash : undefined;
  if (trusted !== null && verdict.revision <= trusted.revision)
    return trusted.hashes.get(key) === hash ? "" : "it was changed without being published";
  // The format before had no digests: who is in the middle of an upgrade believes what came later, as it did.
  if (head.v === 2 || isNothing(verdict, previous)) return "";
  if (entry !== undefined) return entry[0] === verdict.revision && entry[3] === verdict.digest ? "" : NOT_PUBLISHED;
  // Every later change is in the journal, or everything there is.
  if (verdict.revision > journalReach(head)) return NOT_PUBLISHED;
  if (trusted === null || isInForce(verdict, previous)) return "";
  return hash !== undefined && trusted.hashes.get(key) === hash ? "" : NOT_PUBLISHED;
}

/** A removal that the head itself names, or of what is not in force. */
function isNothing(verdict: Verdict, previous: PolicyValue | undefined): boolean {
  return verdict.kind === "removed" && (verdict.digest === null || previous === undefined);
}

/** What is in force already is not made anew when it is read again. */
function isInForce(verdict: Verdict, previous: PolicyValue | undefined): boolean {
  return verdict.kind === "live" && verdict.spec.ok && verdict.spec.value === previous;
}
