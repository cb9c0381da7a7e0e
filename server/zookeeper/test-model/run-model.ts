import { drawScript, type Script } from "./commands.ts";
import type { Mutant } from "./mutants.ts";
import type { Tally } from "./oracle.ts";
import { openPerformance } from "./perform.ts";
import { openRandom } from "./random.ts";
import { settled } from "./scheduler.ts";
import type { Tell } from "./simulated-client.ts";
import { decideForPeople, problemWith } from "./verdict.ts";
import { openWorld, type World } from "./world.ts";

export interface Outcome {
  /** The first thing that must not happen and did; null when all was well. */
  readonly violation: string | null;
  /** Things that happened, one at a time. */
  readonly steps: number;
  readonly tally: Readonly<Tally>;
}

/** A healthy world is quiet long before this. */
const QUIET_STEPS_MAX = 2000;
const FOUL = { cut: 0.06, lostHint: 0.2, doubledHint: 0.1, databaseFails: 0.05 };
const FAIR = { cut: 0, lostHint: 0, doubledHint: 0.05, databaseFails: 0 };

/** One run: the script, then all faults end, and everything has to come right. The same seed gives the same run. */
export async function runModel(seed: number, mutant: Mutant, given?: Script, tell: Tell = null): Promise<Outcome> {
  const script = given ?? drawScript(openRandom(seed));
  const world = openWorld(openRandom(~seed), mutant, script, tell);
  const perform = openPerformance(world);
  let steps = 0;
  Object.assign(world.weather, script.weather === "foul" ? FOUL : FAIR);
  for (const scene of script.scenes) {
    tell?.(`* ${JSON.stringify(scene.command)}`);
    perform(scene.command);
    await settled();
    for (let left = scene.steps; left > 0 && (await world.scheduler.step()); left -= 1) {
      steps += 1;
      checkHalts(world);
    }
    if (world.oracle.violation !== null) break;
  }
  if (world.oracle.violation === null) steps += await heal(world, script.weather === "foul");
  for (const { follower } of world.gateways) await follower.stop();
  return { violation: world.oracle.violation, steps, tally: world.oracle.tally };
}

/** On ordinary days there is nothing to ask a person. */
function checkHalts({ oracle, consoles }: World): void {
  if (oracle.meddled) return;
  for (const { process, publisher } of consoles) {
    const { halt } = publisher.status();
    if (halt !== null) oracle.fail(`halt: ${process.name} halts (${halt.kind}) without a reason`);
  }
}

/** Ends all faults, lets everything run until nothing is left to do, and looks at what has come of it. */
async function heal(world: World, isFoul: boolean): Promise<number> {
  const { weather, oracle } = world;
  world.tell?.("* all faults end");
  Object.assign(weather, { cut: 0, lostHint: 0, doubledHint: 0, databaseFails: 0 });
  for (const { process } of [...world.consoles, ...world.gateways]) process.paused = false;
  world.database.decide({ driftMode: "repair", standing: new Map() });
  let steps = await untilQuiet(world);
  for (let decisions = 0; decisions < 3 && oracle.violation === null; decisions += 1) {
    steps += await untilSettled(world, isFoul);
    if (!decideForPeople(world, world.server.nodes)) break;
  }
  const problem = oracle.violation ?? problemWith(world.server.nodes, world.database.state, world.gateways);
  if (problem !== null) oracle.fail(problem);
  return steps;
}

/** Full passes until one writes nothing: after the first, which may repair, and the second, which may delete tombstones. */
async function untilSettled(world: World, isFoul: boolean): Promise<number> {
  const { server, oracle } = world;
  let steps = 0;
  for (let passes = 0; passes < 4; passes += 1) {
    const before = server.writes;
    steps += await fullPass(world, isFoul);
    if (server.writes === before) return steps;
  }
  oracle.fail("I1, I6: passes over a healthy mesh go on writing");
  return steps;
}

/** Where no hint was lost, only publishers have to compare everything, and gateways that refuse something look again. */
async function fullPass(world: World, isFoul: boolean): Promise<number> {
  for (const { loops } of world.consoles) loops.period(isFoul ? undefined : "publisher");
  for (const { loops, follower } of world.gateways) if (isFoul || follower.refused().length > 0) loops.period();
  return untilQuiet(world);
}

async function untilQuiet({ scheduler, oracle }: World): Promise<number> {
  let steps = 0;
  while (oracle.violation === null && (await scheduler.step())) {
    steps += 1;
    if (steps > QUIET_STEPS_MAX) oracle.fail("I6: it does not come to rest");
  }
  return steps;
}
