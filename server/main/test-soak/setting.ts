import { startFaultProxy } from "#zookeeper/test-fault-proxy.ts";
import {
  startTestEnsemble,
  startTestZooKeeper,
  type TestEnsemble,
  type TestZooKeeper,
} from "#zookeeper/test-harness.ts";
import type { ConsoleChild } from "./console-child.ts";
import { Lane } from "./lane.ts";
import type { Networks } from "./partitions.ts";

/** A lane with a console that leads. */
export interface Setting<Server extends TestZooKeeper | TestEnsemble = TestZooKeeper> {
  readonly lane: Lane<Server>;
  /** The one that is asked for edits; changes when it is killed. */
  leader: ConsoleChild;
}

const FIRST_EDITS = 6;

/** One server of ZooKeeper. */
export async function openSetting(seed: number): Promise<Setting> {
  return begin(await Lane.open({ seed, server: await startTestZooKeeper() }));
}

/** An ensemble of three. */
export async function openEnsembleSetting(seed: number): Promise<Setting<TestEnsemble>> {
  return begin(await Lane.open({ seed, server: await startTestEnsemble() }));
}

/** Starts a console that leads, and makes the first edits. `databaseUrl`: where it finds PostgreSQL, if not where all do. */
export async function begin<Server extends TestZooKeeper | TestEnsemble>(
  lane: Lane<Server>,
  databaseUrl?: string,
): Promise<Setting<Server>> {
  const leader = lane.startConsole(null, lane.server.address, databaseUrl);
  await lane.leaderOf([leader]);
  await lane.editor.burst(leader, FIRST_EDITS);
  await lane.check("the start", [leader]);
  return { lane, leader };
}

/** Two consoles and a gateway, each behind a network of its own. */
export interface PartitionSetting {
  readonly lane: Lane<TestZooKeeper>;
  readonly consoles: readonly ConsoleChild[];
  readonly networks: Networks;
}

export async function openPartitionSetting(seed: number): Promise<PartitionSetting> {
  const server = await startTestZooKeeper();
  const networks = {
    consoles: [await startFaultProxy(server.address), await startFaultProxy(server.address)],
    gateway: await startFaultProxy(server.address),
  };
  const lane = await Lane.open({ seed, server, gatewayAddress: networks.gateway.address });
  const consoles = networks.consoles.map(({ address }) => lane.startConsole(null, address));
  const leader = await lane.leaderOf(consoles);
  await lane.editor.burst(leader, FIRST_EDITS);
  await lane.check("the start", consoles);
  return { lane, consoles, networks };
}

export async function closePartitionSetting({ lane, networks }: PartitionSetting): Promise<void> {
  await lane.close();
  for (const network of [...networks.consoles, networks.gateway]) await network.stop();
}
