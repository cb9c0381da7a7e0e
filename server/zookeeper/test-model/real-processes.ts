import { setTimeout as pass } from "node:timers/promises";
import type { PolicySnapshot } from "#domain/snapshot.ts";
import { standForElection, type Election } from "../election.ts";
import { ZooKeeperFailure } from "../failure.ts";
import type { NodeOperations } from "../operations.ts";
import { followPolicy, type PolicyFollower } from "../policy-follower.ts";
import { publishPolicy, type Publisher } from "../policy-publisher.ts";
import type { ZooKeeper } from "../session.ts";
import { quietLog, type TestZooKeeper } from "../test-harness.ts";
import type { ModelDatabase } from "./model-database.ts";
import type { Oracle } from "./oracle.ts";
import type { Random } from "./random.ts";
import type { Process } from "./scheduler.ts";
import { newProcess, ROOT } from "./world.ts";

/** What the processes of a run against a real server share. */
export interface RealSetting {
  readonly server: TestZooKeeper;
  /** Keeps runs on one server apart: `/name`. */
  readonly chroot: string;
  readonly random: Random;
  readonly database: ModelDatabase;
  readonly oracle: Oracle;
  /** Chance that the answer to a call is lost. */
  readonly weather: { cut: number };
}

export interface RealConsole {
  readonly process: Process;
  readonly election: Election;
  readonly publisher: Publisher;
  stop(): Promise<void>;
}

export interface RealGateway {
  readonly process: Process;
  readonly follower: PolicyFollower;
  stop(): Promise<void>;
}

/** Short, so that what no hint tells is found soon. */
const EVERY_MS = 500;
const PAUSED_MS = 5;

export function openRealConsole(setting: RealSetting, index: number, gateways: readonly RealGateway[]): RealConsole {
  const { server, chroot, database, random } = setting;
  const process = newProcess(`console ${index}`);
  const zk = server.connect({ chroot });
  const nodes = disturbed(zk, process, setting);
  const election = standForElection(zk, ROOT, process.name, quietLog);
  const soon = { add: (_: Process, run: () => void): void => void setImmediate(run) };
  const publisher = publishPolicy(nodes, {
    root: ROOT,
    consoleId: process.name,
    election,
    source: database.source(soon, process, () => false),
    log: quietLog,
    onDrift({ key, foundHash, action }) {
      if (action === "hold") database.hold(key, foundHash, random.pick(["none", "restore", "ignore"]));
    },
    onSettled: (keys) => database.settle(keys),
    onReport: (report) => database.noteReport(report),
    gateways: {
      current: () => ({
        acknowledgements: gateways.map(({ process: { name }, follower }) => ({
          gatewayId: name,
          ...follower.current(),
        })),
      }),
      onChange: () => () => {},
    },
    appliedEverywhere: () => Math.min(...gateways.map(({ follower }) => appliedBy(follower, database))),
    everyMs: EVERY_MS,
  });
  return {
    process,
    election,
    publisher,
    async stop() {
      process.dead = true;
      await publisher.stop();
      await election.stop();
      await zk.stop();
    },
  };
}

export function openRealGateway(setting: RealSetting, index: number, initial: PolicySnapshot): RealGateway {
  const { server, chroot, oracle } = setting;
  const process = newProcess(`gateway ${index}`);
  const zk = server.connect({ chroot });
  const follower = followPolicy(disturbed(zk, process, setting), {
    root: ROOT,
    initial,
    log: quietLog,
    everyMs: EVERY_MS,
  });
  follower.onSnapshot((snapshot) => oracle.applied(process.name, snapshot, follower.refused()));
  return {
    process,
    follower,
    async stop() {
      process.dead = true;
      await follower.stop();
      await zk.stop();
    },
  };
}

function appliedBy(follower: PolicyFollower, { state }: ModelDatabase): number {
  const { incarnation, revision } = follower.current();
  return incarnation === state.incarnation ? revision : 0;
}

/** The facade of a process that may stand still, or be dead, and whose calls may be cut off before or after they were carried out. */
function disturbed(zk: ZooKeeper, process: Process, { weather, random }: RealSetting): ZooKeeper {
  async function call<T>(operation: string, path: string, send: () => Promise<T>): Promise<T> {
    const lost = (): ZooKeeperFailure => new ZooKeeperFailure("CONNECTION_LOSS", { operation, path });
    while (process.paused && !process.dead) await pass(PAUSED_MS);
    if (process.dead) throw lost();
    const isCut = random.chance(weather.cut);
    if (isCut && random.chance(0.5)) throw lost();
    const result = await send();
    if (isCut) throw lost();
    return result;
  }
  const nodes: NodeOperations = {
    read: (path, onHint) => call("read", path, () => zk.read(path, onHint)),
    children: (path, onHint) => call("children", path, () => zk.children(path, onHint)),
    write: (path, data, version) => call("write", path, () => zk.write(path, data, version)),
    create: (path, data, how) => call("create", path, () => zk.create(path, data, how)),
    remove: (path, version) => call("remove", path, () => zk.remove(path, version)),
    multi: (ops) => call("multi", ops[0]?.path ?? "/", () => zk.multi(ops)),
    ensurePath: (path, access, parents) => call("ensurePath", path, () => zk.ensurePath(path, access, parents)),
    secure: (path, access, seen) => call("secure", path, () => zk.secure(path, access, seen)),
  };
  return { ...zk, ...nodes };
}
