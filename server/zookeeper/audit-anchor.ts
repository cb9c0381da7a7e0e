import { z } from "zod";
import { canonicalJson } from "#domain/canonical-json.ts";
import type { ChainPosition } from "#domain/audit-chain.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { decode } from "./codec.ts";
import type { Election } from "./election.ts";
import { isCode } from "./failure.ts";
import { levelLoop } from "./level-loop.ts";
import { paths } from "./paths.ts";
import type { ZooKeeper } from "./session.ts";

const AuditAnchor = z.strictObject({
  v: z.literal(1),
  incarnation: z.string(),
  sequence: z.int().min(1),
  hash: z.string(),
  atMs: z.int(),
});

/** A position of the audit chain, kept where whoever can rewrite the database cannot. */
export type AuditAnchor = z.infer<typeof AuditAnchor>;

/** The audit log, as the anchor's keeper reads it. A rejection is retried. */
export interface AnchorSource {
  /** The chain's end, its database, the one it takes over from, and the hash of one entry (null: there is none). */
  read(sequence: number): Promise<{
    readonly incarnation: string;
    readonly supersedes: string | null;
    readonly end: ChainPosition;
    readonly hash: string | null;
  }>;
}

export interface AuditAnchorOptions {
  readonly root: string;
  readonly election: Election;
  readonly source: AnchorSource;
  readonly log: Log;
  /** How often it looks, ms. Default 5000. */
  readonly everyMs?: number;
  /** It writes after this many entries. Default 100. */
  readonly entries?: number;
  /** … or when the anchor is this old and there are new ones, ms. Default 60,000. */
  readonly ageMs?: number;
}

export interface AuditAnchorKeeper extends Part {
  /** The anchor as it stands, null when there is none that can be read. Rejects with ZooKeeperFailure. */
  read(): Promise<AuditAnchor | null>;
}

const BYTES_MAX = 4096;

/**
 * While this console leads, keeps the end of the audit chain in `<root>/audit-anchor`. It is moved on only by a log that
 * holds the entry it names: after a rollback, or when the whole log was made anew, it stays as the evidence, and an
 * operator who knows why removes the node.
 */
export function keepAuditAnchor(zk: ZooKeeper, options: AuditAnchorOptions): AuditAnchorKeeper {
  const { root, election, source, log } = options;
  const path = paths.auditAnchor(root);
  let complaint = "";
  const loop = levelLoop(zk, { name: "audit anchor", log, work: pass, everyMs: options.everyMs ?? 5000 });
  const stopListening = election.onChange(() => loop.wake());

  async function pass(): Promise<void> {
    const fence = election.node();
    if (fence === null || !election.isLeader()) return;
    const node = await zk.read(path);
    // It may have been made before access was closed, and is worth nothing where anybody can change it.
    if (node !== null) await zk.secure(path, "private", node);
    const anchor = node === null ? null : anchorIn(node.data);
    const chain = await source.read(anchor?.sequence ?? 0);
    if (chain.end.sequence === 0 || !isDue(anchor, chain)) return;
    const { sequence, hash } = chain.end;
    const data = Buffer.from(
      canonicalJson({ v: 1, incarnation: chain.incarnation, sequence, hash, atMs: Date.now() } satisfies AuditAnchor),
    );
    try {
      await zk.multi([
        { kind: "check", path: fence, version: -1 },
        node === null ? { kind: "create", path, data } : { kind: "set", path, data, version: node.version },
      ]);
    } catch (error) {
      // No longer leader, or another one wrote: the next pass reads what came of it.
      if (!isCode(error, "NO_NODE", "BAD_VERSION", "NODE_EXISTS")) throw error;
    }
  }

  function isDue(anchor: AuditAnchor | null, chain: Awaited<ReturnType<AnchorSource["read"]>>): boolean {
    if (anchor === null) return complain("");
    if (anchor.incarnation !== chain.incarnation) {
      const isTakenOver = anchor.incarnation === chain.supersedes;
      return complain(isTakenOver ? "" : "the audit anchor in ZooKeeper is another database's") && isTakenOver;
    }
    if (chain.hash !== anchor.hash)
      return complain(`the audit log does not hold the entry ${anchor.sequence} that was anchored in ZooKeeper`);
    const ageMs = Date.now() - anchor.atMs;
    const news = chain.end.sequence - anchor.sequence;
    return complain("") && (news >= (options.entries ?? 100) || (news > 0 && ageMs >= (options.ageMs ?? 60_000)));
  }

  /** Says a thing once; false when there is something to say. */
  function complain(text: string): boolean {
    if (text !== "" && text !== complaint) log.error(text);
    complaint = text;
    return text === "";
  }

  return {
    name: "audit anchor",
    async read() {
      const node = await zk.read(path);
      return node === null ? null : anchorIn(node.data);
    },
    async stop() {
      stopListening();
      await loop.stop();
    },
  };
}

function anchorIn(data: Buffer): AuditAnchor | null {
  const decoded = decode(data, AuditAnchor, BYTES_MAX);
  return decoded.ok ? decoded.value : null;
}
