import { setImmediate as turn } from "node:timers/promises";
import { drawScript, type Scene, type Script } from "./commands.ts";
import type { Mutant } from "./mutants.ts";
import type { Tally } from "./oracle.ts";
import { openRandom } from "./random.ts";
import { runModel, type Outcome } from "./run-model.ts";

/** A run in which something happened that must not. */
export interface Finding {
  readonly seed: number;
  readonly violation: string;
}

export interface Exploration {
  readonly finding: Finding | null;
  /** Runs made, up to the finding. */
  readonly runs: number;
  readonly tally: Tally;
}

/** Runs between which the process does other things: timers of what has ended, questions of whoever runs the tests. */
const RUNS_AT_A_TIME = 200;

/** Runs seed after seed until one violates something (the mutant's rule, if it names one), or all are through. */
export async function explore(mutant: Mutant, seeds: { from: number; count: number }): Promise<Exploration> {
  const tally: Tally = { commits: 0, snapshots: 0, collected: 0, repairs: 0, decisions: 0 };
  const stackTraceLimit = Error.stackTraceLimit;
  // Refusals are errors, and most of a run's refusals are wanted.
  Error.stackTraceLimit = 0;
  try {
    for (let index = 0; index < seeds.count; index += 1) {
      if (index % RUNS_AT_A_TIME === 0) await turn();
      const seed = seeds.from + index;
      const { violation } = add(tally, await runModel(seed, mutant));
      if (violation?.startsWith(mutant.rule ?? "") === true)
        return { finding: { seed, violation }, runs: index + 1, tally };
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return { finding: null, runs: seeds.count, tally };
}

function add(tally: Tally, outcome: Outcome): Outcome {
  tally.commits += outcome.tally.commits;
  tally.snapshots += outcome.tally.snapshots;
  tally.collected += outcome.tally.collected;
  tally.repairs += outcome.tally.repairs;
  tally.decisions += outcome.tally.decisions;
  return outcome;
}

/** For people: what went wrong, the shortest script found that shows it, and what happened, line by line. */
export async function explain({ seed, violation }: Finding, mutant: Mutant): Promise<string> {
  const script = await shrink(seed, mutant);
  const lines: string[] = [];
  await runModel(seed, mutant, script, (line) => lines.push(line));
  return [
    `${mutant.name}, seed ${seed}: ${violation}`,
    `node server/zookeeper/test-model/replay.ts ${seed} replays the whole run; shortened to ${script.scenes.length} scenes:`,
    ...lines,
  ].join("\n");
}

/** Leaves out scenes, and steps, as long as something still goes wrong. */
async function shrink(seed: number, mutant: Mutant): Promise<Script> {
  let script = drawScript(openRandom(seed));
  const fails = async (scenes: readonly Scene[]): Promise<boolean> =>
    (await runModel(seed, mutant, { ...script, scenes })).violation !== null;
  for (let index = script.scenes.length - 1; index >= 0; index -= 1) {
    const without = script.scenes.toSpliced(index, 1);
    if (await fails(without)) script = { ...script, scenes: without };
  }
  return script;
}
