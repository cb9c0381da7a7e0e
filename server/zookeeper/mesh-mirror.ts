import { POLICY_KINDS, policyKey, type PolicyDocument, type PolicyHead, type PolicyKind } from "#domain/policy.ts";
import type { BlockedNode } from "#domain/publishing.ts";
import { orRefusal, readEach } from "./cached-reader.ts";
import { decodeDocument, decodeHead, encodeDocument, type Decoded } from "./codec.ts";
import type { NodeOperations, NodeReading } from "./operations.ts";
import { paths, splitKey } from "./paths.ts";

/** A node as found, and what its bytes say. */
export interface Stored<T> {
  readonly version: number;
  readonly data: Buffer;
  readonly decoded: Decoded<T>;
}

/** Nodes watched at most; those beyond are read anew only by a full pass. The client re-arms no watch of its own, so no packet can grow too long. */
const WATCHES_MAX = 20_000;

/** The calls of ZooKeeper that reading the mesh makes. */
export type MeshStore = Pick<NodeOperations, "read" | "children" | "ensurePath" | "secure">;

/** Published policy as it stands in ZooKeeper, kept by reading again what a hint named. For one reader at a time. */
export class MeshMirror {
  readonly #zk: MeshStore;
  readonly #root: string;
  readonly #onStale: () => void;
  readonly #documents = new Map<string, Stored<PolicyDocument>>();
  readonly #refused = new Map<string, BlockedNode>();
  readonly #leftOut = new Map<string, number | null>();
  /** Readable documents by who wrote them. */
  readonly #writers = new Map<string, number>();
  readonly #staleKinds = new Set<PolicyKind>(POLICY_KINDS);
  readonly #staleKeys = new Set<string>();
  readonly #hints = new Map<string, () => void>();
  #head: Stored<PolicyHead> | null = null;
  #isHeadStale = true;

  /** @param onStale called when a hint has made something stale. */
  constructor(zk: MeshStore, root: string, onStale: () => void) {
    this.#zk = zk;
    this.#root = root;
    this.#onStale = onStale;
  }

  get head(): Stored<PolicyHead> | null {
    return this.#head;
  }

  get documents(): ReadonlyMap<string, Stored<PolicyDocument>> {
    return this.#documents;
  }

  /** Nodes that may not be read. */
  get refused(): ReadonlyMap<string, BlockedNode> {
    return this.#refused;
  }

  /** How many readable documents each database wrote. */
  get writers(): ReadonlyMap<string, number> {
    return this.#writers;
  }

  get leftOut(): ReadonlyMap<string, number | null> {
    return this.#leftOut;
  }

  /** A publication went past this node, because it is closed to us. */
  leaveOut(key: string): void {
    this.#leftOut.set(key, this.#documents.get(key)?.version ?? null);
  }

  /** A publication wrote it, or nobody needs it any more. */
  takeUp(keys: Iterable<string>): void {
    for (const key of keys) this.#leftOut.delete(key);
  }

  /** Everything is read anew. */
  staleAll(): void {
    this.#isHeadStale = true;
    for (const kind of POLICY_KINDS) this.#staleKinds.add(kind);
    for (const key of this.#documents.keys()) this.#staleKeys.add(key);
    this.stale(this.#refused.keys());
  }

  /** These are read anew. */
  stale(keys: Iterable<string>): void {
    for (const key of keys) {
      if (key === "head") this.#isHeadStale = true;
      else this.#staleKeys.add(key);
    }
  }

  /** Forgets all documents, as one who does not need them any more. */
  clear(): void {
    this.staleAll();
    this.#documents.clear();
    this.#refused.clear();
    this.#leftOut.clear();
    this.#writers.clear();
    this.#staleKeys.clear();
    this.#hints.clear();
  }

  async readHead(): Promise<Stored<PolicyHead> | null> {
    if (!this.#isHeadStale) return this.#head;
    // Cleared before reading: a hint that arrives during the read must make it stale again.
    this.#isHeadStale = false;
    try {
      const path = paths.head(this.#root);
      const answer = await orRefusal(this.#readGuarded(path, this.#hintOf("head")));
      this.#refused.delete("head");
      if ("refusal" in answer) this.#refused.set("head", blockedNode(path, answer.refusal));
      const node = "refusal" in answer ? null : answer.value;
      this.#head = node === null ? null : { version: node.version, data: node.data, decoded: decodeHead(node.data) };
    } catch (error) {
      this.#isHeadStale = true;
      throw error;
    }
    return this.#head;
  }

  /** Reads what is stale. Resolves to the keys that were read; after a rejection they are stale still. */
  async readDocuments(): Promise<readonly string[]> {
    for (const kind of POLICY_KINDS) if (this.#staleKinds.has(kind)) await this.#readKind(kind);
    const keys = [...this.#staleKeys];
    this.#staleKeys.clear();
    try {
      await readEach(keys, (key) => this.#readDocument(key));
    } catch (error) {
      this.stale(keys);
      throw error;
    }
    return keys;
  }

  async #readKind(kind: PolicyKind): Promise<void> {
    const folder = paths.kind(this.#root, kind);
    this.#staleKinds.delete(kind);
    try {
      const ids = await this.#zk.children(folder, this.#hintOf(kind));
      if (ids === null) await this.#zk.ensurePath(folder);
      const present = new Set((ids ?? []).map((id): string => policyKey(kind, id)));
      for (const key of present) if (!this.#documents.has(key)) this.#staleKeys.add(key);
      for (const key of this.#documents.keys())
        if (key.startsWith(`${kind}/`) && !present.has(key)) this.#staleKeys.add(key);
    } catch (error) {
      this.#staleKinds.add(kind);
      throw error;
    }
  }

  async #readDocument(key: string): Promise<void> {
    const path = paths.document(this.#root, key);
    const isWatched = this.#hints.has(key) || this.#hints.size < WATCHES_MAX;
    const answer = await orRefusal(this.#readGuarded(path, isWatched ? this.#hintOf(key) : undefined));
    this.#forget(key);
    if ("refusal" in answer) {
      this.#refused.set(key, blockedNode(path, answer.refusal));
      return;
    }
    if (answer.value === null) {
      this.#hints.delete(key);
      return;
    }
    const { version, data } = answer.value;
    this.#keep(key, { version, data, decoded: decodeAt(key, data) });
  }

  /** Reads a node, and sees to it that its access list is ours. */
  async #readGuarded(path: string, onHint: (() => void) | undefined): Promise<NodeReading | null> {
    const node = await this.#zk.read(path, onHint);
    if (node !== null) await this.#zk.secure(path, "private", node);
    return node;
  }

  #keep(key: string, stored: Stored<PolicyDocument>): void {
    this.#documents.set(key, stored);
    if (stored.decoded.ok) this.#count(stored.decoded.value.incarnation, 1);
  }

  #forget(key: string): void {
    const previous = this.#documents.get(key);
    if (previous?.decoded.ok === true) this.#count(previous.decoded.value.incarnation, -1);
    this.#documents.delete(key);
    this.#refused.delete(key);
  }

  #count(writer: string, by: number): void {
    const count = (this.#writers.get(writer) ?? 0) + by;
    if (count === 0) this.#writers.delete(writer);
    else this.#writers.set(writer, count);
  }

  /** The same function for the same place, so that the client never holds two for one watch. */
  #hintOf(place: string): () => void {
    const known = this.#hints.get(place);
    if (known !== undefined) return known;
    const kind = POLICY_KINDS.find((candidate) => candidate === place);
    const hint = (): void => {
      if (kind !== undefined) this.#staleKinds.add(kind);
      else this.stale([place]);
      this.#onStale();
    };
    this.#hints.set(place, hint);
    return hint;
  }
}

function blockedNode(path: string, refusal: string): BlockedNode {
  return { path, problem: `ZooKeeper does not give us all rights to it: ${refusal}` };
}

/** What a node's bytes say, when they say it of the object whose place it is and as we write it. */
export function decodeAt(key: string, data: Buffer): Decoded<PolicyDocument> {
  const decoded = decodeDocument(data);
  if (!decoded.ok) return decoded;
  if (decoded.value.key !== key) return { ok: false, problem: "it names another object" };
  // What has a name that is none of ours can be nothing but removed.
  if (splitKey(key) === null && decoded.value.spec !== null)
    return { ok: false, problem: "its name is not one of ours" };
  // From here on two documents with the same revision and hash have the same bytes.
  return encodeDocument(decoded.value).equals(data) ? decoded : { ok: false, problem: "it is not in canonical form" };
}
