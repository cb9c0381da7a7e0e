import type { RefusedDocument } from "#domain/gateway-info.ts";
import type { PolicyDocument, PolicyKey } from "#domain/policy.ts";
import type { PolicySnapshot } from "#domain/snapshot.ts";
import { heldBy, type DatabaseState } from "./model-database.ts";
import { peek, type Peeked } from "./peek.ts";
import type { Change, StoredNode } from "./simulated-server.ts";

/** What happened, so that a test can tell that it happened at all. */
export interface Tally {
  /** Transactions by which consoles changed policy. */
  commits: number;
  /** Snapshots that gateways applied. */
  snapshots: number;
  /** Tombstones deleted. */
  collected: number;
  /** Nodes put right that somebody else had changed. */
  repairs: number;
  /** Halts, and losses, that a person ended. */
  decisions: number;
}

interface Floor {
  incarnation: string;
  revision: number;
  /** By key: the latest revision applied, of a removal too. */
  readonly keys: Map<PolicyKey, number>;
}

/** How often a head is set back by one in a script, at most, without being put right. */
const SET_BACK_MAX = 5;

/** What a console wrote, and what its right to do so was. */
export interface Commit {
  readonly console: string;
  readonly changes: readonly Change[];
  /** The candidate node it relied on when it issued the request, and whether that existed when it was carried out. */
  readonly candidacy: string | null;
  readonly isCandidate: boolean;
}

/** Watches everything that is committed, written and applied, and remembers the first thing that must not happen. */
export class Oracle {
  violation: string | null = null;
  readonly tally: Tally = { commits: 0, snapshots: 0, collected: 0, repairs: 0, decisions: 0 };
  /** Whether anybody but Meshkeeper changed the mesh or the database, or one of them lost data. */
  meddled = false;
  readonly #head: string;
  readonly #policy: string;
  readonly #states = new Map<string, ReadonlyMap<PolicyKey, PolicyDocument>[]>();
  /** States that a restored database does not know, and that a person gave up. */
  readonly #lost = new WeakSet<ReadonlyMap<PolicyKey, PolicyDocument>>();
  readonly #removals = new Map<string, number>();
  readonly #saved = new Set<string>();
  /** Gateways that saw a tree that added up, since they last lost their disk. */
  readonly #settled = new Set<string>();
  /** What somebody else changed since a console last wrote it. */
  readonly #meddledWith = new Set<string>();
  /** Of these, what somebody made anew: its version is 0 again, so that an expected version may fit by chance. */
  readonly #remade = new Set<string>();
  readonly #gateways = new Map<string, Floor>();
  /** Latest revision written to each node, by path and incarnation, since ZooKeeper last lost data. */
  #written = new Map<string, number>();
  #buried = new Map<string, number>();
  /** Incarnations whose policy a person allowed to be written over. */
  readonly #superseded = new Set<string>();

  constructor(policy: string) {
    this.#policy = `${policy}/`;
    this.#head = `${policy}/head`;
  }

  fail(what: string): void {
    this.violation ??= what;
  }

  committed(state: DatabaseState, removed: readonly PolicyKey[] = []): void {
    const at = `${state.incarnation} ${state.revision}`;
    this.#states.set(at, [...(this.#states.get(at) ?? []), state.documents]);
    const remove = (key: string, revision: number): void => {
      const known = this.#removals.get(`${state.incarnation} ${key}`) ?? 0;
      this.#removals.set(`${state.incarnation} ${key}`, Math.max(known, revision));
    };
    for (const key of removed) remove(key, state.revision);
    for (const { key, revision, spec } of state.documents.values()) {
      if (spec === null) remove(key, revision);
      else this.#saved.add(`${key} ${markOf(spec)}`);
    }
  }

  superseded(incarnation: string): void {
    this.#superseded.add(incarnation);
  }

  /** ZooKeeper lost data: what it holds from here on says nothing about what it held. */
  lostData(): void {
    this.meddled = true;
    this.#written = new Map();
    this.#buried = new Map();
  }

  /** Somebody who is not Meshkeeper changed a node, or made one where there was none. */
  tampered(path: string, isNew: boolean): void {
    this.meddled = true;
    this.#meddledWith.add(path);
    if (isNew) this.#remade.add(path);
    else this.#remade.delete(path);
  }

  /**
   * A person gave up what the database lost: revisions begin again where it is. A gateway may still be about to apply, or
   * to tell of, what was lost; that it drops it afterwards is right.
   */
  gaveUp({ incarnation, revision }: DatabaseState): void {
    this.tally.decisions += 1;
    for (const [at, states] of this.#states) {
      const [of, saved] = at.split(" ");
      if (of === incarnation && Number(saved) > revision) for (const state of states) this.#lost.add(state);
    }
    for (const { keys } of this.#gateways.values()) keys.clear();
  }

  wrote(commit: Commit): void {
    const changes = commit.changes.filter(({ path }) => path.startsWith(this.#policy));
    if (changes.length === 0) return;
    this.tally.commits += 1;
    if (!commit.isCandidate) this.fail(`I4: ${commit.console} wrote, and its candidate node is gone`);
    for (const change of changes) {
      if (change.path === this.#head) this.#wroteHead(commit.console, change);
      else this.#wroteDocument(commit.console, change);
    }
    for (const { path, after } of changes) {
      if (this.#meddledWith.delete(path)) this.tally.repairs += 1;
      this.#remade.delete(path);
      if (after === null) this.tally.collected += 1;
    }
  }

  #wroteHead(by: string, { before, after }: Change): void {
    const [was, is] = [peekNode(before), peekNode(after)];
    if (is === null) return this.fail(`${by} left no head behind`);
    if (was === null) return;
    if (this.#remade.has(this.#head)) return;
    if (was.incarnation !== is.incarnation && was.count > 0 && !this.#superseded.has(was.incarnation))
      this.fail(`halt: ${by} wrote over the mesh of ${was.incarnation}`);
    if (was.incarnation === is.incarnation && was.revision > is.revision)
      this.fail(`I2: ${by} set the head back from ${was.revision} to ${is.revision}`);
  }

  #wroteDocument(by: string, { path, before, after }: Change): void {
    const is = peekNode(after) ?? (before?.genuine === true ? peekNode(before) : null);
    if (is === null) return;
    const node = `${path} ${is.incarnation}`;
    // Where all that told of it was wiped out, nobody can know of it.
    const isForgotten = this.#meddledWith.has(path) && this.#meddledWith.has(this.#head);
    const written = isForgotten ? 0 : (this.#written.get(node) ?? 0);
    if (is.revision < written) this.fail(`I2: ${by} set ${path} back from revision ${written} to ${is.revision}`);
    this.#written.set(node, is.revision);
    const isLive = after !== null && !is.isTombstone;
    const buried = isForgotten ? 0 : (this.#buried.get(node) ?? 0);
    if (isLive && is.revision <= buried) this.fail(`I3: ${by} brought ${path} back, removed at revision ${buried}`);
    if (!isLive) this.#buried.set(node, Math.max(buried, is.revision));
  }

  /** A gateway has a new snapshot, which it acknowledges. */
  applied(gateway: string, snapshot: PolicySnapshot, refused: readonly RefusedDocument[]): void {
    const objects = heldBy(snapshot);
    this.tally.snapshots += 1;
    if (snapshot.revision === 0 && objects.length === 0) return;
    const isSettled = this.#settled.has(gateway);
    if (refused.length === 0) this.#settled.add(gateway);
    for (const { key, mark } of objects) {
      if (!this.#saved.has(`${key} ${mark}`)) this.fail(`I8: ${gateway} believes what nobody saved as ${key}`);
    }
    const exact = this.#stateLike(snapshot);
    if (exact === undefined && (refused.length === 0 || !this.meddled))
      this.fail(`atomicity: ${gateway} applied what the database never was at revision ${snapshot.revision}`);
    if (isSettled || refused.length === 0) this.#checkFloor(gateway, snapshot, exact);
  }

  /** Its disk is gone: it knows nothing any more. */
  forgot(gateway: string): void {
    this.#gateways.delete(gateway);
    this.#settled.delete(gateway);
  }

  /** The saved state that this is. A head that somebody set back, and nothing else, describes a later one. */
  #stateLike(snapshot: PolicySnapshot): ReadonlyMap<PolicyKey, PolicyDocument> | undefined {
    const { incarnation, revision } = snapshot;
    const latest = this.meddled ? revision + SET_BACK_MAX : revision;
    for (let at = revision; at <= latest; at += 1) {
      const states = this.#states.get(`${incarnation} ${at}`) ?? [];
      const found = states.find((documents) => isSnapshotOf(snapshot, documents));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #checkFloor(
    gateway: string,
    snapshot: PolicySnapshot,
    exact: ReadonlyMap<PolicyKey, PolicyDocument> | undefined,
  ): void {
    const { incarnation, revision } = snapshot;
    const known = this.#gateways.get(gateway);
    const floor: Floor = known?.incarnation === incarnation ? known : { incarnation, revision, keys: new Map() };
    this.#gateways.set(gateway, floor);
    if (revision < floor.revision) this.fail(`I2: ${gateway} went back from ${floor.revision} to ${revision}`);
    floor.revision = revision;
    const objects = heldBy(snapshot);
    for (const [key, lowest] of floor.keys) {
      const held = objects.find((object) => object.key === key)?.revision;
      if (held === undefined && (this.#removals.get(`${incarnation} ${key}`) ?? 0) < lowest)
        this.fail(`I9: ${gateway} dropped ${key}, which was not removed`);
      if (held !== undefined && held < lowest)
        this.fail(`I2, I3: ${gateway} went back to revision ${held} of ${key} from ${lowest}`);
    }
    if (exact !== undefined && this.#lost.has(exact)) return;
    for (const { key, revision: at } of objects) floor.keys.set(key, at);
    for (const [key, row] of exact ?? []) floor.keys.set(key, row.revision);
  }
}

/** Whether a gateway's snapshot holds exactly these documents. */
export function isSnapshotOf(snapshot: PolicySnapshot, documents: ReadonlyMap<PolicyKey, PolicyDocument>): boolean {
  const objects = heldBy(snapshot);
  const live = [...documents.values()].filter(({ spec }) => spec !== null);
  const isAsSaved = ({ key, revision, created, mark }: (typeof objects)[number]): boolean => {
    const row = documents.get(key);
    return row?.revision === revision && row.created === created && markOf(row.spec) === mark;
  };
  return live.length === objects.length && objects.every(isAsSaved);
}

function peekNode(node: StoredNode | null): Peeked | null {
  return node === null ? null : peek(node.data);
}

function markOf(spec: unknown): number {
  return typeof spec === "object" && spec !== null && "createdAtMs" in spec ? Number(spec.createdAtMs) : -1;
}
