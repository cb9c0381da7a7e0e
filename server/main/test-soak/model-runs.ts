import { startTestZooKeeper, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import { drawScript } from "#zookeeper/test-model/commands.ts";
import { explain, explore } from "#zookeeper/test-model/explore.ts";
import { REAL } from "#zookeeper/test-model/mutants.ts";
import { openRandom } from "#zookeeper/test-model/random.ts";
import { runAgainstReal } from "#zookeeper/test-model/run-against-real.ts";
import type { Outcome, PartRun } from "./part.ts";

const IN_ONE_GO = 1000;

/** Runs of the model check from `seed` on, each with the next. */
export async function modelRuns({ count, seed, untilMs, onProgress }: PartRun): Promise<Outcome> {
  const failures: string[] = [];
  let rounds = 0;
  let commits = 0;
  while (rounds < count && failures.length === 0 && performance.now() < untilMs) {
    const { finding, runs, tally } = await explore(REAL, {
      from: seed + rounds,
      count: Math.min(IN_ONE_GO, count - rounds),
    });
    rounds += runs;
    commits += tally.commits;
    if (finding !== null) failures.push(await explain(finding, REAL));
    onProgress(rounds, count, failures.length);
  }
  return { rounds, figures: { "transactions of consoles": commits }, failures };
}

/** The model check's scripts from `seed` on, against a real server for each lane. */
export async function modelScripts({ count, seed, lanes, untilMs, onProgress }: PartRun): Promise<Outcome> {
  const failures: string[] = [];
  let begun = 0;
  let rounds = 0;
  async function lane(): Promise<void> {
    const server = await startTestZooKeeper();
    try {
      while (begun < count && performance.now() < untilMs) {
        const own = seed + begun++;
        const problem = await performed(own, server);
        if (problem !== null) failures.push(`script ${own}: ${problem}`);
        rounds += 1;
        onProgress(rounds, count, failures.length);
      }
    } finally {
      await server.close();
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, count) }, lane));
  return { rounds, figures: {}, failures };
}

async function performed(seed: number, server: TestZooKeeper): Promise<string | null> {
  try {
    const at = { server, chroot: `/script-${seed}`, random: openRandom(~seed) };
    return await runAgainstReal(drawScript(openRandom(seed)), at);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
