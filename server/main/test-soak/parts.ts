import { CLOCK_JUMPS } from "./clocks.ts";
import { closeDiskSetting, FULL_DISKS, openDiskSetting } from "./full-disks.ts";
import { GATEWAY_TROUBLES } from "./gateway-troubles.ts";
import { closeDatabaseSetting, openDatabaseSetting, POSTGRES_TROUBLES } from "./postgres-troubles.ts";
import { mountProblem } from "./small-disk.ts";
import type { TestEnsemble, TestZooKeeper } from "#zookeeper/test-harness.ts";
import { closeSplitSetting, openSplitSetting, SPLITS } from "./split-ensembles.ts";
import { openTroubledSetting, ZOOKEEPER_TROUBLES } from "./zookeeper-troubles.ts";
import { fuzz } from "./fuzz.ts";
import { KILLS, killAt } from "./failpoint-kills.ts";
import type { Lane } from "./lane.ts";
import { largeMesh } from "./large-mesh.ts";
import { manyGateways } from "./many-gateways.ts";
import { modelRuns, modelScripts } from "./model-runs.ts";
import { killAtRandom, killPostgres, killZooKeeperLeader, wipe } from "./outages.ts";
import { partition } from "./partitions.ts";
import type { Outcome, Part, PartRun } from "./part.ts";
import { inLanes } from "./rounds.ts";
import {
  closePartitionSetting,
  openEnsembleSetting,
  openPartitionSetting,
  openSetting,
  type Setting,
} from "./setting.ts";
import { makeZombie, ZOMBIES } from "./zombies.ts";

/** Something that rounds are run in. */
interface Opened {
  readonly lane: Lane<TestZooKeeper> | Lane<TestEnsemble>;
}

interface Rounds<Own extends Opened> {
  /** Default: what `run` says. */
  readonly count?: number;
  readonly open: (seed: number) => Promise<Own>;
  readonly round: (setting: Own, index: number) => Promise<unknown>;
  readonly close?: (setting: Own) => Promise<void>;
}

/** What a round draws follows from the seed and its own number, whoever runs it, and whatever was drawn before. */
async function rounds<Own extends Opened>(run: PartRun, options: Rounds<Own>): Promise<Outcome> {
  const { open, round, close = ({ lane }) => lane.close(), count = run.count } = options;
  const { seed, lanes, untilMs, onProgress } = run;
  return inLanes({
    count,
    lanes,
    untilMs,
    onProgress: (done, failures, problems) => onProgress(done, count, failures, problems),
    open: (lane) => open(seed + lane),
    async round(setting, index) {
      setting.lane.beginRound(seed, index);
      await round(setting, index);
      return setting.lane.takeFailures();
    },
    close,
    times: ({ lane }) => lane.convergedMs,
  });
}

/** Rounds against one server of ZooKeeper, one console that leads, and a gateway. */
function simple(
  run: PartRun,
  count: number,
  round: (setting: Setting, index: number) => Promise<unknown>,
): Promise<Outcome> {
  return rounds(run, { count, open: openSetting, round });
}

/** What is tried, one after another, in settings that have to be opened in their own way. */
function inTurn<Own extends Opened>(
  open: (seed: number) => Promise<Own>,
  turns: readonly ((setting: Own) => Promise<void>)[],
  close?: (setting: Own) => Promise<void>,
): (run: PartRun) => Promise<Outcome> {
  return (run) =>
    rounds(run, {
      open,
      round: async (setting, index) => turns[index % turns.length]?.(setting),
      ...(close !== undefined && { close }),
    });
}

/** Needs the right to mount: where it lacks that, the part says so and tries nothing. */
async function fullDisks(run: PartRun): Promise<Outcome> {
  const skipped = mountProblem();
  if (skipped !== "") return { rounds: 0, figures: { skipped }, failures: [] };
  return inTurn(openDiskSetting, FULL_DISKS, closeDiskSetting)(run);
}

/** At every place once, then at every place again: what is cut short is cut short evenly. */
async function failpoints(run: PartRun): Promise<Outcome> {
  const kills = run.only.length === 0 ? KILLS : KILLS.filter(({ name }) => run.only.includes(name));
  const killed = new Map<string, number>();
  const outcome = await simple(run, kills.length * run.count, async (setting, index) => {
    const kill = kills[index % kills.length];
    if (kill === undefined) return;
    setting.leader = await killAt(setting.lane, kill, setting.leader);
    killed.set(kill.name, (killed.get(kill.name) ?? 0) + 1);
  });
  const least = Math.min(...kills.map(({ name }) => killed.get(name) ?? 0));
  return { ...outcome, figures: { ...outcome.figures, failpoints: kills.length, "kills at each, at least": least } };
}

/** Each kind of zombie, two kills at random, a kill of PostgreSQL and a wipe, one after another in one setting. */
async function mixed(run: PartRun): Promise<Outcome> {
  const turns: readonly ((setting: Setting) => Promise<unknown>)[] = [
    ...ZOMBIES.map((zombie) => async (setting: Setting) => {
      setting.leader = await makeZombie(setting.lane, zombie, setting.leader);
    }),
    ...[1, 2].map(() => async (setting: Setting) => {
      setting.leader = await killAtRandom(setting.lane, setting.leader);
    }),
    ({ lane, leader }) => killPostgres(lane, leader),
    ({ lane, leader }) => wipe(lane, leader),
  ];
  return simple(run, run.count, async (setting, index) => turns[index % turns.length]?.(setting));
}

export const PARTS: readonly Part[] = [
  { name: "failpoints", counts: "kills at each failpoint", count: 200, run: failpoints },
  {
    name: "random-kills",
    counts: "kills of the leading console",
    count: 200,
    run: (run) =>
      simple(run, run.count, async (setting) => {
        setting.leader = await killAtRandom(setting.lane, setting.leader);
      }),
  },
  {
    name: "zombies",
    counts: "leaders stopped and continued",
    count: 50,
    run: (run) =>
      simple(run, run.count, async (setting, index) => {
        const zombie = ZOMBIES[index % ZOMBIES.length] ?? ZOMBIES[0];
        if (zombie !== undefined) setting.leader = await makeZombie(setting.lane, zombie, setting.leader);
      }),
  },
  {
    name: "postgres-kills",
    counts: "kills of PostgreSQL",
    count: 50,
    run: (run) => simple(run, run.count, ({ lane, leader }) => killPostgres(lane, leader)),
  },
  {
    name: "wipes",
    counts: "times ZooKeeper lost everything",
    count: 50,
    run: (run) => simple(run, run.count, ({ lane, leader }) => wipe(lane, leader)),
  },
  {
    name: "leader-kills",
    counts: "kills of the leader of an ensemble of three",
    count: 100,
    // An ensemble is three servers: one at a time.
    run: (run) =>
      inTurn(openEnsembleSetting, [({ lane, leader }) => killZooKeeperLeader(lane, leader)])({ ...run, lanes: 1 }),
  },
  {
    name: "partitions",
    counts: "disturbances of the network",
    count: 1000,
    run: inTurn(
      openPartitionSetting,
      [({ lane, consoles, networks }) => partition(lane, consoles, networks)],
      closePartitionSetting,
    ),
  },
  { name: "full-disks", counts: "disks that were full or read-only", count: 100, run: fullDisks },
  {
    name: "clocks",
    counts: "times a wall clock was set",
    count: 100,
    run: inTurn(openSetting, CLOCK_JUMPS),
  },
  {
    name: "postgres-troubles",
    counts: "times PostgreSQL was in trouble without being gone",
    count: 100,
    run: inTurn(openDatabaseSetting, POSTGRES_TROUBLES, closeDatabaseSetting),
  },
  {
    name: "zookeeper-troubles",
    counts: "times ZooKeeper was in trouble without being gone",
    count: 100,
    run: inTurn(openTroubledSetting, ZOOKEEPER_TROUBLES),
  },
  {
    name: "gateway-troubles",
    counts: "times a gateway stood still, or its disk lost something",
    count: 100,
    run: inTurn(openSetting, GATEWAY_TROUBLES),
  },
  {
    name: "split-ensembles",
    counts: "members of an ensemble of three cut off, with a console",
    count: 50,
    // An ensemble is three servers: one at a time.
    run: (run) => inTurn(openSplitSetting, SPLITS, closeSplitSetting)({ ...run, lanes: 1 }),
  },
  { name: "mixed", counts: "zombies, kills and wipes in turn", count: 100, run: mixed },
  { name: "large-mesh", counts: "policies, published and rebuilt after a wipe", count: 10_000, run: largeMesh },
  { name: "gateways", counts: "gateways on one ensemble", count: 200, run: manyGateways },
  { name: "model", counts: "interleavings of the protocol in memory", count: 1_000_000, run: modelRuns },
  { name: "model-scripts", counts: "of the model's scripts against a real server", count: 1000, run: modelScripts },
  { name: "fuzz", counts: "bodies of znodes", count: 1_000_000, run: fuzz },
];
