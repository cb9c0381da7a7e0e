import { openDatabase } from "#db/client.ts";
import { MeshError } from "#domain/errors.ts";
import { armFailpoint } from "#platform/failpoint.ts";
import { Lifecycle } from "#platform/lifecycle.ts";
import { openLog } from "#platform/log.ts";
import { composePublishing } from "../compose-publishing.ts";
import { carryOutOnce, type Made } from "./carry-out.ts";
import { ToConsole, type ConsoleReport, type ConsoleStart, type FromConsole, type SoakEdit } from "./messages.ts";
import { setWallClock } from "./wall-clock.ts";
import { observe, observeSource, type Observed } from "./observed-zookeeper.ts";

/**
 * A console without pages: what start-console.ts puts together to save and publish policy, with edits and questions over
 * IPC. It is loaded first and started by a message, so that the next one can be made ready while the last one is being
 * killed.
 */
interface RunningConsole {
  edit(asked: SoakEdit, key: string): Promise<Made>;
  compareAll(): void;
  report(): ConsoleReport;
}

async function startConsole(start: ConsoleStart): Promise<RunningConsole> {
  armFailpoint(start.failpoint);
  const log = openLog(start.consoleId, "fatal");
  const observed: Observed = { multis: 0 };
  const { deps, election, publisher } = await composePublishing(
    {
      database: openDatabase({ url: start.databaseUrl, log }),
      zookeeper: { servers: start.zookeeper, sessionTimeoutMs: start.sessionTimeoutMs },
      root: start.root,
      consoleId: start.consoleId,
      log,
      everyMs: start.fullPassMs,
      observe: { zk: (zk) => observe(zk, observed), source: observeSource },
    },
    new Lifecycle(log),
  );
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
      nowMs: Date.now(),
    }),
  };
}

function tell(message: FromConsole): void {
  process.send?.(message);
}

let starting: Promise<RunningConsole> | undefined;

async function hear(message: ToConsole): Promise<void> {
  if (message.kind === "start") return void (starting = startConsole(message));
  const running = await starting;
  if (running === undefined) throw new Error("not started yet");
  if (message.kind === "report") return tell({ kind: "report", id: message.id, report: running.report() });
  if (message.kind === "compare") return running.compareAll();
  if (message.kind === "arm") {
    armFailpoint(message.failpoint);
    return tell({ kind: "armed", id: message.id });
  }
  if (message.kind === "clock") {
    setWallClock(message.aheadMs);
    return tell({ kind: "clock-set", id: message.id });
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
