import type { PolicyHead } from "#domain/policy.ts";

/** What both sides hold of an object. */
interface HeldObject {
  /** The object as the database has it, tombstones included. */
  readonly row: { readonly revision: number } | undefined;
  /** Whether ZooKeeper has it, not removed. */
  readonly isPublished: boolean;
}

/**
 * Key of an edit that was published and that the database does not know of: a backup was restored and edited on, past the
 * revision of the mesh. Null when every change the head lists is there. An object that neither side has is not missed.
 */
export function lostEdit({ journal }: Pick<PolicyHead, "journal">, of: (key: string) => HeldObject): string | null {
  for (const [revision, , key] of journal) {
    const { row, isPublished } = of(key);
    if (row === undefined ? isPublished : row.revision < revision) return key;
  }
  return null;
}
