import type { Failpoint } from "#platform/failpoint.ts";
import { paths } from "#zookeeper/paths.ts";
import { eventually } from "#zookeeper/test-harness.ts";
import type { ConsoleChild } from "./console-child.ts";
import { ROOT, type Lane } from "./lane.ts";

/** How a leader comes to believe that it leads when it does not. */
export interface Zombie {
  readonly name: string;
  /** Where it stands still. */
  readonly point: Failpoint;
  /** What ends its leadership meanwhile: its session expires, or somebody deletes its candidacy while the session lives on. */
  readonly ends: "session" | "candidacy";
}

export const ZOMBIES: readonly Zombie[] = [
  { name: "stopped before it publishes, longer than its session", point: "publish.before-multi", ends: "session" },
  { name: "stopped before it publishes, its candidacy deleted", point: "publish.before-multi", ends: "candidacy" },
  { name: "stopped after it read ZooKeeper, longer than its session", point: "publish.mesh-read", ends: "session" },
  { name: "stopped after it read ZooKeeper, its candidacy deleted", point: "publish.mesh-read", ends: "candidacy" },
  { name: "stopped in the middle of saving an edit", point: "edit.counted", ends: "session" },
];

/**
 * Has the leader stand still (SIGSTOP), another console take over and publish, and the first go on where it was: it must
 * write nothing. Returns the console that leads then.
 */
export async function makeZombie(lane: Lane, zombie: Zombie, leader: ConsoleChild): Promise<ConsoleChild> {
  const { name, point, ends } = zombie;
  const next = lane.startConsole();
  await lane.leaderOf([leader, next]);
  const before = await leader.report();
  await leader.arm({ name: point, hit: 1, signal: "SIGSTOP" });
  // What it was asked for it may answer once it goes on.
  const asked = lane.editor.burst(leader, 1);
  await eventually(`stopped at ${point}`, () => leader.isStopped());
  try {
    if (ends === "candidacy") await deleteFirstCandidacy(lane);
    await eventually("the next console leads", async () => (await next.report())?.isLeader === true);
    await lane.editor.burst(next, 2);
    // Whatever the first one had locked, the next one saves what it is asked for, while the first stands still.
    await lane.editor.askAgain(next);
  } finally {
    leader.kill("SIGCONT");
  }
  await asked;
  await lane.check(`a leader was ${name}`, [leader, next]);
  const after = await leader.report();
  if (after === null || before === null) lane.failures.push(`${name}: the first console is gone: ${leader.said()}`);
  else if (after.multis !== before.multis)
    lane.failures.push(
      `${name}: the first console wrote ${after.multis - before.multis} times after it had lost the lead`,
    );
  await lane.killConsole(leader);
  return next;
}

async function deleteFirstCandidacy(lane: Lane): Promise<void> {
  const folder = paths.election(ROOT);
  const names = [...((await lane.zk.children(folder)) ?? [])].sort((a, b) => (a.slice(-10) < b.slice(-10) ? -1 : 1));
  await lane.zk.remove(`${folder}/${names[0] ?? ""}`, -1);
}
