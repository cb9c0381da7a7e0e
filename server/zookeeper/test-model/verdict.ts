import { policyKey, type PolicyKey } from "#domain/policy.ts";
import { decodeDocument, decodeHead, encodeDocument, encodeHead, makeHead } from "../codec.ts";
import { paths } from "../paths.ts";
import type { PolicyFollower } from "../policy-follower.ts";
import type { Publisher } from "../policy-publisher.ts";
import { KIND, type DatabaseState, type ModelDatabase } from "./model-database.ts";
import { isSnapshotOf, type Oracle } from "./oracle.ts";
import { peek } from "./peek.ts";
import { ROOT } from "./world.ts";

/** What stands in ZooKeeper, by path. */
export type PublishedNodes = ReadonlyMap<string, { readonly data: Buffer }>;

interface Parties {
  readonly database: ModelDatabase;
  readonly oracle: Oracle;
  readonly consoles: readonly { readonly publisher: Publisher }[];
  readonly gateways: readonly { readonly follower: PolicyFollower }[];
}

/** Where publishing is halted, or gateways hold what was lost, a person decides. Whether there was anything to decide. */
export function decideForPeople({ database, oracle, consoles, gateways }: Parties, nodes: PublishedNodes): boolean {
  const halt = consoles.flatMap(({ publisher }) => publisher.status().halt ?? [])[0];
  if (halt !== undefined) {
    const { incarnation } = halt.mesh;
    const keys = [...new Set([...publishedKeys(nodes), ...journalKeys(nodes)])];
    const found = ["head", ...keys].map((key) => nodes.get(paths.document(ROOT, key)));
    const revisions = [
      ...found.map((node) => (node === undefined ? 0 : (peek(node.data)?.revision ?? 0))),
      ...gateways.map(({ follower }) => follower.current().revision),
    ];
    oracle.superseded(incarnation);
    oracle.gaveUp(database.state);
    database.takeOver({ incarnation, revision: Math.max(...revisions), keys });
    return true;
  }
  const isRefused = gateways.some(({ follower }) =>
    follower.refused().some(({ reason }) => reason.includes("nothing was ever saved")),
  );
  if (!isRefused) return false;
  oracle.gaveUp(database.state);
  database.goOn();
  return true;
}

/** Also of objects that were removed, and whose nodes were deleted since. */
function journalKeys(nodes: PublishedNodes): PolicyKey[] {
  const head = decodeHead(nodes.get(paths.head(ROOT))?.data ?? Buffer.alloc(0));
  const journal = head.ok ? head.value.journal : [];
  return journal.flatMap(([, , key]) =>
    key.startsWith(`${KIND}/`) ? [policyKey(KIND, key.slice(KIND.length + 1))] : [],
  );
}

function publishedKeys(nodes: PublishedNodes): PolicyKey[] {
  const folder = `${paths.kind(ROOT, KIND)}/`;
  return [...nodes.keys()].flatMap((path) =>
    path.startsWith(folder) ? [policyKey(KIND, path.slice(folder.length))] : [],
  );
}

/**
 * Null when ZooKeeper is the projection of the database (I1) and every gateway holds just that (I7). A tombstone that was
 * deleted is missing, and that is right.
 */
export function problemWith(
  nodes: PublishedNodes,
  { incarnation, revision, documents }: DatabaseState,
  gateways: Parties["gateways"],
): string | null {
  const head = nodes.get(paths.head(ROOT));
  if (head?.data.equals(encodeHead(makeHead(incarnation, revision, documents.values()))) !== true)
    return "I1: the head does not describe the database";
  for (const row of documents.values()) {
    const node = nodes.get(paths.document(ROOT, row.key));
    if (row.spec === null && node === undefined) continue;
    if (node?.data.equals(encodeDocument(row)) !== true) return `I1: ${row.key} is not what was saved`;
  }
  for (const key of publishedKeys(nodes)) {
    if (documents.has(key)) continue;
    const decoded = decodeDocument(nodes.get(paths.document(ROOT, key))?.data ?? Buffer.alloc(0));
    if (!decoded.ok || decoded.value.spec !== null) return `I1: ${key} is published, and nobody saved it`;
  }
  for (const { follower } of gateways) {
    const snapshot = follower.current();
    if (snapshot.incarnation !== incarnation || snapshot.revision !== revision || !isSnapshotOf(snapshot, documents))
      return "I7: a gateway does not hold what was saved";
    if (follower.refused().length > 0) return "I7: a gateway refuses what was saved";
  }
  return null;
}
