import { POLICY_KINDS } from "#domain/policy.ts";
import { readLastGood, stateFiles } from "#gateway/last-good.ts";
import type { Failpoint } from "#platform/failpoint.ts";
import { paths } from "#zookeeper/paths.ts";
import { eventually, quietLog } from "#zookeeper/test-harness.ts";
import type { ConsoleChild } from "./console-child.ts";
import { ROOT, type Lane } from "./lane.ts";
import { localEdits } from "./local-edits.ts";

/** A place where a process is killed, and what makes it pass there. */
export interface Kill {
  readonly name: string;
  readonly point: Failpoint;
  /**
   * `edits` that go on until it dies; `start`: it dies on its way to lead; `backlog`: it finds more than one transaction
   * holds when it comes to lead; `tampering` with a published object; `expiry` of an override; `gateway`: it is the gateway
   * that dies, of the edits it applies; `gateway-start`: of the first it applies after a start.
   */
  readonly by: "edits" | "start" | "backlog" | "tampering" | "expiry" | "gateway" | "gateway-start";
}

const byEdits = (point: Failpoint): Kill => ({ name: point, point, by: "edits" });

/** In the order an edit passes them. */
export const KILLS: readonly Kill[] = [
  byEdits("edit.begun"),
  byEdits("edit.object-written"),
  byEdits("edit.entry-written"),
  byEdits("edit.audited"),
  byEdits("edit.counted"),
  byEdits("edit.before-answer-kept"),
  byEdits("edit.before-commit"),
  byEdits("edit.committed"),
  byEdits("edit.before-answer"),
  byEdits("publish.mesh-read"),
  byEdits("publish.before-multi"),
  { name: "publish.between-multis", point: "publish.before-multi", by: "backlog" },
  byEdits("publish.after-multi"),
  byEdits("publish.before-delivery"),
  byEdits("publish.delivered"),
  { name: "election.node-created", point: "election.node-created", by: "start" },
  { name: "drift.found", point: "drift.found", by: "tampering" },
  { name: "drift.recorded", point: "drift.recorded", by: "tampering" },
  { name: "override.due", point: "override.due", by: "expiry" },
  { name: "override.expired", point: "override.expired", by: "expiry" },
  { name: "policy-log.appended", point: "policy-log.appended", by: "gateway" },
  { name: "policy-log.synced", point: "policy-log.synced", by: "gateway" },
  { name: "policy-log.written", point: "policy-log.written", by: "gateway-start" },
  { name: "policy-log.renamed", point: "policy-log.renamed", by: "gateway-start" },
  { name: "gateway.before-acknowledgement", point: "gateway.before-acknowledgement", by: "gateway" },
];

/** A stimulus is repeated until the process is dead; one that never dies is a failpoint nobody passes. */
const DEAD_WITHIN_MS = 180_000;
/** Of edits under way at once; the failpoint may be met by any of them. */
const AT_ONCE = 4;
const EVERYTHING = 100;

/** Kills a process at the place, starts the next, and checks. Returns the console that runs then. */
export async function killAt(lane: Lane, kill: Kill, running: ConsoleChild): Promise<ConsoleChild> {
  if (kill.by === "gateway" || kill.by === "gateway-start") {
    await killGateway(lane, kill, running);
    await lane.check(kill.name, [running]);
    return running;
  }
  const dying = await provoke(lane, kill, running);
  await diesOf(lane, kill, dying);
  const next = lane.startConsole();
  await lane.check(kill.name, [next]);
  if (kill.by === "backlog") await lane.editor.burst(next, EVERYTHING);
  return next;
}

async function provoke(lane: Lane, { point, by }: Kill, running: ConsoleChild): Promise<ConsoleChild> {
  const hit = 1 + lane.random.below(3);
  switch (by) {
    case "edits":
    case "gateway":
    case "gateway-start":
      await running.arm({ name: point, hit, signal: "SIGKILL" });
      return running;
    case "tampering":
    case "expiry":
      await running.arm({ name: point, hit: 1, signal: "SIGKILL" });
      return running;
    case "start":
      await lane.killConsole(running);
      return lane.startConsole({ name: point, hit: 1, signal: "SIGKILL" });
    case "backlog":
      await lane.killConsole(running);
      await pileUp(lane);
      return lane.startConsole({ name: point, hit: 2, signal: "SIGKILL" });
  }
}

/** More than one transaction holds: twelve objects of 50 KB. */
async function pileUp(lane: Lane): Promise<void> {
  lane.editor.heavy = true;
  await lane.editor.burst(localEdits(lane.database.database), EVERYTHING);
  lane.editor.heavy = false;
}

async function diesOf(lane: Lane, { name, by }: Kill, dying: ConsoleChild): Promise<void> {
  let forced = false;
  await eventually(
    `dead at ${name}`,
    async () => {
      if (dying.ending() !== null) return true;
      if (by === "edits") await lane.editor.burst(dying, AT_ONCE);
      if (by === "tampering") await tamper(lane);
      if (by === "expiry") forced ||= await lane.editor.forceFor(dying, 1000);
      return dying.ending() !== null;
    },
    DEAD_WITHIN_MS,
  );
}

/** Writes over a published object, or deletes it. */
async function tamper(lane: Lane): Promise<void> {
  const keys: string[] = [];
  for (const kind of POLICY_KINDS)
    for (const id of (await lane.zk.children(paths.kind(ROOT, kind))) ?? []) keys.push(`${kind}/${id}`);
  const path = lane.random.below(8) === 0 ? paths.head(ROOT) : paths.document(ROOT, lane.random.pick(keys) ?? "");
  const junk = lane.random.pick(["", "null", "{", '{"v":1}', "\u0000", "[]"] as const);
  // It may be gone, or put right in between.
  await (lane.random.below(3) === 0 ? lane.zk.remove(path, -1) : lane.zk.write(path, Buffer.from(junk), -1)).catch(
    () => undefined,
  );
}

async function killGateway(lane: Lane, { name, point, by }: Kill, running: ConsoleChild): Promise<void> {
  const { gateway } = lane;
  if (by === "gateway") await gateway.arm(point, 1 + lane.random.below(3));
  await eventually(
    `dead at ${name}`,
    async () => {
      if (!gateway.isRunning()) return true;
      if (by === "gateway-start") await startArmed(lane, point);
      await lane.editor.burst(running, 1);
      return !gateway.isRunning();
    },
    DEAD_WITHIN_MS,
  );
  if ((await readLastGood(stateFiles(gateway.dataDir, "gateway-1"), quietLog)) === null)
    lane.failures.push(`after ${name}: what the gateway had on disk cannot be read`);
  await gateway.start();
}

/** Only the first edit after a start is written with everything else. */
async function startArmed({ gateway }: Lane, point: Failpoint): Promise<void> {
  gateway.kill("SIGKILL");
  await gateway.exited();
  await gateway.start();
  await gateway.arm(point, 1);
}
