import { canonicalJson } from "#domain/canonical-json.ts";
import { POLICY_KINDS, policyKey, type PolicyDocument } from "#domain/policy.ts";
import { readEach } from "#zookeeper/cached-reader.ts";
import { decodeDocument, decodeHead, makeHead } from "#zookeeper/codec.ts";
import { paths } from "#zookeeper/paths.ts";
import type { ZooKeeper } from "#zookeeper/session.ts";
import type { GatewayConfig } from "./gateway-child.ts";

/** What PostgreSQL says should be published. */
export interface Projection {
  readonly incarnation: string;
  readonly revision: number;
  /** Tombstones included. */
  readonly documents: readonly PolicyDocument[];
}

/** Published policy in ZooKeeper, as bytes. */
export interface Tree {
  readonly head: Buffer | null;
  readonly documents: ReadonlyMap<string, Buffer>;
  /** Transactions that last wrote each node, head included: equal when nothing was written. */
  readonly written: string;
}

/** Reads everything below `<root>/policy`. */
export async function readTree(zk: ZooKeeper, root: string): Promise<Tree> {
  const head = await zk.read(paths.head(root));
  const documents = new Map<string, Buffer>();
  const written = [`head ${head?.mzxid ?? "none"}`];
  for (const kind of POLICY_KINDS) {
    const ids = (await zk.children(paths.kind(root, kind))) ?? [];
    await readEach(ids, async (id) => {
      const key = policyKey(kind, id);
      const node = await zk.read(paths.document(root, key));
      if (node === null) return;
      documents.set(key, node.data);
      written.push(`${key} ${node.mzxid}`);
    });
  }
  return { head: head?.data ?? null, documents, written: written.sort().join("\n") };
}

/** The first difference between ZooKeeper and the database; empty when there is none. */
export function differenceInTree(tree: Tree, wanted: Projection): string {
  const head = tree.head === null ? null : decodeHead(tree.head);
  if (head?.ok !== true) return `the head is ${head === null ? "missing" : head.problem}`;
  const live = wanted.documents.filter(({ spec }) => spec !== null);
  const { root } = makeHead(wanted.incarnation, wanted.revision, live);
  const { incarnation, revision, count } = head.value;
  const said = canonicalJson([incarnation, revision, count, head.value.root]);
  const due = canonicalJson([wanted.incarnation, wanted.revision, live.length, root]);
  if (said !== due) return `the head says ${said}, the database ${due}`;
  for (const row of wanted.documents) {
    const found = tree.documents.get(row.key);
    // A removed object that was never published, or whose tombstone was deleted, needs no node.
    if (found === undefined && row.spec === null) continue;
    const decoded = found === undefined ? null : decodeDocument(found);
    if (decoded?.ok !== true) return `${row.key} is ${decoded === null ? "missing" : decoded.problem}`;
    if (canonicalJson(decoded.value) !== canonicalJson(row))
      return `${row.key} is of revision ${decoded.value.revision}, the database has ${row.revision}`;
  }
  const known = new Set(wanted.documents.map(({ key }) => key));
  for (const [key, data] of tree.documents) {
    const decoded = decodeDocument(data);
    if (!known.has(key) && !(decoded.ok && decoded.value.spec === null)) return `${key} should not be there`;
  }
  return "";
}

/** The first difference between a gateway and the database; empty when there is none. */
export function differenceInGateway(config: GatewayConfig, wanted: Projection): string {
  if (config.refused.length > 0) return `the gateway refuses ${canonicalJson(config.refused)}`;
  if (config.revision !== wanted.revision)
    return `the gateway is at revision ${config.revision}, the database at ${wanted.revision}`;
  const inForce = new Map<string, string>(
    [
      ["routes", config.routes] as const,
      ["breakers", config.breakers] as const,
      ["overrides", config.overrides] as const,
      ["services", config.servicePolicies] as const,
    ].flatMap(([kind, published]) =>
      published.map(({ id, revision, spec }) => [policyKey(kind, id), canonicalJson([revision, spec])] as const),
    ),
  );
  const live = wanted.documents.filter(({ spec }) => spec !== null);
  const wrong = live.find(({ key, revision, spec }) => inForce.get(key) !== canonicalJson([revision, spec]));
  if (wrong !== undefined) return `the gateway has another ${wrong.key}`;
  return inForce.size === live.length ? "" : `the gateway has ${inForce.size} objects, the database ${live.length}`;
}
