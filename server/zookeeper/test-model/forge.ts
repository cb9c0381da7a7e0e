import { decodeHead, documentHash, encodeDocument, encodeHead, makeHead } from "../codec.ts";
import { paths } from "../paths.ts";
import type { Tampering } from "./commands.ts";
import { keyOf, markedDocument, type DatabaseState } from "./model-database.ts";
import type { Random } from "./random.ts";
import { ROOT } from "./world.ts";

/** Nodes as somebody else leaves them; null: deleted. */
export interface Forgery {
  readonly nodes: readonly { readonly path: string; readonly data: Buffer | null }[];
  /** Another database whose policy this is. */
  readonly foreign: DatabaseState | null;
}

export interface ForgeryPlace {
  readonly id: string;
  readonly random: Random;
  readonly database: DatabaseState;
  /** The head's node as it is; null: there is none. */
  readonly head: Buffer | null;
}

/** Marks from here on were never saved in the database. */
const FORGED = 1_000_000;
const POISONS = ["", "not JSON", "{}", "null", "[1]", '{"v":9}', "\u0000", '{"__proto__":{"revision":1}}'].map((text) =>
  Buffer.from(text),
);

/** What somebody who is not Meshkeeper writes into our part of the tree. */
export function forge(how: Tampering, { id, random, database, head }: ForgeryPlace): Forgery {
  const document = paths.document(ROOT, keyOf(id));
  const poison = POISONS[random.below(POISONS.length)] ?? null;
  const one = (path: string, data: Buffer | null): Forgery => ({ nodes: [{ path, data }], foreign: null });
  switch (how) {
    case "change":
      return one(document, forgedDocument(id, random, database));
    case "poison":
      return one(document, poison);
    case "delete":
      return one(document, null);
    case "stranger":
      return one(
        paths.document(ROOT, keyOf("stranger")),
        random.chance(0.5) ? forgedDocument(id, random, database) : poison,
      );
    case "poison-head":
      return one(paths.head(ROOT), poison);
    case "delete-head":
      return one(paths.head(ROOT), null);
    case "set-head-back":
      return setBack(head);
    case "foreign-mesh":
      return foreignMesh(id);
  }
}

/**
 * At the revision saved: a later one looks like a database that is behind, which is another command. Or only the age is
 * another one, or none, with the hash that is right for that.
 */
function forgedDocument(id: string, random: Random, { incarnation, documents }: DatabaseState): Buffer {
  const row = documents.get(keyOf(id));
  if (row !== undefined && row.spec !== null && random.chance(0.3)) {
    const created = row.created === 1 ? undefined : 1;
    return encodeDocument({ ...row, created, hash: documentHash({ ...row, created }) });
  }
  const revision = Math.max(1, row?.revision ?? 1);
  return encodeDocument(markedDocument(id, FORGED + random.below(1000), { revision, incarnation }));
}

function setBack(head: Buffer | null): Forgery {
  const decoded = head === null ? null : decodeHead(head);
  if (decoded?.ok !== true || decoded.value.revision === 0) return { nodes: [], foreign: null };
  const data = encodeHead({ ...decoded.value, revision: decoded.value.revision - 1 });
  return { nodes: [{ path: paths.head(ROOT), data }], foreign: null };
}

/** Another database's console takes our root for its own. */
function foreignMesh(id: string): Forgery {
  const incarnation = "db-foreign";
  const row = markedDocument(id, FORGED - 1, { revision: 1, incarnation });
  const foreign: DatabaseState = { incarnation, revision: 1, documents: new Map([[keyOf(id), row]]) };
  const head = encodeHead(makeHead(incarnation, 1, foreign.documents.values()));
  return {
    nodes: [
      { path: paths.document(ROOT, row.key), data: encodeDocument(row) },
      { path: paths.head(ROOT), data: head },
    ],
    foreign,
  };
}
