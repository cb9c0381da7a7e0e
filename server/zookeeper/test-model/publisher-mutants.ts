import { decodeDocument, decodeHead, encodeDocument, encodeHead } from "../codec.ts";
import { isCode } from "../failure.ts";
import type { MultiOp, NodeReading } from "../operations.ts";
import { paths } from "../paths.ts";
import type { DatabaseReading, PolicySource } from "../database-reading.ts";
import type { ConsoleContext, Mutant, Nodes } from "./mutants.ts";
import { ROOT } from "./world.ts";

const HEAD = paths.head(ROOT);
const EPOCH = `${ROOT}/epoch`;

type Multi = (ops: readonly MultiOp[]) => Promise<void>;

const withMulti = (nodes: Nodes, multi: Multi): Nodes => ({ ...nodes, multi });
const isFence = (op: MultiOp): boolean => op.kind === "check";

/** Publishers with one thing broken each. */
export const PUBLISHER_MUTANTS: readonly Mutant[] = [
  {
    name: "no fence: a multi does not check the candidate node",
    consoleNodes: (nodes) => withMulti(nodes, (ops) => nodes.multi(ops.filter((op) => !isFence(op)))),
  },
  {
    name: "an epoch counter for a fence",
    consoleNodes: (nodes, { election }) => epochFence(nodes, () => election.node()),
  },
  {
    name: "no expected versions",
    consoleNodes: (nodes) =>
      withMulti(nodes, (ops) =>
        nodes.multi(ops.map((op) => (op.kind === "set" || op.kind === "remove" ? { ...op, version: -1 } : op))),
      ),
  },
  {
    name: "the head in a multi of its own, before the documents",
    consoleNodes: (nodes) =>
      withMulti(nodes, async (ops) => {
        const fence = ops.filter(isFence);
        for (const op of ops.filter((candidate) => !isFence(candidate)).reverse()) await nodes.multi([...fence, op]);
      }),
  },
  {
    name: "what failed is written again as it was, at whatever version is there now",
    consoleNodes: (nodes, { election }) => withMulti(nodes, (ops) => insist(nodes, ops, () => election.node())),
  },
  {
    name: "removed objects are deleted, in ZooKeeper and in the database",
    consoleNodes: (nodes) => withMulti(nodes, (ops) => nodes.multi(ops.flatMap(reallyDelete))),
    deletesRows: true,
    source: (source) => ({
      ...source,
      // A row that is gone is in no list of changes: everything has to be read.
      readSince: async (after) => ({ ...(await source.readSince(0)), ...(after > 0 && { revision: -1 }) }),
    }),
  },
  {
    name: "the database is read first",
    publisherLoop: (open, context) => (zk, options) =>
      open(zk, {
        ...options,
        async work(signal) {
          early.delete(context);
          early.set(context, await earlyReading(context));
          await options.work(signal);
        },
      }),
    source: (source, context) => {
      sources.set(context, source);
      return {
        ...source,
        readSince: async () => early.get(context) ?? source.readSince(0),
      };
    },
  },
  {
    name: "an outbox: what an edit woke is published once, and nothing is compared later",
    publisherLoop: (open) => (zk, options) => {
      const deaf: Nodes | typeof zk = { ...zk, onStatus: () => () => {} };
      let tried = false;
      return open(deaf, {
        ...options,
        onPeriod: () => (tried = true),
        async work(signal) {
          if (tried) return void (tried = false);
          await options.work(signal).catch(() => {});
        },
      });
    },
  },
  { name: "gateways are not asked what they have applied", gatewaysUnasked: true },
  {
    name: "the cache believes hints alone",
    publisherLoop: (open) => (zk, options) => open(zk, { ...options, onPeriod: () => {} }),
  },
  {
    name: "another database's policy is taken for our own",
    consoleNodes: (nodes, context) => ({ ...nodes, read: rewriting(nodes, (seen) => ({ ...seen, ...ours(context) })) }),
  },
  {
    name: "the database's identity is read once",
    source(source) {
      let known: string | null = null;
      return {
        ...source,
        async readSince(after) {
          const reading = await source.readSince(after);
          return { ...reading, incarnation: (known ??= reading.incarnation) };
        },
      };
    },
  },
  {
    name: "a database behind the mesh is published",
    consoleNodes: (nodes, { database }) => ({
      ...nodes,
      read: rewriting(nodes, (seen) => ({
        ...seen,
        revision: Math.min(seen.revision, Math.max(1, database.state.revision)),
      })),
    }),
  },
];

const early = new WeakMap<ConsoleContext, DatabaseReading>();
const sources = new WeakMap<ConsoleContext, PolicySource>();

async function earlyReading(context: ConsoleContext): Promise<DatabaseReading> {
  const source = sources.get(context);
  if (source === undefined) throw new Error("the source is opened before the loop runs");
  return source.readSince(0);
}

const ours = ({ database }: ConsoleContext): { incarnation: string } => ({
  incarnation: database.state.incarnation,
});

/** Counts the leaders in a node, and writes while nobody counted on since. */
function epochFence(nodes: Nodes, candidate: () => string | null): Nodes {
  let since: string | null = null;
  let epoch = -1;
  return withMulti(nodes, async (ops) => {
    if (since !== candidate()) {
      await nodes.ensurePath(EPOCH);
      epoch = await nodes.write(EPOCH, Buffer.alloc(0), -1);
      since = candidate();
    }
    const fence: MultiOp = { kind: "check", path: EPOCH, version: epoch };
    try {
      await nodes.multi(ops.map((op) => (isFence(op) ? fence : op)));
    } catch (error) {
      since = null;
      throw error;
    }
  });
}

/** Repeats until it is done, a few times, under the candidate node of the moment. */
async function insist(nodes: Nodes, ops: readonly MultiOp[], candidate: () => string | null): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const again = attempt === 0 ? ops : await Promise.all(ops.map((op) => atVersionNow(nodes, op, candidate())));
    try {
      return await nodes.multi(again);
    } catch (error) {
      if (attempt === 4 || isCode(error, "NOT_CONNECTED")) throw error;
    }
  }
}

async function atVersionNow(nodes: Nodes, op: MultiOp, candidate: string | null): Promise<MultiOp> {
  if (op.kind === "check") return { ...op, path: candidate ?? op.path };
  const now = await nodes.read(op.path);
  if (op.kind === "remove") return { ...op, version: now?.version ?? -1 };
  const { path, data } = op;
  return now === null ? { kind: "create", path, data } : { kind: "set", path, data, version: now.version };
}

function reallyDelete(op: MultiOp): MultiOp[] {
  if (op.kind !== "set" && op.kind !== "create") return [op];
  const decoded = decodeDocument(op.data);
  if (!decoded.ok || decoded.value.spec !== null) return [op];
  return op.kind === "create" ? [] : [{ kind: "remove", path: op.path, version: op.version }];
}

type Seen = { readonly incarnation: string; readonly revision: number };

/** Reads policy with other facts in it than are there. */
function rewriting(nodes: Nodes, change: (seen: Seen) => Seen): Nodes["read"] {
  return async (path, onHint) => {
    const node = await nodes.read(path, onHint);
    return node === null ? null : { ...node, data: rewritten(path, node, change) };
  };
}

function rewritten(path: string, { data }: NodeReading, change: (seen: Seen) => Seen): Buffer {
  if (path === HEAD) {
    const head = decodeHead(data);
    return head.ok ? encodeHead({ ...head.value, ...change(head.value) }) : data;
  }
  const document = decodeDocument(data);
  return document.ok ? encodeDocument({ ...document.value, ...change(document.value) }) : data;
}
