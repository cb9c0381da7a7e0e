import { setTimeout as pass } from "node:timers/promises";
import { EMPTY_SNAPSHOT } from "#domain/snapshot.ts";
import { isCode } from "../failure.ts";
import { paths } from "../paths.ts";
import type { ZooKeeper } from "../session.ts";
import { eventually, type TestZooKeeper } from "../test-harness.ts";
import type { Command, Script } from "./commands.ts";
import { forge } from "./forge.ts";
import { ModelDatabase } from "./model-database.ts";
import { Oracle } from "./oracle.ts";
import type { Random } from "./random.ts";
import {
  openRealConsole,
  openRealGateway,
  type RealConsole,
  type RealGateway,
  type RealSetting,
} from "./real-processes.ts";
import { decideForPeople, problemWith, type PublishedNodes } from "./verdict.ts";
import { ROOT } from "./world.ts";

interface RealWorld extends RealSetting {
  readonly consoles: RealConsole[];
  readonly gateways: RealGateway[];
  /** Nobody's: reads everything, and does what somebody who is not Meshkeeper does. */
  readonly outsider: ZooKeeper;
  /** Policy as it once was. */
  copy: PublishedNodes | null;
}

/** How long one of a script's steps lasts, ms: about one call. */
const STEP_MS = 2;
const HEALED_WITHIN_MS = 60_000;

/**
 * Performs a script with real publishers, candidates and followers against a real server, and checks what the oracle can
 * see from outside: what is applied, and what has come of it in the end. @returns what went wrong; null when nothing did.
 */
export async function runAgainstReal(
  script: Script,
  at: { readonly server: TestZooKeeper; readonly chroot: string; readonly random: Random },
): Promise<string | null> {
  const database = new ModelDatabase();
  const oracle = new Oracle(paths.policy(ROOT));
  database.onCommit = (state, removed) => oracle.committed(state, removed);
  oracle.committed(database.state);
  const weather = { cut: script.weather === "foul" ? 0.02 : 0 };
  const outsider = at.server.connect({ chroot: at.chroot });
  const world: RealWorld = { ...at, database, oracle, weather, consoles: [], gateways: [], outsider, copy: null };
  try {
    for (let index = 0; index < script.gateways; index += 1)
      world.gateways.push(openRealGateway(world, index, EMPTY_SNAPSHOT));
    for (let index = 0; index < script.consoles; index += 1)
      world.consoles.push(openRealConsole(world, index, world.gateways));
    for (const { command, steps } of script.scenes) {
      await perform(world, command);
      await pass(steps * STEP_MS);
    }
    await heal(world);
  } finally {
    for (const part of [...world.consoles, ...world.gateways, outsider]) await part.stop();
  }
  return oracle.violation;
}

async function heal(world: RealWorld): Promise<void> {
  const { oracle, database, weather, consoles, gateways, outsider } = world;
  weather.cut = 0;
  for (const { process } of [...consoles, ...gateways]) process.paused = false;
  database.decide({ driftMode: "repair", standing: new Map() });
  await eventually(
    "everything is as it was saved",
    async () => {
      const nodes = await publishedNodes(outsider);
      if (oracle.violation !== null) return true;
      const problem = problemWith(nodes, database.state, gateways);
      if (problem === null) return true;
      decideForPeople(world, nodes);
      for (const { publisher } of consoles) publisher.checkNow();
      throw new Error(problem);
    },
    HEALED_WITHIN_MS,
  );
}

async function perform(world: RealWorld, command: Command): Promise<void> {
  const { database, oracle, consoles, gateways, outsider } = world;
  switch (command.kind) {
    case "edit":
      database.edit(command.edits);
      return consoleOf(world, command.console)?.publisher.wake();
    case "console-period":
      return consoleOf(world, command.who)?.publisher.checkNow();
    // Their periods are short here, and cuts are part of the weather.
    case "gateway-period":
    case "cut-console":
    case "cut-gateway":
      return;
    case "crash-console": {
      const index = command.who % consoles.length;
      await consoles[index]?.stop();
      consoles[index] = openRealConsole(world, index, gateways);
      return;
    }
    case "crash-gateway":
      return restartGateway(world, command.who % gateways.length, command.keepsDisk);
    case "pause-console":
    case "resume-console":
      return setPaused(consoleOf(world, command.who), command.kind === "pause-console");
    case "pause-gateway":
    case "resume-gateway":
      return setPaused(gateways[command.who % gateways.length], command.kind === "pause-gateway");
    // Sessions end in session.int.test.ts; what counts here is that the candidate node is gone.
    case "expire-console":
    case "depose-console":
      return remove(outsider, consoleOf(world, command.who)?.election.node() ?? null);
    case "tamper": {
      const head = (await outsider.read(paths.head(ROOT)))?.data ?? null;
      const { nodes, foreign } = forge(command.how, { ...world, id: command.id, database: database.state, head });
      if (foreign !== null) oracle.committed(foreign);
      for (const { path, data } of nodes) await put(world, path, data);
      return;
    }
    case "wipe":
      return startFrom(world, new Map());
    case "copy-disk":
      world.copy = await publishedNodes(outsider);
      return;
    case "roll-back":
      return world.copy === null ? undefined : startFrom(world, world.copy);
    case "back-up":
      return database.backUp();
    case "restore":
      oracle.meddled = true;
      return database.restore();
    case "replace-database":
      oracle.meddled = true;
      return database.replaceByEmpty();
    case "age":
      return database.age();
    case "set-drift-mode":
      return database.decide({ driftMode: command.mode });
  }
}

function consoleOf({ consoles }: RealWorld, who: number): RealConsole | undefined {
  return consoles[who % consoles.length];
}

function setPaused(part: RealConsole | RealGateway | undefined, paused: boolean): void {
  if (part !== undefined) part.process.paused = paused;
}

async function restartGateway(world: RealWorld, index: number, keepsDisk: boolean): Promise<void> {
  const victim = world.gateways[index];
  if (victim === undefined) return;
  await victim.stop();
  if (!keepsDisk) world.oracle.forgot(victim.process.name);
  world.gateways[index] = openRealGateway(world, index, keepsDisk ? victim.follower.current() : EMPTY_SNAPSHOT);
}

/** Everything under our root that holds policy, or leads to it. */
async function publishedNodes(zk: ZooKeeper): Promise<PublishedNodes> {
  const nodes = new Map<string, { readonly data: Buffer }>();
  const visit = async (path: string): Promise<void> => {
    const node = await zk.read(path);
    if (node === null) return;
    nodes.set(path, node);
    for (const name of (await zk.children(path)) ?? []) await visit(`${path}/${name}`);
  };
  await visit(paths.policy(ROOT));
  return nodes;
}

/** Policy is gone, or as it was once, with versions that begin anew. */
async function startFrom({ outsider, oracle }: RealWorld, nodes: PublishedNodes): Promise<void> {
  oracle.lostData();
  const there = await publishedNodes(outsider);
  for (const path of [...there.keys()].reverse()) await remove(outsider, path);
  for (const [path, { data }] of nodes) await create(outsider, path, data);
}

async function put({ outsider, oracle }: RealWorld, path: string, data: Buffer | null): Promise<void> {
  oracle.tampered(path, data !== null);
  if (data === null) return remove(outsider, path);
  try {
    await outsider.write(path, data, -1);
  } catch (error) {
    if (!isCode(error, "NO_NODE")) throw error;
    await create(outsider, path, data);
  }
}

/** Consoles write at the same time: that one was faster is no failure. */
async function create(zk: ZooKeeper, path: string, data: Buffer): Promise<void> {
  try {
    await zk.create(path, data);
  } catch (error) {
    if (!isCode(error, "NODE_EXISTS", "NO_NODE")) throw error;
  }
}

async function remove(zk: ZooKeeper, path: string | null): Promise<void> {
  try {
    if (path !== null) await zk.remove(path, -1);
  } catch (error) {
    if (!isCode(error, "NO_NODE", "NOT_EMPTY")) throw error;
  }
}
