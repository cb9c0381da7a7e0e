import { policyKey, type PolicyKey } from "#domain/policy.ts";
import { decodeDocument, encodeDocument, encodeHead, makeHead } from "../codec.ts";
import { paths } from "../paths.ts";
import { KIND } from "./model-database.ts";
import { drawScript, type Script } from "./commands.ts";
import type { Mutant } from "./mutants.ts";
import { isSnapshotOf } from "./oracle.ts";
import { peek } from "./peek.ts";
import { openPerformance } from "./perform.ts";
import type { Tally } from "./oracle.ts";
import { openRandom } from "./random.ts";
import { settled } from "./scheduler.ts";
import type { SimulatedServer } from "./simulated-server.ts";
import type { Tell } from "./simulated-client.ts";
import { openWorld, ROOT, type World } from "./world.ts";

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
    if (!decideForPeople(world)) break;
  }
  if (oracle.violation === null) compare(world);
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

/** Where publishing is halted, or gateways hold what was lost, a person decides. Whether there was anything to decide. */
function decideForPeople({ server, database, oracle, consoles, gateways }: World): boolean {
  const halt = consoles.flatMap(({ publisher }) => publisher.status().halt ?? [])[0];
  if (halt !== undefined) {
    const { incarnation } = halt.mesh;
    const keys = publishedKeys(server);
    const nodes = ["head", ...keys].map((key) => server.nodes.get(paths.document(ROOT, key)));
    const revisions = nodes.map((node) => (node === undefined ? 0 : (peek(node.data)?.revision ?? 0)));
    oracle.superseded(incarnation);
    oracle.gaveUp();
    oracle.tally.decisions += 1;
    database.takeOver({ incarnation, revision: Math.max(...revisions), keys });
    return true;
  }
  const isRefused = gateways.some(({ follower }) =>
    follower.refused().some(({ reason }) => reason.includes("went back")),
  );
  if (!isRefused) return false;
  oracle.gaveUp();
  oracle.tally.decisions += 1;
  database.goOn();
  return true;
}

function publishedKeys(server: SimulatedServer): PolicyKey[] {
  return (server.children(paths.kind(ROOT, KIND)) ?? []).map((id) => policyKey(KIND, id));
}

/** I1: ZooKeeper is the projection of the database, and every gateway holds just that. */
function compare({ server, database, oracle, gateways }: World): void {
  const { incarnation, revision, documents } = database.state;
  const head = server.nodes.get(paths.head(ROOT));
  // A tombstone that was collected is missing, and stays so.
  if (head?.data.equals(encodeHead(makeHead(incarnation, revision, documents.values()))) !== true)
    return oracle.fail("I1: the head does not describe the database");
  for (const row of documents.values()) {
    const node = server.nodes.get(paths.document(ROOT, row.key));
    if (row.spec === null && node === undefined) continue;
    if (node?.data.equals(encodeDocument(row)) !== true) return oracle.fail(`I1: ${row.key} is not what was saved`);
  }
  for (const key of publishedKeys(server)) {
    if (documents.has(key)) continue;
    const decoded = decodeDocument(server.nodes.get(paths.document(ROOT, key))?.data ?? Buffer.alloc(0));
    if (!decoded.ok || decoded.value.spec !== null) return oracle.fail(`I1: ${key} is published, and nobody saved it`);
  }
  for (const { process, follower } of gateways) {
    const snapshot = follower.current();
    if (snapshot.incarnation !== incarnation || snapshot.revision !== revision || !isSnapshotOf(snapshot, documents))
      return oracle.fail(`I7: ${process.name} does not hold what was saved`);
    if (follower.refused().length > 0) return oracle.fail(`I7: ${process.name} still refuses something`);
  }
}
