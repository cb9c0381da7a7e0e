import { pino } from "pino";
import { POLICY_KINDS } from "#domain/policy.ts";
import { EMPTY_SNAPSHOT, type PolicySnapshot } from "#domain/snapshot.ts";
import { encodeDocument, encodeHead, makeHead } from "../codec.ts";
import { standForElection, type Election } from "../election.ts";
import type { Applied } from "../gateways-ahead.ts";
import { paths } from "../paths.ts";
import { followPolicy, type PolicyFollower } from "../policy-follower.ts";
import { publishPolicy, type AppliedWatch, type Publisher } from "../policy-publisher.ts";
import type { Mutant } from "./mutants.ts";
import { heldBy, ModelDatabase } from "./model-database.ts";
import { Oracle } from "./oracle.ts";
import type { Random } from "./random.ts";
import { openScheduler, type Process, type Scheduler } from "./scheduler.ts";
import { openSimulatedClient, type SimulatedClient, type Tell, type Weather } from "./simulated-client.ts";
import { SimulatedServer } from "./simulated-server.ts";
import { steppedLoops, type SteppedLoops } from "./stepped-loop.ts";

export const ROOT = "/mesh";

const log = pino({ level: "silent" });

export interface Console {
  readonly process: Process;
  readonly client: SimulatedClient;
  readonly election: Election;
  readonly publisher: Publisher;
  readonly loops: SteppedLoops;
}

export interface Gateway {
  readonly process: Process;
  readonly client: SimulatedClient;
  readonly follower: PolicyFollower;
  readonly loops: SteppedLoops;
}

/** Everything in one run. */
export interface World {
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly server: SimulatedServer;
  readonly database: ModelDatabase;
  readonly oracle: Oracle;
  readonly weather: Weather & { databaseFails: number };
  readonly mutant: Mutant;
  readonly consoles: Console[];
  readonly gateways: Gateway[];
  /** What happens to nobody in particular. */
  readonly outside: Process;
  readonly tell: Tell;
}

export function newProcess(name: string): Process {
  return { name, paused: false, dead: false };
}

export function openWorld(
  random: Random,
  mutant: Mutant,
  size: { consoles: number; gateways: number },
  tell: Tell,
): World {
  const scheduler = openScheduler(random);
  const server = new SimulatedServer();
  const database = new ModelDatabase();
  const oracle = new Oracle(paths.policy(ROOT));
  const weather = { cut: 0, lostHint: 0, doubledHint: 0, databaseFails: 0 };
  const consoles: Console[] = [];
  const gateways: Gateway[] = [];
  const outside = newProcess("outside");
  const world = { random, scheduler, server, database, oracle, weather, mutant, consoles, gateways, outside, tell };
  database.onCommit = (state, removed) => oracle.committed(state, removed);
  database.deletesRows = mutant.deletesRows === true;
  oracle.committed(database.state);
  server.onEvent = (kind, path) => {
    for (const { client } of consoles) client.event(kind, path);
    for (const { client } of gateways) client.event(kind, path);
  };
  database.edit([
    { id: "a", remove: false },
    { id: "b", remove: false },
  ]);
  publishAtOnce(world);
  for (let index = 0; index < size.consoles; index += 1) openConsole(world, index);
  for (let index = 0; index < size.gateways; index += 1) openGateway(world, index, EMPTY_SNAPSHOT);
  return world;
}

/** As if everything had been published before the run. */
function publishAtOnce({ server, database }: World): void {
  const by = { session: 0n, genuine: true };
  const { incarnation, revision, documents } = database.state;
  server.ensurePath(by, paths.election(ROOT));
  for (const kind of POLICY_KINDS) server.ensurePath(by, paths.kind(ROOT, kind));
  for (const document of documents.values()) {
    server.create(by, paths.document(ROOT, document.key), encodeDocument(document), {});
  }
  server.create(by, paths.head(ROOT), encodeHead(makeHead(incarnation, revision, documents.values())), {});
}

/** Starts console `index`; the one that was there must be dead. */
export function openConsole(world: World, index: number): void {
  const { scheduler, random, server, database, oracle, weather, mutant, tell } = world;
  const process = newProcess(`console ${index}`);
  const client: SimulatedClient = openSimulatedClient({
    server,
    scheduler,
    random,
    owner: process,
    weather,
    genuine: true,
    tell,
    candidacy: () => election.node(),
    onCommit(changes, candidacy) {
      const isCandidate = candidacy !== null && server.nodes.has(candidacy);
      oracle.wrote({ console: process.name, changes, candidacy, isCandidate });
    },
  });
  const loops = steppedLoops(scheduler, process);
  const election = standForElection(client, ROOT, process.name, log, loops.open);
  const source = database.source(scheduler, process, () => random.chance(weather.databaseFails));
  const context = { database, election };
  const publisher = publishPolicy(mutant.consoleNodes?.(client, context) ?? client, {
    root: ROOT,
    consoleId: process.name,
    election,
    source: mutant.source?.(source, context) ?? source,
    log,
    onDrift({ key, foundHash, action }) {
      if (action === "hold") database.hold(key, foundHash, random.pick(["none", "restore", "ignore"]));
    },
    onSettled: (keys) => database.settle(keys),
    onReport: (report) => database.noteReport(report),
    gateways: mutant.gatewaysUnasked === true ? NOBODY : acknowledgements(world),
    appliedEverywhere: () => appliedEverywhere(world),
    openLoop: mutant.publisherLoop?.(loops.open, context) ?? loops.open,
  });
  world.consoles[index] = { process, client, election, publisher, loops };
}

const NOBODY: AppliedWatch = { current: () => ({ acknowledgements: [] }), onChange: () => () => {} };

/** Nobody hears of a change: the publisher finds out when it next looks. */
function acknowledgements(world: World): AppliedWatch {
  return { ...NOBODY, current: () => ({ acknowledgements: applied(world) }) };
}

/** A gateway that is out of reach has no acknowledgement. */
function applied({ gateways }: World): Applied[] {
  const within = gateways.filter(({ process, client }) => !process.paused && client.sessionId() !== null);
  return within.map(({ process, follower }) => {
    const { incarnation, revision } = follower.current();
    return { gatewayId: process.name, incarnation, revision };
  });
}

function appliedEverywhere(world: World): number | null {
  const own = world.database.state.incarnation;
  const revisions = applied(world).map(({ incarnation, revision }) => (incarnation === own ? revision : 0));
  return revisions.length === 0 ? null : Math.min(...revisions);
}

/** Starts gateway `index` with what its disk holds; the one that was there must be dead. */
export function openGateway(world: World, index: number, initial: PolicySnapshot): void {
  const { scheduler, random, server, oracle, weather, mutant, tell } = world;
  const process = newProcess(`gateway ${index}`);
  const client = openSimulatedClient({
    server,
    scheduler,
    random,
    owner: process,
    weather,
    genuine: false,
    tell,
    candidacy: () => null,
    onCommit: () => {},
  });
  const loops = steppedLoops(scheduler, process);
  const startOver = (): void => {
    process.dead = true;
    scheduler.bury(process);
    openGateway(world, index, EMPTY_SNAPSHOT);
  };
  const follower = followPolicy(mutant.gatewayNodes?.(client, { startOver }) ?? client, {
    root: ROOT,
    initial,
    log,
    openLoop: loops.open,
  });
  follower.onSnapshot((snapshot) => {
    const held = heldBy(snapshot).map(({ key, revision, mark }) => `${key}@${revision}=${mark}`);
    tell?.(
      `${process.name} applied ${snapshot.incarnation} ${snapshot.revision}: ${held.join(" ")}; refused ${JSON.stringify(follower.refused())}`,
    );
    oracle.applied(process.name, snapshot, follower.refused());
  });
  world.gateways[index] = { process, client, follower, loops };
}
