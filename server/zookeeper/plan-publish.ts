import { MAX_DOCUMENT_BYTES, type PolicyDocument, type PolicyHead } from "#domain/policy.ts";
import { encodeDocument, encodeHead, makeHead, specHash, type Decoded } from "./codec.ts";
import { requestBytes, type MultiOp } from "./operations.ts";
import { paths, splitKey } from "./paths.ts";
import { compare } from "./registry-hold.ts";

/** A node as found, and what its bytes say. */
export interface Stored<T> {
  readonly version: number;
  readonly data: Buffer;
  readonly decoded: Decoded<T>;
}

/** Published policy as found in ZooKeeper. */
export interface MeshView {
  readonly head: Stored<PolicyHead> | null;
  readonly documents: ReadonlyMap<string, Stored<PolicyDocument>>;
}

/** Policy as the database has it, tombstones included. */
export interface DatabaseView {
  readonly incarnation: string;
  readonly revision: number;
  readonly documents: ReadonlyMap<string, PolicyDocument>;
}

/** A published node that is not what was published there. */
export interface Drift {
  /** Policy key, or `head`. */
  readonly key: string;
  readonly problem: string;
  /** What was found: the spec where it can be read, else the text, cut short; null when there is nothing. */
  readonly found: unknown;
}

/** Drift, and what comes of it now. */
export interface FoundDrift extends Drift {
  /** SHA-256, hex, of the bytes found; empty when there was no node. */
  readonly foundHash: string;
  readonly action: "repair" | "hold";
}

export interface DocumentWrite {
  readonly document: PolicyDocument;
  /** Expected version; null: create. */
  readonly version: number | null;
}

export type PublishPlan =
  | { readonly kind: "halt"; readonly reason: string }
  | { readonly kind: "nothing" }
  | {
      readonly kind: "write";
      readonly documents: readonly DocumentWrite[];
      readonly head: PolicyHead;
      readonly drift: readonly Drift[];
    };

/**
 * What has to be written so that ZooKeeper becomes the projection of the database, or why nothing may be. `mesh` must
 * have been read before `database`. Planning again after the writes gives "nothing".
 */
export function planPublish(mesh: MeshView, database: DatabaseView): PublishPlan {
  const reason = reasonToHalt(mesh, database);
  if (reason !== "") return { kind: "halt", reason };
  const drift: Drift[] = [];
  const documents: DocumentWrite[] = [];
  for (const row of database.documents.values()) {
    const found = mesh.documents.get(row.key);
    const difference = compareDocument(row, found, covers(mesh, database, row.revision));
    if (difference === null) continue;
    documents.push({ document: row, version: found?.version ?? null });
    if (difference.problem !== "") drift.push({ key: row.key, problem: difference.problem, found: contentOf(found) });
  }
  for (const [key, found] of mesh.documents) {
    if (database.documents.has(key) || isOurTombstone(found, database.incarnation)) continue;
    documents.push({ document: tombstone(key, database), version: found.version });
    drift.push({ key, problem: "the database knows of no such object", found: contentOf(found) });
  }
  const head = makeHead(database.incarnation, database.revision, database.documents.values());
  const headProblem = headDrift(mesh, database, head);
  if (headProblem !== "") drift.push({ key: "head", problem: headProblem, found: contentOf(mesh.head ?? undefined) });
  if (documents.length === 0 && mesh.head?.data.equals(encodeHead(head)) === true) return { kind: "nothing" };
  documents.sort((a, b) => a.document.revision - b.document.revision || compare(a.document.key, b.document.key));
  return { kind: "write", documents, head, drift };
}

function reasonToHalt(mesh: MeshView, database: DatabaseView): string {
  const head = mesh.head?.decoded.ok === true ? mesh.head.decoded.value : null;
  const found = [...mesh.documents.values()].flatMap((stored) => (stored.decoded.ok ? [stored.decoded.value] : []));
  const ours = found.filter((document) => document.incarnation === database.incarnation);
  const isForeign = head === null ? found.length > 0 && ours.length === 0 : head.incarnation !== database.incarnation;
  if (isForeign && mesh.documents.size + (head?.count ?? 0) > 0) {
    return (
      "ZooKeeper holds policy that another database published. Nothing is written, so that an empty or wrong database cannot erase a mesh. " +
      "Connect the right database, or choose another ZOOKEEPER_ROOT, or remove the policy node below it to adopt this database."
    );
  }
  const ahead = Math.max(
    isForeign ? 0 : (head?.revision ?? 0),
    ...ours
      .filter((document) => document.spec !== null || database.documents.has(document.key))
      .map((document) => document.revision),
  );
  if (ahead > database.revision) {
    return (
      `The database is behind the mesh: it is at revision ${database.revision}, ZooKeeper holds revision ${ahead}. A backup may have been restored. ` +
      "Nothing is written. Restore the newer database. Or, to publish the older state: give the restored database an identity of its own " +
      "(UPDATE mesh SET incarnation = gen_random_uuid()), remove the policy node in ZooKeeper, and restart the consoles."
    );
  }
  const unpublishable = [...database.documents.values()].find(
    (document) => splitKey(document.key) === null || encodeDocument(document).length > MAX_DOCUMENT_BYTES,
  );
  return unpublishable === undefined
    ? ""
    : `${unpublishable.key} cannot be published: its name or its size is out of bounds.`;
}

/** Whether ZooKeeper says that everything up to `revision` was published: then a difference is not just work to do. */
function covers(mesh: MeshView, database: DatabaseView, revision: number): boolean {
  const head = mesh.head?.decoded;
  return head?.ok === true && head.value.incarnation === database.incarnation && head.value.revision >= revision;
}

/** Null: nothing to write. `problem` is empty when the document is merely not published yet. */
function compareDocument(
  row: PolicyDocument,
  found: Stored<PolicyDocument> | undefined,
  covered: boolean,
): { problem: string } | null {
  if (found === undefined) return { problem: covered ? "the node is missing" : "" };
  if (!found.decoded.ok) return { problem: `it cannot be read: ${found.decoded.problem}` };
  const document = found.decoded.value;
  if (document.incarnation !== row.incarnation) return { problem: "another database wrote it" };
  if (document.revision > row.revision)
    return { problem: `it claims revision ${document.revision}, the latest is ${row.revision}` };
  if (document.revision < row.revision)
    return { problem: covered ? `it is at revision ${document.revision}, published was ${row.revision}` : "" };
  return found.data.equals(encodeDocument(row)) ? null : { problem: "its content was changed" };
}

function headDrift(mesh: MeshView, database: DatabaseView, wanted: PolicyHead): string {
  if (mesh.head === null) return mesh.documents.size > 0 ? "the node is missing" : "";
  if (!mesh.head.decoded.ok) return `it cannot be read: ${mesh.head.decoded.problem}`;
  const { incarnation, revision } = mesh.head.decoded.value;
  if (incarnation !== database.incarnation || revision !== database.revision) return "";
  return mesh.head.data.equals(encodeHead(wanted)) ? "" : "its content was changed";
}

function isOurTombstone(found: Stored<PolicyDocument>, incarnation: string): boolean {
  return found.decoded.ok && found.decoded.value.spec === null && found.decoded.value.incarnation === incarnation;
}

function tombstone(key: string, database: DatabaseView): PolicyDocument {
  return {
    v: 1,
    key,
    revision: Math.max(1, database.revision),
    spec: null,
    hash: specHash(null),
    incarnation: database.incarnation,
  };
}

const FOUND_TEXT_MAX = 4096;

function contentOf(found: Stored<PolicyDocument | PolicyHead> | undefined): unknown {
  if (found === undefined) return null;
  if (!found.decoded.ok) return found.data.subarray(0, FOUND_TEXT_MAX).toString("utf8");
  return "spec" in found.decoded.value ? found.decoded.value.spec : found.decoded.value;
}

export interface BatchLimits {
  readonly bytes: number;
  readonly operations: number;
}

/** Half of what a server takes: the rest is room for what is not counted. */
const BATCH_LIMITS: BatchLimits = { bytes: 512 * 1024, operations: 1000 };

/**
 * The multis that carry a plan out, one when it fits. Each begins with the fence: a check that our candidate node still
 * exists. The head is set by the last one only, so gateways look when everything is there.
 */
export function toMultis(
  root: string,
  fence: string,
  writes: readonly DocumentWrite[],
  head: MultiOp,
  limits: BatchLimits = BATCH_LIMITS,
): readonly (readonly MultiOp[])[] {
  const check: MultiOp = { kind: "check", path: fence, version: -1 };
  const batches: MultiOp[][] = [];
  let batch: MultiOp[] = [check];
  // Room for the head is kept in every batch: which one is the last is known at the end.
  const overhead = requestBytes([check, head]);
  let bytes = overhead;
  for (const write of writes) {
    const op = toOp(root, write);
    const size = requestBytes([op]);
    if (batch.length > 1 && (bytes + size > limits.bytes || batch.length + 2 > limits.operations)) {
      batches.push(batch);
      batch = [check];
      bytes = overhead;
    }
    batch.push(op);
    bytes += size;
  }
  return [...batches, [...batch, head]];
}

function toOp(root: string, write: DocumentWrite): MultiOp {
  const path = paths.document(root, write.document.key);
  const data = encodeDocument(write.document);
  return write.version === null ? { kind: "create", path, data } : { kind: "set", path, data, version: write.version };
}
