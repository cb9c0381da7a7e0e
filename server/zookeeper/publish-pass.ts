import { findingKey } from "#domain/drift.ts";
import type { PolicyHead } from "#domain/policy.ts";
import type { BlockedNode, Halt, PublishRules } from "#domain/publishing.ts";
import { encodeHead } from "./codec.ts";
import { DatabaseMirror } from "./database-mirror.ts";
import type { DatabaseReading, PolicySource } from "./database-reading.ts";
import { isCode, ZooKeeperFailure } from "./failure.ts";
import type { Applied } from "./gateways-ahead.ts";
import { MeshMirror, type MeshStore } from "./mesh-mirror.ts";
import type { MultiOp, NodeOperations } from "./operations.ts";
import { paths } from "./paths.ts";
import { NO_RULES, planPublish, type FoundDrift, type PublishPlan } from "./plan-publish.ts";
import { findingId, firstDrift } from "./drift-batch.ts";
import { Tombstones } from "./tombstones.ts";
import { headOp, removeAll, toMultis } from "./publish-multis.ts";

/** The calls of ZooKeeper that publishing makes. */
export type PublishStore = MeshStore & Pick<NodeOperations, "multi">;

export interface PublishPassOptions {
  readonly root: string;
  readonly source: PolicySource;
  /** Path of our candidate node while we lead; null while we do not. Asked just before anything is written. */
  readonly candidate: () => string | null;
  /** What gateways say they have applied; left out: nobody asks. */
  readonly applied?: () => readonly Applied[];
  /** Called when a hint says that another pass is due. */
  readonly onStale: () => void;
  /** Called before a repair, and when drift is held; once per finding. A rejection postpones the repair. */
  readonly onDrift: (drift: FoundDrift) => Promise<void>;
  /** Called with standing findings whose node is as it should be again. */
  readonly onSettled: (keys: readonly string[]) => Promise<void>;
}

/** What one pass came to. */
export interface PassResult {
  /** Revision of the head as this pass left it; null when there is none, or it cannot be read. */
  readonly published: number | null;
  /** Which database's that head is; null when there is none. */
  readonly publishedBy: string | null;
  readonly halt: Halt | null;
  readonly blocked: readonly BlockedNode[];
  /** Documents and heads written. */
  readonly writes: number;
  /** Documents compared. */
  readonly compared: number;
  /** True when another pass is due at once: somebody else wrote meanwhile. */
  readonly again: boolean;
}

/** Nodes that turned out to be closed to us in one pass; more wait for the next. */
const BLOCKED_MAX = 50;

/**
 * Makes ZooKeeper the projection of the database, one pass at a time: reads ZooKeeper, then the database, then writes the
 * difference in transactions that fail when we do not lead. It remembers both sides, so that a pass costs what has
 * changed since the one before; `compareAll` makes the next one read and compare everything. A rejected pass has to be
 * repeated; whatever it had done, the next one finds out by reading.
 */
export class PublishPass {
  readonly #zk: PublishStore;
  readonly #options: PublishPassOptions;
  readonly #mesh: MeshMirror;
  #database: DatabaseMirror | null = null;
  /** Keys of which either side may have changed since both were last found the same. */
  #suspects = new Set<string>();
  readonly #blocked = new Map<string, BlockedNode>();
  /** Of removed objects, those whose nodes could not be deleted last time. */
  #undeleted: readonly BlockedNode[] = [];
  readonly #tombstones = new Tombstones();
  /** Findings put on record that are still as they were found. */
  #reported = new Set<string>();
  /** Whether people's decisions may matter: something stood when they were last read, or they never were. */
  #standing = true;
  /** Standing findings that turned out to be over. */
  #settled: readonly string[] = [];
  /** Revision of the head this pass wrote. */
  #written: PolicyHead | null = null;

  constructor(zk: PublishStore, options: PublishPassOptions) {
    this.#zk = zk;
    this.#options = options;
    this.#mesh = new MeshMirror(zk, options.root, options.onStale);
  }

  /** The next pass reads everything anew, on both sides, and compares it all. */
  compareAll(): void {
    this.#mesh.staleAll();
    this.#database = null;
    this.#blocked.clear();
    this.#standing = true;
  }

  /** For one that does not lead: reads the head alone, and keeps nothing else. */
  async follow(): Promise<Pick<PassResult, "published" | "publishedBy">> {
    if (this.#mesh.documents.size > 0) this.#mesh.clear();
    this.#database = null;
    this.#suspects.clear();
    // What becomes of findings is the leader's business from now on.
    this.#reported.clear();
    this.#standing = true;
    this.#tombstones.clear();
    this.#written = null;
    await this.#mesh.readHead();
    return this.#published();
  }

  /** One pass of one that leads. */
  async run(signal: AbortSignal): Promise<PassResult> {
    this.#written = null;
    await this.#mesh.readHead();
    if (this.#mesh.refused.has("head")) return this.#standstill();
    for (const key of await this.#mesh.readDocuments()) this.#suspects.add(key);
    const applied = this.#options.applied?.() ?? [];
    // ZooKeeper first, then the database: the other way round an older state could be written over a newer one.
    await this.#readDatabase();
    const compared = this.#suspects.size;
    const plan = await this.#plan(applied);
    await this.#settle(plan);
    this.#suspects = new Set([...plan.differing, ...this.#mesh.refused.keys()]);
    let writes = 0;
    let again = false;
    if (plan.halt === null && !signal.aborted) {
      // A finding that is over is a new one when the same is found again: a node that is deleted twice.
      this.#reported = new Set(plan.drift.map(findingId).filter((id) => this.#reported.has(id)));
      const { now, isMore } = firstDrift(plan, (id) => this.#reported.has(id), this.#published().published ?? 0);
      for (const drift of now.drift) await this.#report(drift);
      ({ writes, again } = await this.#write(now));
      again ||= isMore;
    }
    return { ...this.#published(), halt: plan.halt, blocked: this.#blockedNodes(), writes, compared, again };
  }

  /** Without the head nothing can be published, nor said to be. */
  #standstill(): PassResult {
    return { ...this.#published(), halt: null, blocked: this.#blockedNodes(), writes: 0, compared: 0, again: false };
  }

  /**
   * Deletes the nodes of objects removed before `atMs` (Unix epoch) that nobody needs any more: `applied` is the lowest
   * revision any gateway has applied. Those that cannot be deleted are named as blocked. The same for what a stranger had made
   * and was removed, once it has been known since before `atMs` at `nowMs`.
   */
  async collect(atMs: number, applied: number, nowMs = atMs): Promise<number> {
    this.#undeleted = [];
    const removed = await this.#options.source.tombstonesBefore(atMs);
    const due = { removed, applied, atMs, nowMs };
    const keys = this.#tombstones.collectable(this.#mesh.documents, this.#database, due);
    const ops = keys.map((key): MultiOp => {
      const path = paths.document(this.#options.root, key);
      return { kind: "remove", path, version: this.#mesh.documents.get(key)?.version ?? 0 };
    });
    const candidate = this.#options.candidate();
    if (ops.length === 0 || candidate === null) return 0;
    this.#mesh.stale(keys);
    try {
      const outcome = await removeAll(this.#zk, candidate, ops);
      this.#undeleted = outcome.kept;
      return outcome.removed;
    } catch (error) {
      // No longer leader, or somebody was faster: a later pass deletes what is left.
      if (!isCode(error, "NO_NODE", "BAD_VERSION")) throw error;
      return 0;
    }
  }

  #published(): Pick<PassResult, "published" | "publishedBy"> {
    const decoded = this.#mesh.head?.decoded;
    const head = this.#written ?? (decoded?.ok === true ? decoded.value : null);
    return { published: head?.revision ?? null, publishedBy: head?.incarnation ?? null };
  }

  #blockedNodes(): readonly BlockedNode[] {
    return [...new Map([...this.#blocked, ...this.#mesh.refused]).values(), ...this.#undeleted];
  }

  /** Reads what changed since the last time, or everything when there was none. */
  async #readDatabase(): Promise<DatabaseMirror> {
    const previous = this.#database;
    const news = await this.#options.source.readSince(previous?.readFrom ?? 0);
    if (previous === null) return this.#takeWhole(news);
    const { incarnation, revision } = news;
    const isSame = incarnation === previous.incarnation && revision >= previous.revision;
    // Another database, or a backup of this one.
    if (!isSame || !previous.isBefore(news.documents)) return this.#takeWhole(await this.#options.source.readSince(0));
    const documents = news.documents.filter((document) => document.revision > previous.revision);
    for (const { key } of documents) this.#suspects.add(key);
    previous.take(revision, documents);
    return previous;
  }

  #takeWhole({ incarnation, revision, documents }: DatabaseReading): DatabaseMirror {
    const database = new DatabaseMirror(incarnation);
    database.take(revision, documents);
    this.#suspects = new Set([...database.documents.keys(), ...this.#mesh.documents.keys()]);
    this.#database = database;
    return database;
  }

  async #plan(applied: readonly Applied[]): Promise<PublishPlan> {
    const comparable = (): string[] => [...this.#suspects].filter((key) => !this.#mesh.refused.has(key));
    const database = this.#database ?? (await this.#readDatabase());
    const plan = planPublish(this.#mesh, database, comparable(), NO_RULES, applied);
    if (plan.drift.length === 0 && plan.halt === null && !this.#standing) return plan;
    const rules = await this.#options.source.rules();
    const ruled = planPublish(this.#mesh, database, comparable(), rules, applied);
    // A halt may be one that only the rules tell of from now on.
    this.#standing = rules.standing.size > 0 || ruled.halt !== null;
    if (ruled.halt === null) return this.#settling(ruled, rules);
    // The database may have moved on between the two readings: only what a second look confirms is true.
    this.#database = null;
    const fresh = await this.#readDatabase();
    return this.#settling(planPublish(this.#mesh, fresh, comparable(), rules, applied), rules);
  }

  #settling(plan: PublishPlan, rules: PublishRules): PublishPlan {
    const open = new Set([...plan.differing, ...this.#mesh.refused.keys()].map(findingKey));
    this.#settled = [...rules.standing.keys()].filter((key) => !open.has(key));
    return plan;
  }

  async #settle(plan: PublishPlan): Promise<void> {
    if (plan.halt !== null || this.#settled.length === 0) return;
    await this.#options.onSettled(this.#settled);
    this.#settled = [];
  }

  async #report(drift: FoundDrift): Promise<void> {
    const id = findingId(drift);
    if (this.#reported.has(id)) return;
    await this.#options.onDrift(drift);
    this.#reported.add(id);
    this.#standing = true;
  }

  async #write(plan: PublishPlan): Promise<{ writes: number; again: boolean }> {
    const candidate = this.#options.candidate();
    if (plan.head === null || candidate === null) return { writes: 0, again: false };
    const open = plan.writes.filter(({ document }) => !this.#blocked.has(document.key));
    const isHeadRight = this.#mesh.head?.data.equals(encodeHead(plan.head)) === true;
    if (this.#blocked.has("head") || (open.length === 0 && isHeadRight)) return { writes: 0, again: false };
    const { root } = this.#options;
    try {
      for (const multi of toMultis(root, candidate, open, headOp(root, plan.head, this.#mesh.head)))
        await this.#multi(multi);
    } catch (error) {
      return { writes: 0, again: this.#afterFailure(error, plan) };
    }
    const written = open.map(({ document }) => document.key);
    this.#mesh.stale(["head", ...written]);
    this.#mesh.takeUp(written);
    for (const { document } of plan.writes) if (this.#blocked.has(document.key)) this.#mesh.leaveOut(document.key);
    this.#written = plan.head;
    for (const drift of plan.drift)
      if (drift.action === "repair" && !this.#blocked.has(drift.key)) this.#reported.delete(findingId(drift));
    return { writes: open.length + 1, again: false };
  }

  async #multi(ops: readonly MultiOp[]): Promise<void> {
    try {
      await this.#zk.multi(ops);
    } catch (error) {
      // Which node it is only the transaction knows.
      if (isCode(error, "NO_AUTH") && error.opIndex !== null && error.opIndex > 0) this.#block(ops[error.opIndex]);
      throw error;
    }
  }

  #block(op: MultiOp | undefined): void {
    if (op === undefined) return;
    const key = op.path.slice(paths.policy(this.#options.root).length + 1);
    this.#blocked.set(key, { path: op.path, problem: "ZooKeeper does not let us write it: NO_AUTH" });
  }

  /** Whatever happened, what was read no longer holds. Nothing is repeated: the next pass reads and plans anew. */
  #afterFailure(error: unknown, plan: PublishPlan): boolean {
    this.#mesh.stale(["head", ...plan.writes.map(({ document }) => document.key)]);
    // The fence: no longer leader; the election will say when that changes.
    if (isCode(error, "NO_NODE") && error.opIndex === 0) return false;
    if (isCode(error, "BAD_VERSION", "NODE_EXISTS", "NO_NODE")) return true;
    if (isCode(error, "NO_AUTH") && error.opIndex !== null && error.opIndex > 0)
      return this.#blocked.size <= BLOCKED_MAX;
    if (error instanceof ZooKeeperFailure && error.kind === "unknown") return true;
    throw error;
  }
}
