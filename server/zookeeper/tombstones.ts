import type { PolicyDocument } from "#domain/policy.ts";
import { compareNode } from "./compare-node.ts";
import type { DatabaseMirror } from "./database-mirror.ts";
import type { Stored } from "./mesh-mirror.ts";

type Documents = ReadonlyMap<string, Stored<PolicyDocument>>;

/** What decides which tombstones may go. */
export interface Due {
  /** Keys of objects removed before `atMs`, Unix epoch. */
  readonly removed: readonly string[];
  /** The lowest revision that any gateway has applied. */
  readonly applied: number;
  readonly atMs: number;
  readonly nowMs: number;
}

/**
 * Which nodes of removed objects nobody needs any more. Where a stranger's node was removed a tombstone of ours stands, and no row of
 * the database tells since when: that is remembered by the console that leads, for as long as it leads.
 */
export class Tombstones {
  #strangers = new Map<string, number>();

  /** Keys whose node may be deleted: everybody has applied the removal, the node says so, and that is so since before `atMs`. */
  collectable(documents: Documents, database: DatabaseMirror | null, due: Due): string[] {
    if (database === null) return [];
    const objects = due.removed.filter((key) => {
      const row = database.documents.get(key);
      const found = documents.get(key);
      if (row?.spec !== null || row.revision > due.applied || found === undefined) return false;
      return compareNode(row, found, { incarnation: row.incarnation, covered: 0, supersedes: null }).kind === "same";
    });
    this.#findStrangers(documents, database, due);
    return [...objects, ...[...this.#strangers].flatMap(([key, sinceMs]) => (sinceMs <= due.atMs ? [key] : []))];
  }

  clear(): void {
    this.#strangers.clear();
  }

  #findStrangers(documents: Documents, database: DatabaseMirror, { applied, nowMs }: Due): void {
    const known = this.#strangers;
    this.#strangers = new Map();
    for (const [key, { decoded }] of documents) {
      if (database.documents.has(key) || !decoded.ok) continue;
      const { spec, incarnation, revision } = decoded.value;
      if (spec === null && incarnation === database.incarnation && revision <= applied)
        this.#strangers.set(key, known.get(key) ?? nowMs);
    }
  }
}
