import { anchorSource } from "#control/anchor-source.ts";
import type { ControlDeps } from "#control/edit.ts";
import { doLeaderChores } from "#control/leader-chores.ts";
import { markDelivered } from "#control/mark-delivered.ts";
import { policySource } from "#control/policy-source.ts";
import { watchPolicy } from "#control/policy-view.ts";
import { recordDrift, settleDrift } from "#control/record-drift.ts";
import { recordPublishing } from "#control/record-publishing.ts";
import { openDatabase } from "#db/client.ts";
import { MeshError } from "#domain/errors.ts";
import { armFailpoint, failpoint } from "#platform/failpoint.ts";
import { openLog } from "#platform/log.ts";
import { keepAuditAnchor } from "#zookeeper/audit-anchor.ts";
import { standForElection } from "#zookeeper/election.ts";
import { watchGateways } from "#zookeeper/gateway-presence.ts";
import { keepFolders } from "#zookeeper/mesh-folders.ts";
import { publishPolicy } from "#zookeeper/policy-publisher.ts";
import { openZooKeeper } from "#zookeeper/session.ts";
import { carryOutOnce, type Made } from "./carry-out.ts";
import { ToConsole, type ConsoleReport, type ConsoleStart, type FromConsole, type SoakEdit } from "./messages.ts";
import { observe, observeSource } from "./observed-zookeeper.ts";

/**
 * A console without pages: the database, the ZooKeeper session, the election, the publisher and the leader's chores, put
 * together as in start-console.ts, with edits and questions over IPC. It is loaded first and started by a message, so that
 * the next one can be made ready while the last one is being killed.
 */
interface RunningConsole {
  edit(asked: SoakEdit, key: string): Promise<Made>;
  compareAll(): void;
  report(): ConsoleReport;
}

function startConsole(start: ConsoleStart): RunningConsole {
  armFailpoint(start.failpoint);
  const log = openLog(start.consoleId, "fatal");
  const database = openDatabase({ url: start.databaseUrl, log });
  const deps: ControlDeps = {
    database,
    onEdit: () => {
      view.refresh();
      publisher.wake();
    },
    onDecision: () => view.refresh(),
  };
  const bare = openZooKeeper({
    servers: start.zookeeper,
    sessionTimeoutMs: start.sessionTimeoutMs,
    role: "owner",
    log,
  });
  const { zk, observed } = observe(bare);
  keepFolders(zk, start.root, log);
  const election = standForElection(zk, start.root, start.consoleId, log);
  const isLeader = (): boolean => election.isLeader();
  const record = recordPublishing(deps, { isLeader, incarnation: () => view.current().incarnation, log });
  const publisher = publishPolicy(zk, {
    root: start.root,
    consoleId: start.consoleId,
    election,
    source: observeSource(policySource(deps)),
    log,
    everyMs: start.fullPassMs,
    onPublished: (revision) => {
      failpoint("publish.before-delivery");
      void markDelivered(deps, revision).then(
        () => failpoint("publish.delivered"),
        () => undefined,
      );
    },
    async onDrift(drift) {
      failpoint("drift.found");
      await recordDrift(deps, drift);
      failpoint("drift.recorded");
    },
    onSettled: (keys) => settleDrift(deps, keys),
    onReport: (report) => record.report(report),
  });
  // Tells of other consoles' edits.
  const view = watchPolicy(deps, {
    log,
    onRevision: () => publisher.wake(),
    onDecision: () => publisher.checkNow(),
  });
  const directory = watchGateways(zk, start.root, log);
  directory.onChange(({ acknowledgements }) => record.observe(acknowledgements));
  keepAuditAnchor(zk, { root: start.root, election, source: anchorSource(deps), log });
  doLeaderChores(deps, { isLeader, log });
  return {
    edit: (asked, key) => carryOutOnce(deps, asked, key),
    compareAll: () => publisher.checkNow(),
    report: () => ({
      isLeader: election.isLeader(),
      leader: election.leader(),
      publishedRevision: publisher.status().publishedRevision,
      halted: publisher.status().halt?.reason ?? "",
      lastFullPass: publisher.status().lastFullPass,
      multis: observed.multis,
    }),
  };
}

function tell(message: FromConsole): void {
  process.send?.(message);
}

let running: RunningConsole | undefined;

async function hear(message: ToConsole): Promise<void> {
  if (message.kind === "start") return void (running = startConsole(message));
  if (running === undefined) throw new Error("not started yet");
  if (message.kind === "report") return tell({ kind: "report", id: message.id, report: running.report() });
  if (message.kind === "compare") return running.compareAll();
  if (message.kind === "arm") {
    armFailpoint(message.failpoint);
    return tell({ kind: "armed", id: message.id });
  }
  const { id } = message;
  try {
    const { revision, version } = await running.edit(message.edit, message.key);
    tell({ kind: "made", id, revision, version });
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    tell({ kind: "refused", id, code: error.code, detail: error.detail ?? "" });
  }
}

process.on("message", (message) => void hear(ToConsole.parse(message)));
process.once("disconnect", () => process.exit(0));
tell({ kind: "loaded" });
