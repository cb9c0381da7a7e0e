import { POLICY_KINDS, policyKey, type PolicyDocument } from "#domain/policy.ts";
import type { BlockedNode, FullPass, Halt, PublisherReport, PublishRules } from "#domain/publishing.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { openCachedReader, readEach } from "./cached-reader.ts";
import { decodeDocument, decodeHead, encodeHead } from "./codec.ts";
import type { Election } from "./election.ts";
import { isCode, ZooKeeperFailure } from "./failure.ts";
import { levelLoop } from "./level-loop.ts";
import type { MultiOp } from "./operations.ts";
import { paths, splitKey } from "./paths.ts";
import {
  planPublish,
  toMultis,
  type DatabaseView,
  type FoundDrift,
  type Drift,
  type MeshView,
  type PublishPlan,
  type Stored,
} from "./plan-publish.ts";
import type { ZooKeeper } from "./session.ts";

/** The database, as the publisher reads it. Both reads are one consistent state each; a rejection is retried. */
export interface PolicySource {
  /** UUID made once per database. */
  incarnation(): Promise<string>;
  /** Highest revision and all documents, tombstones included. */
  readAll(): Promise<{ revision: number; documents: readonly PolicyDocument[] }>;
  /** Documents whose revision is greater than `after`, in order, and the highest revision. */
  readSince(after: number): Promise<{ revision: number; documents: readonly PolicyDocument[] }>;
  /** What people decided; read when something drifted or another database's policy was found. */
  rules(): Promise<PublishRules>;
  /** Keys of objects that were removed before this moment (Unix epoch, ms). */
  tombstonesBefore(atMs: number): Promise<readonly string[]>;
}

/** Published policy as it is in ZooKeeper, whoever published it. */
export interface PublishedPolicy {
  /** Empty when nothing is published. */
  readonly incarnation: string;
  readonly revision: number;
  /** Tombstones included. */
  readonly documents: readonly { readonly key: string; readonly revision: number; readonly spec: unknown }[];
  readonly unreadable: readonly { readonly key: string; readonly problem: string }[];
}

export interface PublisherOptions {
  readonly root: string;
  readonly election: Election;
  readonly source: PolicySource;
  readonly log: Log;
  /** Called when the head was seen at another revision, whoever moved it. */
  readonly onPublished?: (revision: number) => void;
  /** Called before a node that is not what was published is repaired, once per finding. A rejection postpones the repair. */
  readonly onDrift?: (drift: FoundDrift) => Promise<void>;
  /** Called with standing findings whose node is as it should be again. */
  readonly onSettled?: (keys: readonly string[]) => Promise<void>;
  /** Called when what it says of itself has changed, and after each full pass. */
  readonly onReport?: (report: PublisherReport) => void;
  /** Everything is compared anew this often, ± 20 %, ms. Default 60,000. */
  readonly everyMs?: number;
}

export interface PublisherStatus {
  /** Revision of the head in ZooKeeper; null when it cannot be read just now, or there is none. */
  readonly publishedRevision: number | null;
  /** Why publishing stands still, for people; empty when it does not. */
  readonly halted: string;
  readonly halt: Halt | null;
  readonly blocked: readonly BlockedNode[];
  readonly lastFullPass: FullPass | null;
}

export interface Publisher extends Part {
  /** Something was saved. */
  wake(): void;
  /** Compares everything anew, now. */
  checkNow(): void;
  /** Reads all that is published. Rejects with ZooKeeperFailure. */
  survey(): Promise<PublishedPolicy>;
  status(): PublisherStatus;
}

/**
 * Keeps ZooKeeper the projection of the database while this console leads, and follows the head when it does not. It is
 * a reconcile loop: whatever wakes it, it reads ZooKeeper, then the database, and writes the difference.
 */
export function publishPolicy(zk: ZooKeeper, options: PublisherOptions): Publisher {
  const { root, election, source, log } = options;
  let published: number | null = null;
  let halted = "";
  let known: DatabaseView | null = null;
  const reported = new Set<string>();

  const reader = openCachedReader(zk, { onStale: () => loop.wake() });
  const startOver = (): void => {
    reader.forgetAll();
    known = null;
  };
  const loop = levelLoop(zk, {
    name: "publisher",
    log,
    work: pass,
    everyMs: options.everyMs ?? 60_000,
    onPeriod: startOver,
  });
  const stopListening = election.onChange(() => {
    known = null;
    loop.wake();
  });

  async function pass(signal: AbortSignal): Promise<void> {
    const head = await readHead();
    noticePublished(head?.decoded.ok === true ? head.decoded.value.revision : null);
    if (!election.isLeader()) {
      setHalted("");
      reader.sweep();
      return;
    }
    const mesh: MeshView = { head, documents: await readDocuments() };
    reader.sweep();
    let plan = planPublish(mesh, await readDatabase());
    if (plan.kind === "halt") {
      // The database may have moved on between the two readings: only what a second look confirms is true.
      known = null;
      plan = planPublish(mesh, await readDatabase());
    }
    setHalted(plan.kind === "halt" ? plan.reason : "");
    if (plan.kind !== "write" || signal.aborted) return;
    await reportDrift(plan.drift, mesh);
    await carryOut(plan, head?.version ?? null);
  }

  async function readHead(): Promise<MeshView["head"]> {
    const node = await reader.node(paths.head(root));
    return node === null ? null : { version: node.version, data: node.data, decoded: decodeHead(node.data) };
  }

  async function readDocuments(): Promise<MeshView["documents"]> {
    const documents = new Map<string, Stored<PolicyDocument>>();
    for (const kind of POLICY_KINDS) {
      const folder = paths.kind(root, kind);
      const ids = await reader.children(folder);
      if (ids === null) await zk.ensurePath(folder);
      await readEach(ids ?? [], async (id) => {
        const key = policyKey(kind, id);
        const node = await reader.node(paths.document(root, key));
        if (node === null) return;
        const decoded = decodeDocument(node.data);
        const misplaced = decoded.ok && (decoded.value.key !== key || splitKey(key) === null);
        documents.set(key, {
          version: node.version,
          data: node.data,
          decoded: misplaced ? { ok: false, problem: "it names another object" } : decoded,
        });
      });
    }
    return documents;
  }

  /** Reads what changed since the last time, or everything when there was none. */
  async function readDatabase(): Promise<DatabaseView> {
    const incarnation = await source.incarnation();
    const previous = known?.incarnation === incarnation ? known : null;
    const news = previous === null ? await source.readAll() : await source.readSince(previous.revision);
    if (previous !== null && news.revision < previous.revision) {
      known = null; // the database went back in time: read all of it
      return readDatabase();
    }
    const documents = new Map(previous?.documents);
    for (const document of news.documents) documents.set(document.key, document);
    known = { incarnation, revision: news.revision, documents };
    return known;
  }

  async function reportDrift(drift: readonly Drift[], mesh: MeshView): Promise<void> {
    for (const found of drift) {
      const version = found.key === "head" ? mesh.head?.version : mesh.documents.get(found.key)?.version;
      const finding = `${found.key} ${version ?? "missing"} ${found.problem}`;
      if (reported.has(finding)) continue;
      log.warn(
        { key: found.key, problem: found.problem },
        "drift: a published node was changed behind our back; repairing",
      );
      await options.onDrift?.({ ...found, foundHash: "", action: "repair" });
      reported.add(finding);
    }
  }

  async function carryOut(plan: Extract<PublishPlan, { kind: "write" }>, headVersion: number | null): Promise<void> {
    const fence = election.node();
    if (fence === null || !election.isLeader()) return;
    const path = paths.head(root);
    const data = encodeHead(plan.head);
    const head: MultiOp =
      headVersion === null ? { kind: "create", path, data } : { kind: "set", path, data, version: headVersion };
    try {
      for (const multi of toMultis(root, fence, plan.documents, head)) await zk.multi(multi);
    } catch (error) {
      // Whatever happened, what was read no longer holds. Nothing is repeated: the next pass reads and plans anew.
      reader.forgetAll();
      if (isCode(error, "NO_NODE") && error.opIndex === 0) return; // the fence: no longer leader; the election will say when that changes
      if (isCode(error, "BAD_VERSION", "NODE_EXISTS", "NO_NODE")) return loop.wake();
      if (error instanceof ZooKeeperFailure && error.kind === "unknown")
        log.info({ err: error }, "nobody knows whether this was published; reading to find out");
      throw error;
    }
    // Hints say so too, except for nodes beyond the watch budget.
    for (const { document } of plan.documents) reader.forget(paths.document(root, document.key));
    reported.clear();
    log.info({ revision: plan.head.revision, documents: plan.documents.length }, "published");
    noticePublished(plan.head.revision);
  }

  function noticePublished(revision: number | null): void {
    if (revision === published) return;
    published = revision;
    if (revision === null) return;
    try {
      options.onPublished?.(revision);
    } catch (error) {
      log.error({ err: error }, "a listener of the publisher threw");
    }
  }

  function setHalted(reason: string): void {
    if (reason === halted) return;
    halted = reason;
    if (reason === "") log.info("publishing goes on");
    else log.error({ reason }, "publishing is halted");
  }

  return {
    name: "publisher",
    wake: () => loop.wake(),
    checkNow() {
      startOver();
      loop.wake();
    },
    async survey() {
      const head = await readHead();
      const documents = await readDocuments();
      const found = { documents: [...documents] };
      return {
        incarnation: head?.decoded.ok === true ? head.decoded.value.incarnation : "",
        revision: head?.decoded.ok === true ? head.decoded.value.revision : 0,
        documents: found.documents.flatMap(([, { decoded }]) => (decoded.ok ? [decoded.value] : [])),
        unreadable: found.documents.flatMap(([key, { decoded }]) =>
          decoded.ok ? [] : [{ key, problem: decoded.problem }],
        ),
      };
    },
    status: () => ({
      publishedRevision: zk.status().session === "live" ? published : null,
      halted,
      halt: null,
      blocked: [],
      lastFullPass: null,
    }),
    async stop() {
      stopListening();
      await loop.stop();
    },
  };
}
