import type { AccessPolicy, NodeAccess } from "./access.ts";
import { callOn, REQUEST_BYTES_MAX, type CallInfo, type Calls, type Send } from "./calls.ts";
import type { Connection } from "./connection.ts";
import { isCode, ZooKeeperFailure } from "./failure.ts";
import type { HintBook, HintKind } from "./hint-book.ts";
import { accessVersion, libraryList, openSecure, type AccessVersion, type Secure, type Secured } from "./secure.ts";
import type { Acl, Client, Stat, TransactionOp } from "node-zookeeper-client";

/** A node as read once. */
export interface NodeReading extends AccessVersion {
  readonly data: Buffer;
  readonly version: number;
  /** Session that owns an ephemeral node; 0 for others. */
  readonly ephemeralOwner: bigint;
  /** Transaction that last changed the data: differs between two writes even when the version does not (delete, create). */
  readonly mzxid: bigint;
}

export interface CreateOptions {
  readonly ephemeral?: boolean;
  readonly sequential?: boolean;
  /** Default: `own` for an ephemeral, `private` for others. */
  readonly access?: NodeAccess;
}

/** One operation of a multi. `version` -1 means any; 0 means 0. */
export type MultiOp =
  | { readonly kind: "check"; readonly path: string; readonly version: number }
  | { readonly kind: "create"; readonly path: string; readonly data: Buffer; readonly access?: NodeAccess }
  | { readonly kind: "set"; readonly path: string; readonly data: Buffer; readonly version: number }
  | { readonly kind: "remove"; readonly path: string; readonly version: number };

/**
 * Reading and writing. Calls settle within their deadline and reject with `ZooKeeperFailure`; hints are only ever a
 * reason to read again, and each is given once, also after every return to `live`. Hand the same function each time for
 * the same path.
 */
export interface NodeOperations {
  /** Null: no such node. `onHint` is armed in either case, also when the read fails. */
  read(path: string, onHint?: () => void): Promise<NodeReading | null>;
  /** Names of the children; null: no such node. `onHint` as for `read`. */
  children(path: string, onHint?: () => void): Promise<readonly string[] | null>;
  /** Sets data at an expected version; -1 for any. Resolves to the new version. */
  write(path: string, data: Buffer, version: number): Promise<number>;
  /** Resolves to the node's path, which differs from `path` for a sequential node. */
  create(path: string, data: Buffer, options?: CreateOptions): Promise<string>;
  /** Deletes at an expected version; -1 for any. */
  remove(path: string, version: number): Promise<void>;
  /** All or nothing. The failure's `opIndex` says which operation was refused. */
  multi(ops: readonly MultiOp[]): Promise<void>;
  /** Creates the node, and its parents, where missing. `access` is for the node; default `private`, as for the parents. */
  ensurePath(path: string, access?: NodeAccess, parents?: NodeAccess): Promise<void>;
  /**
   * Puts the node's access control list right where it is another: made before access was closed, or changed by others.
   * With `seen`, from a reading, the server is asked only about a list that was not found right before. Does nothing
   * while access is open.
   */
  secure(path: string, access: NodeAccess, seen?: AccessVersion): Promise<Secured>;
}

export interface Operations {
  readonly nodes: NodeOperations & Secure;
  /** Resolves when the server answered anything at all, or the connection closed. */
  probe(connection: Connection): Promise<void>;
  ensureChroot(connection: Connection, timeoutMs: number): Promise<void>;
  /** Watches of the previous connection are forgotten: every hint was given. */
  newConnection(): void;
}

const NO_DATA = Buffer.alloc(0);
const RACES_MAX = 8;
/** What the library tells pending calls when the socket closes; the server said nothing. */
const CONNECTION_LOSS = -4;

/** What the server said to a call: 0, or an error's code. */
export type OnAnswer = (code: number, info: CallInfo, opIndex?: number) => void;

export function openOperations(options: {
  calls: Calls;
  hints: HintBook;
  chroot: string;
  policy: AccessPolicy;
  onAnswer: OnAnswer;
}): Operations {
  const { hints, chroot, policy, onAnswer } = options;
  let watchers = new Map<string, () => void>();

  const absolute = (path: string): string => (path === "/" ? chroot || "/" : chroot + path);
  function run<T>(info: CallInfo, send: Send<T>): Promise<T> {
    return options.calls.run<T>(info, (client, done) =>
      send(client, (error, value, opIndex) => {
        if (error?.code !== CONNECTION_LOSS) onAnswer(error?.code ?? 0, info, opIndex);
        done(error, value, opIndex);
      }),
    );
  }

  const lists = new Map<NodeAccess, Acl[]>();
  /** Always explicit: the library's default is open. */
  function listFor(access: NodeAccess): Acl[] {
    const list = lists.get(access) ?? libraryList(policy.listFor(access));
    lists.set(access, list);
    return list;
  }

  /** One stable function per path, so that the library never holds two for one watch. */
  function watcher(kind: HintKind, path: string): () => void {
    const key = `${kind} ${path}`;
    const known = watchers.get(key);
    if (known !== undefined) return known;
    const tell = (): void => {
      watchers.delete(key);
      hints.give(kind, path);
    };
    watchers.set(key, tell);
    return tell;
  }

  function getData(path: string, watch: (() => void) | undefined): Promise<NodeReading> {
    return run({ operation: "read", path }, (client, done) =>
      client.getData(absolute(path), watch, (error, data, stat) => done(error, () => reading(data, present(stat)))),
    );
  }

  function exists(path: string, watch: (() => void) | undefined): Promise<boolean> {
    return run({ operation: "exists", path }, (client, done) =>
      client.exists(absolute(path), watch, (error, stat) => done(error, () => stat !== null && stat !== undefined)),
    );
  }

  function getChildren(path: string, watch: (() => void) | undefined): Promise<readonly string[]> {
    return run({ operation: "children", path }, (client, done) =>
      client.getChildren(absolute(path), watch, (error, names) => done(error, () => names ?? [])),
    );
  }

  /** Reads; where there is no node, watches for its creation. The two steps race with writers, so it may take turns. */
  async function readOrWait<T>(path: string, hinted: boolean, readOnce: () => Promise<T>): Promise<T | null> {
    for (let race = 0; race < RACES_MAX; race += 1) {
      try {
        return await readOnce();
      } catch (error) {
        if (!isCode(error, "NO_NODE")) throw error;
      }
      if (!hinted || !(await exists(path, watcher("node", path)))) return null;
    }
    throw new ZooKeeperFailure("UNSTABLE", { operation: "read", path });
  }

  async function create(path: string, data: Buffer, how: CreateOptions = {}): Promise<string> {
    checkSize(path, data.length);
    const acl = listFor(how.access ?? (how.ephemeral === true ? "own" : "private"));
    const mode = (how.ephemeral === true ? 1 : 0) + (how.sequential === true ? 2 : 0);
    const created = await run<string>({ operation: "create", path }, (client, done) =>
      client.create(absolute(path), data, acl, mode, (error, made) => done(error, () => present(made))),
    );
    return created.slice(chroot.length);
  }

  const nodes: NodeOperations & Secure = {
    read(path, onHint) {
      if (onHint !== undefined) hints.ask("node", path, onHint);
      return readOrWait(path, onHint !== undefined, () => getData(path, onHint && watcher("node", path)));
    },
    children(path, onHint) {
      if (onHint !== undefined) {
        hints.ask("children", path, onHint);
        hints.ask("node", path, onHint);
      }
      return readOrWait(path, onHint !== undefined, () => getChildren(path, onHint && watcher("children", path)));
    },
    async write(path, data, version) {
      checkSize(path, data.length);
      return run({ operation: "write", path }, (client, done) =>
        client.setData(absolute(path), data, version, (error, stat) => done(error, () => present(stat).version)),
      );
    },
    create,
    remove: (path, version) =>
      run<void>({ operation: "remove", path }, (client, done) =>
        client.remove(absolute(path), version, (error) => done(error, nothing)),
      ),
    async multi(ops) {
      const path = ops[0]?.path ?? "/";
      checkSize(path, requestBytes(ops));
      const paths = ops.map((op) => op.path);
      await run<void>({ operation: "multi", path, paths }, (client, done) =>
        commit(client, ops.map(toLibraryOp), done),
      );
    },
    ensurePath: (path, access = "private", parents = "private") =>
      ensure(path, (part) => create(part, NO_DATA, { access: part === path ? access : parents })),
    ...openSecure({ policy, absolute, run }),
  };

  function toLibraryOp(op: MultiOp): TransactionOp {
    const path = absolute(op.path);
    switch (op.kind) {
      case "check":
        return { type: 13, path, version: op.version };
      case "create":
        return { type: 1, path, data: op.data, acls: listFor(op.access ?? "private"), mode: 0 };
      case "set":
        return { type: 5, path, data: op.data, version: op.version };
      case "remove":
        return { type: 2, path, version: op.version };
    }
  }

  return {
    nodes,
    async probe(connection) {
      const never = performance.now() + 0x7fff_ffff;
      const info = { operation: "exists", path: "/" };
      const asked = callOn<boolean>(connection, never, info, (client, done) =>
        client.exists("/", undefined, (error) => done(error, () => true)),
      );
      await asked.then(
        () => onAnswer(0, info),
        () => {},
      );
    },
    async ensureChroot(connection, timeoutMs) {
      if (chroot === "") return;
      const on = <T>(info: CallInfo, send: Send<T>): Promise<T> =>
        callOn(connection, performance.now() + timeoutMs, info, send);
      // First of all: making what is there is refused to whoever may not make anything beside it.
      const there = await on<boolean>({ operation: "exists", path: chroot }, (client, done) =>
        client.exists(chroot, undefined, (error, stat) => done(error, () => stat !== null && stat !== undefined)),
      );
      if (there) return;
      await ensure(chroot, (path) =>
        on<string>({ operation: "create", path }, (client, done) =>
          client.create(path, NO_DATA, listFor("public"), 0, (error) => done(error, () => path)),
        ),
      );
    },
    newConnection() {
      watchers = new Map();
    },
  };
}

async function ensure(path: string, create: (path: string) => Promise<unknown>): Promise<void> {
  try {
    await create(path);
  } catch (error) {
    if (isCode(error, "NODE_EXISTS")) return;
    const parent = path.slice(0, path.lastIndexOf("/"));
    if (!isCode(error, "NO_NODE") || parent === "") throw error;
    await ensure(parent, create);
    await ensure(path, create);
  }
}

function nothing(): void {}

/** @throws TypeError when an answer lacks what every such answer has. */
function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new TypeError("the answer is incomplete");
  return value;
}

function reading(data: Buffer | undefined, stat: Stat): NodeReading {
  return {
    data: data ?? NO_DATA,
    ...accessVersion(stat),
    version: stat.version,
    ephemeralOwner: stat.ephemeralOwner.readBigInt64BE(0),
    mzxid: stat.mzxid.readBigInt64BE(0),
  };
}

/** Fills `ops` by hand: the library's own check, setData and remove turn version 0 into "any version". */
function commit(client: Client, ops: readonly TransactionOp[], done: Parameters<Send<void>>[1]): void {
  const transaction = client.transaction();
  transaction.ops.push(...ops);
  transaction.commit((error, results) => {
    const refused = results?.findIndex((result) => result.err !== undefined && result.err !== 0) ?? -1;
    done(error, nothing, refused === -1 ? undefined : refused);
  });
}

/** Bytes a multi takes in a request, a little over-counted. */
export function requestBytes(ops: readonly MultiOp[]): number {
  return ops.reduce((sum, op) => sum + Buffer.byteLength(op.path) + ("data" in op ? op.data.length : 0) + 100, 0);
}

function checkSize(path: string, bytes: number): void {
  if (bytes > REQUEST_BYTES_MAX) throw new ZooKeeperFailure("TOO_LARGE", { operation: "write", path });
}
