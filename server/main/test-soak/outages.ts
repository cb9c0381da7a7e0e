import { setTimeout as sleep } from "node:timers/promises";
import { eventually, type TestEnsemble, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import type { ConsoleChild } from "./console-child.ts";
import { PATIENCE_MS, ROOT, type Lane } from "./lane.ts";
import { readTree } from "./mesh-checks.ts";

const AT_ONCE = 2;

/** Kills the leading console at any moment while it is asked for edits. Returns the next. */
export async function killAtRandom(lane: Lane, running: ConsoleChild): Promise<ConsoleChild> {
  const edits = lane.editor.edits(() => running, AT_ONCE);
  await sleep(lane.random.below(200));
  await lane.killConsole(running);
  await edits.stop();
  const next = lane.startConsole();
  await lane.check("a kill at random", [next]);
  return next;
}

/** Kills PostgreSQL, backends and all, while edits are being saved, and starts it again. */
export async function killPostgres(lane: Lane, running: ConsoleChild): Promise<void> {
  const edits = lane.editor.edits(() => running, AT_ONCE);
  await sleep(lane.random.below(200));
  await lane.database.kill();
  await sleep(lane.random.below(200));
  await lane.database.restart();
  await edits.stop();
  await lane.check("a kill of PostgreSQL", [running]);
}

/** Kills ZooKeeper, deletes all it stored, and starts it empty, while edits go on. */
export async function wipe(lane: Lane<TestZooKeeper>, running: ConsoleChild): Promise<void> {
  const edits = lane.editor.edits(() => running, AT_ONCE);
  await sleep(lane.random.below(200));
  await lane.server.crash();
  lane.server.wipe();
  await lane.server.start();
  await edits.stop();
  await lane.check("a wipe", [running]);
}

/** Kills the ensemble's leader while edits go on; it comes back once everything was found in order without it. */
export async function killZooKeeperLeader(lane: Lane<TestEnsemble>, running: ConsoleChild): Promise<void> {
  const killed = await leaderOf(lane.server);
  const edits = lane.editor.edits(() => running, AT_ONCE);
  await sleep(lane.random.below(200));
  await lane.server.crash(killed);
  await eventually("another server leads", async () => (await leaderOf(lane.server)) !== killed, PATIENCE_MS);
  await edits.stop();
  await lane.check("a kill of ZooKeeper's leader", [running]);
  if (lane.failures.length > 0) lane.failures.push(...(await differencesOfServers(lane)));
  await lane.server.start(killed);
}

/** What each server that runs has, where they differ: then it is ZooKeeper itself that diverged. */
async function differencesOfServers(lane: Lane<TestEnsemble>): Promise<string[]> {
  const found: string[] = [];
  for (const address of lane.server.addresses) {
    const zk = lane.server.connect({ address });
    const tree = await readTree(zk, ROOT).catch(() => null);
    await zk.stop();
    if (tree !== null) found.push(`server ${address} has\n${tree.written}`);
  }
  return new Set(found.map((text) => text.slice(text.indexOf("\n")))).size > 1 ? found : ["all servers have the same"];
}

async function leaderOf(ensemble: TestEnsemble): Promise<number> {
  let found: number | null = null;
  await eventually(
    "the ensemble has a leader",
    async () => {
      found = await ensemble.leader();
      return found !== null;
    },
    PATIENCE_MS,
  );
  return found ?? 0;
}
