import type { BlockedNode, FullPass, Halt, PublisherReport } from "#domain/publishing.ts";
import { systemClock, type Clock } from "#platform/clock.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import type { Election } from "./election.ts";
import type { Applied } from "./gateways-ahead.ts";
import { levelLoop, type OpenLoop } from "./level-loop.ts";
import type { NodeOperations } from "./operations.ts";
import type { FoundDrift } from "./plan-publish.ts";
import { PublishPass, type PassResult } from "./publish-pass.ts";
import type { PolicySource } from "./database-reading.ts";
import type { SessionLink } from "./session-link.ts";
import { surveyMesh, type SurveyedMesh } from "./survey-mesh.ts";

export interface PublisherOptions {
  readonly root: string;
  readonly consoleId: string;
  readonly election: Election;
  readonly source: PolicySource;
  readonly log: Log;
  readonly clock?: Clock;
  /** Called when the head was seen at another revision, whoever moved it, and again after each comparison of everything. */
  readonly onPublished?: (revision: number, incarnation: string) => void;
  /** Called before a node that is not what was published is repaired, and when it is held; once per finding. A rejection postpones the repair. */
  readonly onDrift?: (drift: FoundDrift) => void | Promise<void>;
  /** Called with standing findings whose node is as it should be again. */
  readonly onSettled?: (keys: readonly string[]) => void | Promise<void>;
  /** Called when there is something new to say, and after each comparison of everything; only while this console leads. */
  readonly onReport?: (report: PublisherReport) => void;
  /** Lowest revision that any gateway has applied; null when that is not known, and then no tombstone is deleted. */
  readonly appliedEverywhere?: () => number | null;
  /** What gateways say they have applied; one that is ahead of what is published is looked into at once. */
  readonly gateways?: AppliedWatch;
  /** Everything is compared anew this often, ± 20 %, ms. Default 60,000. */
  readonly everyMs?: number;
  /** How long an object has to have been removed before its node is deleted, ms. Default 24 h. */
  readonly tombstoneMs?: number;
  /** Default: `levelLoop`. */
  readonly openLoop?: OpenLoop;
}

/** The gateways' acknowledgements, as last read. */
export interface AppliedWatch {
  current(): { readonly acknowledgements: readonly Applied[] };
  /** Returns its undo. */
  onChange(listener: () => void): () => void;
}

export interface PublisherStatus {
  /** Revision of the head in ZooKeeper; null when it cannot be read just now, or there is none. */
  readonly publishedRevision: number | null;
  /** Incarnation of the database whose head that is; null when there is none. */
  readonly publishedBy: string | null;
  /** Why publishing stands still, as far as this console knows; null when it does not. */
  readonly halt: Halt | null;
  readonly blocked: readonly BlockedNode[];
  /** This console's own; null before the first. */
  readonly lastFullPass: FullPass | null;
}

export interface Publisher extends Part {
  /** Something was saved, or decided. */
  wake(): void;
  /** Compares everything now, when this console leads. */
  checkNow(): void;
  status(): PublisherStatus;
  /** Reads everything that is published, whoever did. @throws ZooKeeperFailure. */
  survey(): Promise<SurveyedMesh>;
}

const DAY_MS = 86_400_000;

/**
 * Keeps ZooKeeper the projection of the database while this console leads, and follows the head when it does not. It is
 * a reconcile loop: whatever wakes it, it reads ZooKeeper, then the database, and writes the difference.
 */
export function publishPolicy(zk: SessionLink & NodeOperations, options: PublisherOptions): Publisher {
  const { root, election, source, log } = options;
  const clock = options.clock ?? systemClock;
  let status: PublisherStatus = {
    publishedRevision: null,
    publishedBy: null,
    halt: null,
    blocked: [],
    lastFullPass: null,
  };
  let isFull = true;
  let reported = "";

  const publishing = new PublishPass(zk, {
    root,
    source,
    candidate: () => (election.isLeader() ? election.node() : null),
    applied: () => options.gateways?.current().acknowledgements ?? [],
    onStale: () => loop.wake(),
    onDrift: reportDrift,
    onSettled: async (keys) => options.onSettled?.(keys),
  });
  const loop = (options.openLoop ?? levelLoop)(zk, {
    name: "publisher",
    log,
    work: pass,
    everyMs: options.everyMs ?? 60_000,
    onPeriod: () => (isFull = true),
  });
  const compareAll = (): void => {
    isFull = true;
    loop.wake();
  };
  const stopListening = [
    election.onChange(compareAll),
    options.gateways?.onChange(lookAtGateways) ?? ((): void => undefined),
    // What happened while the connection was gone, no hint tells of nodes beyond the watch budget.
    zk.onStatus(({ session }) => {
      if (session === "live") compareAll();
    }),
  ];

  async function pass(signal: AbortSignal): Promise<void> {
    if (!election.isLeader()) {
      noticePublished(await publishing.follow());
      become({ halt: null, blocked: [] });
      isFull = true;
      return;
    }
    const full = isFull;
    // Cleared before the pass: what is asked for meanwhile is another one.
    isFull = false;
    if (full) publishing.compareAll();
    const startedMs = clock.monotonicMs();
    let result: PassResult;
    try {
      result = await publishing.run(signal);
      if (full && result.halt === null) await collect();
    } catch (error) {
      isFull ||= full;
      throw error;
    }
    const took = Math.round(clock.monotonicMs() - startedMs);
    become({
      halt: result.halt,
      blocked: result.blocked,
      ...(full && {
        lastFullPass: { atMs: clock.nowMs(), tookMs: took, documents: result.compared, writes: result.writes },
      }),
    });
    // Once it is known whether something stands in the way: then the head says nothing of what was saved.
    noticePublished(result, full);
    if (result.writes > 0) log.info({ revision: result.published, writes: result.writes }, "published");
    if (result.again) loop.wake();
  }

  /** What a gateway has applied was published; if not by this console's account, then it has to be looked into. */
  function lookAtGateways(): void {
    const { publishedRevision, publishedBy } = status;
    const isAhead = ({ incarnation, revision }: Applied): boolean =>
      publishedRevision === null || (incarnation === publishedBy && revision > publishedRevision);
    if (options.gateways?.current().acknowledgements.some(isAhead) === true) loop.wake();
  }

  async function collect(): Promise<void> {
    const applied = options.appliedEverywhere?.() ?? null;
    if (applied === null) return;
    const nowMs = clock.nowMs();
    const count = await publishing.collect(nowMs - (options.tombstoneMs ?? DAY_MS), applied, nowMs);
    if (count > 0) log.info({ count }, "deleted nodes of objects removed long ago");
  }

  async function reportDrift(drift: FoundDrift): Promise<void> {
    const { key, problem, action } = drift;
    log.warn({ key, problem, action }, "drift: a published node was changed behind our back");
    await options.onDrift?.(drift);
  }

  function noticePublished(
    { published, publishedBy }: Pick<PassResult, "published" | "publishedBy">,
    isToldAgain = false,
  ): void {
    const isNews = published !== status.publishedRevision || publishedBy !== status.publishedBy;
    if (!isNews && !isToldAgain) return;
    status = { ...status, publishedRevision: published, publishedBy };
    if (published === null || publishedBy === null) return;
    try {
      options.onPublished?.(published, publishedBy);
    } catch (error) {
      log.error({ err: error }, "a listener of the publisher threw");
    }
  }

  function become(next: Partial<PublisherStatus>): void {
    const halted = status.halt?.reason;
    status = { ...status, ...next };
    if (status.halt?.reason !== halted) {
      if (status.halt === null) log.info("publishing goes on");
      else log.error({ reason: status.halt.reason }, "publishing is halted");
    }
    report();
  }

  /** Says a thing once. */
  function report(): void {
    if (!election.isLeader()) return void (reported = "");
    const { halt, blocked, lastFullPass } = status;
    const news = JSON.stringify([halt, blocked, lastFullPass]);
    if (news === reported) return;
    reported = news;
    options.onReport?.({ consoleId: options.consoleId, atMs: clock.nowMs(), halt, blocked, lastFullPass });
  }

  return {
    name: "publisher",
    wake: () => loop.wake(),
    checkNow: compareAll,
    status: () => ({ ...status, publishedRevision: zk.status().session === "live" ? status.publishedRevision : null }),
    survey: () => surveyMesh(zk, root),
    async stop() {
      for (const stop of stopListening) stop();
      await loop.stop();
    },
  };
}
