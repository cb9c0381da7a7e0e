import { anchorSource } from "#control/anchor-source.ts";
import type { ControlDeps } from "#control/edit.ts";
import { doLeaderChores, type LeaderChores } from "#control/leader-chores.ts";
import { markDelivered } from "#control/mark-delivered.ts";
import { policySource } from "#control/policy-source.ts";
import { watchPolicy, type PolicyView } from "#control/policy-view.ts";
import { recordDrift, settleDrift } from "#control/record-drift.ts";
import { recordPublishing } from "#control/record-publishing.ts";
import type { Database } from "#db/client.ts";
import { failpoint } from "#platform/failpoint.ts";
import type { Lifecycle } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { keepAccessLists, type AccessListKeeper } from "#zookeeper/access-lists.ts";
import { keepAuditAnchor, type AuditAnchorKeeper } from "#zookeeper/audit-anchor.ts";
import { standForElection, type Election } from "#zookeeper/election.ts";
import { watchGateways, type GatewayWatch } from "#zookeeper/gateway-presence.ts";
import { keepFolders } from "#zookeeper/mesh-folders.ts";
import { publishPolicy, type Publisher } from "#zookeeper/policy-publisher.ts";
import type { PolicySource } from "#zookeeper/database-reading.ts";
import { openZooKeeper, type ZooKeeper, type ZooKeeperOptions } from "#zookeeper/session.ts";
import { appliedEverywhere } from "./applied-everywhere.ts";
import { haltOf } from "./sync-status.ts";

export interface PublishingOptions {
  readonly database: Database;
  readonly zookeeper: Omit<ZooKeeperOptions, "role" | "log">;
  readonly root: string;
  readonly consoleId: string;
  /** Folders of registries in which consoles make folders too. Default: none. */
  readonly registries?: readonly string[];
  /** Findings of drift that are over are kept this long, days. Default: the leader's chores'. */
  readonly driftDays?: number;
  readonly log: Log;
  readonly onHealthSaved?: () => void;
  /** Everything is compared anew this often, ms. Default: the publisher's. */
  readonly everyMs?: number;
  /** For those who look on: what they return is used instead. */
  readonly observe?: {
    readonly zk: (zk: ZooKeeper) => ZooKeeper;
    readonly source: (source: PolicySource) => PolicySource;
  };
}

/** The parts of a console that save and publish policy. */
export interface Publishing {
  readonly deps: ControlDeps;
  readonly zk: ZooKeeper;
  readonly election: Election;
  readonly accessLists: AccessListKeeper;
  readonly isLeader: () => boolean;
  /** Whether this console is to write what is recorded of traffic and breakers. */
  readonly mayRecord: () => boolean;
  readonly directory: GatewayWatch;
  readonly publisher: Publisher;
  readonly view: PolicyView;
  readonly anchor: AuditAnchorKeeper;
  readonly chores: LeaderChores;
}

/** Puts together what saves and publishes policy; each part is stopped in reverse by `lifecycle`. */
export async function composePublishing(options: PublishingOptions, lifecycle: Lifecycle): Promise<Publishing> {
  const { database, root, consoleId, log, onHealthSaved, everyMs, driftDays } = options;
  const { zk: observed, source: observedSource } = options.observe ?? { zk: same, source: same };
  const deps: ControlDeps = {
    database,
    onEdit: () => {
      view.refresh();
      publisher.wake();
    },
    onDecision: () => view.refresh(),
    ...(onHealthSaved !== undefined && { onHealthSaved }),
  };
  const { previousAuth, ...credential } = options.zookeeper;
  const session = { ...credential, role: "owner" as const, log };
  const zk = observed(await lifecycle.start(() => openZooKeeper({ ...session, previousAuth })));
  const alone = previousAuth === undefined ? null : await lifecycle.start(() => openZooKeeper(session));
  await lifecycle.start(() => keepFolders(zk, root, log));
  const election = await lifecycle.start(() => standForElection(zk, root, consoleId, log));
  const { registries = [] } = options;
  const accessLists = await lifecycle.start(() => keepAccessLists(zk, { root, registries, alone, election, log }));
  const isLeader = (): boolean => election.isLeader();
  // Without ZooKeeper nobody is known to lead, and what is recorded is written once all the same, whoever does.
  const mayRecord = (): boolean => isLeader() || zk.status().state !== "up";
  const record = await lifecycle.start(() =>
    recordPublishing(deps, { isLeader, incarnation: () => view.current().incarnation, log }),
  );
  const directory = await lifecycle.start(() => watchGateways(zk, root, log));
  directory.onChange(({ acknowledgements }) => record.observe(acknowledgements));
  const publisher = await lifecycle.start(() =>
    publishPolicy(zk, {
      root,
      consoleId,
      election,
      source: observedSource(policySource(deps)),
      log,
      gateways: directory,
      ...(everyMs !== undefined && { everyMs }),
      appliedEverywhere: () => appliedEverywhere(directory.current(), view.current().incarnation),
      onPublished(revision, incarnation) {
        // A head that is another database's, or ahead of ours, says nothing of our edits.
        if (haltOf({ view, publisher, election }) !== null) return;
        void noteDelivery(deps, revision, incarnation, log);
      },
      async onDrift(drift) {
        failpoint("drift.found");
        await recordDrift(deps, drift);
        failpoint("drift.recorded");
      },
      onSettled: (keys) => settleDrift(deps, keys),
      onReport: (report) => record.report(report),
    }),
  );
  // Tells of other consoles' edits.
  const view = await lifecycle.start(() =>
    watchPolicy(deps, { log, onRevision: () => publisher.wake(), onDecision: () => publisher.checkNow() }),
  );
  const anchor = await lifecycle.start(() => keepAuditAnchor(zk, { root, election, source: anchorSource(deps), log }));
  const chores = await lifecycle.start(() => doLeaderChores(deps, { isLeader, mayRecord, driftDays, log }));
  return { deps, zk, election, accessLists, isLeader, mayRecord, directory, publisher, view, anchor, chores };
}

async function noteDelivery(deps: ControlDeps, revision: number, incarnation: string, log: Log): Promise<void> {
  failpoint("publish.before-delivery");
  try {
    await markDelivered(deps, revision, incarnation);
  } catch (error) {
    log.debug({ err: error }, "delivery not noted; tried again after the next comparison of everything");
    return;
  }
  failpoint("publish.delivered");
}

function same<T>(what: T): T {
  return what;
}
