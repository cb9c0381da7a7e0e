import { backoffMs, pause } from "#platform/backoff.ts";
import type { RefusedDocument } from "#domain/gateway-info.ts";
import { POLICY_KINDS, policyKey, type PolicyHead } from "#domain/policy.ts";
import type { PolicySnapshot } from "#domain/snapshot.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { readEach } from "./cached-reader.ts";
import { changedSince, decodeHead } from "./codec.ts";
import { levelLoop, type OpenLoop } from "./level-loop.ts";
import { openListeners } from "./listeners.ts";
import type { NodeOperations } from "./operations.ts";
import { paths } from "./paths.ts";
import {
  applyReading,
  differs,
  heldFromDisk,
  isAsJournalled,
  readNode,
  reasonToRefuseHead,
  type HeldPolicy,
  type NodeRead,
} from "./read-policy.ts";
import type { SessionLink } from "./session-link.ts";

export interface FollowerOptions {
  readonly root: string;
  /** What is in force until ZooKeeper says otherwise: the last good snapshot from disk, or EMPTY_SNAPSHOT. */
  readonly initial: PolicySnapshot;
  /** What of it could not be used. */
  readonly initiallyRefused?: readonly RefusedDocument[];
  readonly log: Log;
  /** Every document is read anew this often, ± 20 %, ms. Default 60,000. */
  readonly everyMs?: number;
  /** Default: `levelLoop`. */
  readonly openLoop?: OpenLoop;
}

/** Policy as a gateway applies it. While ZooKeeper is away, the current snapshot stands. */
export interface PolicyFollower extends Part {
  current(): PolicySnapshot;
  /** Documents whose published value is not in force. */
  refused(): readonly RefusedDocument[];
  /** Called when the snapshot, or what is refused, has changed; returns its undo. */
  onSnapshot(listener: (snapshot: PolicySnapshot) => void): () => void;
  /** Resolves when a published head has been applied for the first time. Never rejects. */
  readonly ready: Promise<void>;
}

/** A head that moves faster than it can be read is read again this many times before the loop gives way. */
const MOVES_MAX = 10;
/** A tree that does not add up is read again soon: it may be in the middle of a large publication, or of a repair. */
const DISTRUST = { firstMs: 500, maxMs: 30_000 };

/** Everything there was, as new as this head at least; null: no such node. */
interface WholeReading {
  readonly head: PolicyHead;
  readonly nodes: ReadonlyMap<string, NodeRead | null>;
}

/** Watches the head alone; on any hint reads what changed since, validates it, and swaps in a new snapshot. */
export function followPolicy(zk: SessionLink & NodeOperations, options: FollowerOptions): PolicyFollower {
  const { root, log } = options;
  const listeners = openListeners<PolicySnapshot>("the policy", log);
  const ready = Promise.withResolvers<void>();
  let held = heldFromDisk(options.initial, options.initiallyRefused ?? []);
  let readAll = true;
  let distrusted = 0;
  let lookAgain: NodeJS.Timeout | undefined;

  const loop = (options.openLoop ?? levelLoop)(zk, {
    name: "policy",
    log,
    work: pass,
    everyMs: options.everyMs ?? 60_000,
    onPeriod: () => (readAll = true),
  });
  const onHint = (): void => loop.wake();

  async function pass(signal: AbortSignal): Promise<void> {
    clearTimeout(lookAgain);
    // Where everything takes longer than the next edit, only what moved meanwhile is read again.
    let begun: WholeReading | null = null;
    for (let move = 0; move < MOVES_MAX && !signal.aborted; move += 1) {
      const before = await zk.read(paths.head(root), onHint);
      if (before === null) {
        if (held.snapshot.revision > 0) log.warn("no policy is published in ZooKeeper; the current one stays in force");
        return;
      }
      const head = decodeHead(before.data);
      const refusal = head.ok ? reasonToRefuseHead(held, head.value) : `the head cannot be read: ${head.problem}`;
      if (!head.ok || refusal !== "") return become({ ...held, refused: withHead(held, refusal) });
      const changed = readAll ? null : changedKeys(head.value);
      const complete = changed === null;
      const moved = complete ? movedSince(begun, head.value) : null;
      const keys = changed ?? moved;
      const read = await readNodes(keys ?? (await listKeys()));
      const nodes: WholeReading["nodes"] = begun !== null && moved !== null ? new Map([...begun.nodes, ...read]) : read;
      // What changed, just as the head names it, belongs to this head. Anything else may belong to another.
      const isPinned = keys !== null && isAsJournalled(head.value, read);
      if (!isPinned && (await zk.read(paths.head(root)))?.mzxid !== before.mzxid) {
        begun = complete ? { head: head.value, nodes } : null;
        continue;
      }
      return apply(head.value, nodes, complete);
    }
    loop.wake();
    await pause(50, signal);
  }

  /** Null: everything has to be read. */
  function changedKeys(head: PolicyHead): readonly string[] | null {
    const { trusted } = held;
    return held.verified && trusted?.incarnation === head.incarnation ? changedSince(head, trusted.revision) : null;
  }

  function apply(head: PolicyHead, nodes: ReadonlyMap<string, NodeRead | null>, complete: boolean): void {
    const next = applyReading(held, { head, nodes, complete });
    readAll = !next.verified;
    if (!next.verified && !complete) return loop.wake(); // what changed is not the whole story
    distrusted = next.verified ? 0 : distrusted + 1;
    if (!next.verified) lookAgain = setTimeout(loop.wake, backoffMs(distrusted, DISTRUST)).unref();
    become(next);
    ready.resolve();
  }

  function become(next: HeldPolicy): void {
    const changed = differs(held, next);
    held = next;
    if (!changed) return;
    const { revision, incarnation } = next.snapshot;
    log.info({ revision, incarnation, refused: next.refused }, "policy applied");
    listeners.tell(next.snapshot);
  }

  async function listKeys(): Promise<readonly string[]> {
    const keys = await Promise.all(
      POLICY_KINDS.map(async (kind) =>
        ((await zk.children(paths.kind(root, kind))) ?? []).map((id) => policyKey(kind, id)),
      ),
    );
    return keys.flat();
  }

  async function readNodes(keys: readonly string[]): Promise<ReadonlyMap<string, NodeRead | null>> {
    const nodes = await readEach([...new Set(keys)], async (key): Promise<[string, NodeRead | null]> => {
      const node = await zk.read(paths.document(root, key));
      return [key, node === null ? null : readNode(held, key, node.data)];
    });
    return new Map(nodes);
  }

  return {
    name: "policy",
    current: () => held.snapshot,
    refused: () => held.refused,
    onSnapshot: listeners.add,
    ready: ready.promise,
    async stop() {
      listeners.clear();
      clearTimeout(lookAgain);
      await loop.stop();
    },
  };
}

/**
 * Keys in which a reading under an earlier head may be older than this one; null: nobody can tell. A head that was written
 * anew at its revision stands for repairs, which no journal names.
 */
function movedSince(begun: WholeReading | null, head: PolicyHead): readonly string[] | null {
  const isLater = begun?.head.incarnation === head.incarnation && begun.head.revision < head.revision;
  return isLater ? changedSince(head, begun.head.revision) : null;
}

function withHead(held: HeldPolicy, reason: string): readonly RefusedDocument[] {
  return [
    ...held.refused.filter(({ key }) => key !== "head"),
    { key: "head", revision: held.snapshot.revision, reason },
  ];
}
