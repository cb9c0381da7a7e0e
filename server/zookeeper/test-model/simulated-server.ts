import { ZooKeeperFailure } from "../failure.ts";
import type { HintKind } from "../hint-book.ts";
import type { CreateOptions, MultiOp, NodeReading } from "../operations.ts";

/** A node as the server keeps it. Never changed: a write replaces it. */
export interface StoredNode extends NodeReading {
  /** Whether a console wrote what it holds, and not somebody else. */
  readonly genuine: boolean;
}

/** Who writes: a session, and whether it is a console's. */
export interface Writer {
  readonly session: bigint;
  readonly genuine: boolean;
}

export interface Change {
  readonly path: string;
  readonly before: StoredNode | null;
  readonly after: StoredNode | null;
}

/** Everything the server keeps on its disk. */
export interface Image {
  readonly nodes: ReadonlyMap<string, StoredNode>;
  readonly sequences: ReadonlyMap<string, number>;
}

interface CommitOptions {
  /** As failures name it. */
  readonly operation?: string;
  /** Whether what is created ends with the session. */
  readonly ephemeral?: boolean;
}

const NO_DATA = Buffer.alloc(0);

/** ZooKeeper's data tree in memory: what each request does, whole or not at all, in the order requests arrive. */
export class SimulatedServer {
  nodes = new Map<string, StoredNode>();
  /** How many requests changed something. */
  writes = 0;
  /** Called for each node that may have changed what a watch looks at. */
  onEvent: (kind: HintKind, path: string) => void = () => {};
  #sequences = new Map<string, number>();
  #sessions = new Set<bigint>();
  #lastSession = 0n;
  #zxid = 0n;

  openSession(): bigint {
    this.#lastSession += 1n;
    this.#sessions.add(this.#lastSession);
    return this.#lastSession;
  }

  knows(session: bigint): boolean {
    return this.#sessions.has(session);
  }

  /** Ends a session, and its ephemeral nodes with it. */
  expire(session: bigint): void {
    if (!this.#sessions.delete(session)) return;
    const owned = [...this.nodes].filter(([, node]) => node.ephemeralOwner === session);
    this.#announce(owned.map(([path, before]) => this.#put(path, before, null)));
  }

  children(path: string): string[] | null {
    if (!this.nodes.has(path)) return null;
    const prefix = `${path}/`;
    const names: string[] = [];
    for (const candidate of this.nodes.keys()) {
      if (candidate.startsWith(prefix) && !candidate.includes("/", prefix.length))
        names.push(candidate.slice(prefix.length));
    }
    return names;
  }

  /** Path of the node made. */
  create(by: Writer, path: string, data: Buffer, how: CreateOptions): string {
    const made = how.sequential === true ? path + this.#nextSequence(parentOf(path)) : path;
    this.commit(by, [{ kind: "create", path: made, data }], { operation: "create", ephemeral: how.ephemeral === true });
    return made;
  }

  /** All operations or none. Returns what they changed. */
  commit(by: Writer, ops: readonly MultiOp[], how: CommitOptions = {}): readonly Change[] {
    const { operation = "multi" } = how;
    const ephemeralOwner = how.ephemeral === true ? by.session : 0n;
    const changes: Change[] = [];
    this.#zxid += 1n;
    try {
      for (const [index, op] of ops.entries()) {
        const change = this.#apply({ ...by, ephemeralOwner }, op, { operation, path: op.path, opIndex: index });
        if (change !== null) changes.push(change);
      }
    } catch (error) {
      for (const { path, before } of changes.reverse()) this.#put(path, null, before);
      throw error;
    }
    if (changes.length > 0) this.writes += 1;
    this.#announce(changes);
    return changes;
  }

  ensurePath(by: Writer, path: string): void {
    const missing: string[] = [];
    for (let at = path; at !== "" && !this.nodes.has(at); at = parentOf(at)) missing.unshift(at);
    for (const at of missing) this.commit(by, [{ kind: "create", path: at, data: NO_DATA }]);
  }

  image(): Image {
    return { nodes: new Map(this.nodes), sequences: new Map(this.#sequences) };
  }

  /** Starts again from another disk: an empty one, or an older copy. No session survives that. */
  startFrom(image: Image): void {
    this.nodes = new Map([...image.nodes].filter(([, node]) => node.ephemeralOwner === 0n));
    this.#sequences = new Map(image.sequences);
    this.#sessions.clear();
  }

  #apply(
    by: Writer & { ephemeralOwner: bigint },
    op: MultiOp,
    at: { operation: string; path: string; opIndex: number },
  ): Change | null {
    const before = this.nodes.get(op.path) ?? null;
    if (op.kind === "create") {
      if (before !== null) throw new ZooKeeperFailure("NODE_EXISTS", at);
      const parent = parentOf(op.path);
      if (parent !== "" && !this.nodes.has(parent)) throw new ZooKeeperFailure("NO_NODE", at);
      const { genuine, ephemeralOwner } = by;
      const zxids = { mzxid: this.#zxid, czxid: this.#zxid };
      return this.#put(op.path, null, { data: op.data, version: 0, aclVersion: 0, ephemeralOwner, ...zxids, genuine });
    }
    if (before === null) throw new ZooKeeperFailure("NO_NODE", at);
    if (op.version !== -1 && op.version !== before.version) throw new ZooKeeperFailure("BAD_VERSION", at);
    if (op.kind === "check") return null;
    if (op.kind === "set") {
      const version = before.version + 1;
      return this.#put(op.path, before, { ...before, data: op.data, version, mzxid: this.#zxid, genuine: by.genuine });
    }
    if ((this.children(op.path) ?? []).length > 0) throw new ZooKeeperFailure("NOT_EMPTY", at);
    return this.#put(op.path, before, null);
  }

  #put(path: string, before: StoredNode | null, after: StoredNode | null): Change {
    if (after === null) this.nodes.delete(path);
    else this.nodes.set(path, after);
    return { path, before, after };
  }

  #announce(changes: readonly Change[]): void {
    for (const { path, before, after } of changes) {
      this.onEvent("node", path);
      if (before !== null && after !== null) continue;
      this.onEvent("children", parentOf(path));
      if (after === null) this.onEvent("children", path);
    }
  }

  #nextSequence(parent: string): string {
    const next = this.#sequences.get(parent) ?? 0;
    this.#sequences.set(parent, next + 1);
    return String(next).padStart(10, "0");
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
