import { setTimeout as sleep } from "node:timers/promises";
import { decodeHead } from "#zookeeper/codec.ts";
import { paths } from "#zookeeper/paths.ts";
import type { ZooKeeper } from "#zookeeper/session.ts";
import { openEnsembleNetwork, type EnsembleNetwork } from "#zookeeper/test-ensemble-network.ts";
import { eventually, startTestEnsemble, type TestEnsemble } from "#zookeeper/test-harness.ts";
import type { ConsoleChild } from "./console-child.ts";
import { Lane, PATIENCE_MS, ROOT } from "./lane.ts";
import { begin, type Setting } from "./setting.ts";

/** An ensemble of three with a network between its members. A console knows the first member alone, and another the others. */
export interface SplitSetting extends Setting<TestEnsemble> {
  readonly network: EnsembleNetwork;
}

const AT_ONCE = 2;
const ALONE = 0;
/** A member that hears nothing for 2 s knows that it is cut off; until then it answers by what it last heard. */
const UNNOTICED_MS = 1500;

export async function openSplitSetting(seed: number): Promise<SplitSetting> {
  const network = openEnsembleNetwork();
  // A member that is cut off serves whoever is content to read: ours must not be.
  const server = await startTestEnsemble({ link: network.link, jvm: ["-Dreadonlymode.enabled=true"] });
  return { ...(await begin(await Lane.open({ seed, server }))), network };
}

export async function closeSplitSetting({ lane, network }: SplitSetting): Promise<void> {
  await lane.close();
  await network.stop();
}

export const SPLITS: readonly ((setting: SplitSetting) => Promise<void>)[] = [leadFromMinority, readFromLaggard];

/**
 * The leading console knows one member only, which is cut off from the other two: the next console leads by those. The
 * first must not believe that anything of it was published by itself.
 */
async function leadFromMinority(setting: SplitSetting): Promise<void> {
  const { lane, network } = setting;
  await lane.killConsole(setting.leader);
  const lonely = lane.startConsole(null, lane.server.addresses[ALONE]);
  await lane.leaderOf([lonely]);
  const next = lane.startConsole(null, majorityOf(lane));
  await lane.leaderOf([lonely, next]);
  const majority = lane.server.connect({ address: majorityOf(lane), sessionTimeoutMs: 4000 });
  await eventually("the others answer", () => majority.read(paths.head(ROOT)), PATIENCE_MS);
  const edits = lane.editor.edits(() => lane.editor.anyOf([lonely, next]), AT_ONCE);
  await sleep(lane.random.below(200));
  network.cutOff(ALONE);
  await eventually(
    "the console of the majority leads",
    async () => {
      await believesNothing(lane, lonely, majority);
      return (await next.report())?.isLeader === true;
    },
    PATIENCE_MS,
  );
  await eventually("the console that is cut off knows it", async () => (await lonely.report())?.isLeader === false);
  const before = (await lonely.report())?.multis ?? 0;
  await lane.editor.one(next);
  await believesNothing(lane, lonely, majority);
  network.heal();
  await edits.stop();
  await lane.check("the leading console was cut off with one member of three", [lonely, next]);
  if ((await lane.leaderOf([lonely, next])) === next && ((await lonely.report())?.multis ?? 0) > before)
    lane.failures.push("the console that was cut off wrote after another one led");
  await majority.stop();
  await lane.killConsole(lonely);
  setting.leader = next;
}

/** A console starts on a member that hears nothing of the leader and does not know it yet: what it reads is older. */
async function readFromLaggard(setting: SplitSetting): Promise<void> {
  const { lane, network, leader } = setting;
  await lane.leaderOf([leader]);
  const zookeeper = await leadingMember(lane.server);
  const laggard = zookeeper === ALONE ? ALONE + 1 : ALONE;
  const next = lane.startConsole(null, lane.server.addresses[laggard]);
  await lane.leaderOf([leader, next]);
  const edits = lane.editor.edits(() => leader, AT_ONCE);
  network.cutOff(laggard, zookeeper);
  await sleep(lane.random.below(UNNOTICED_MS));
  // It comes to lead, if it can, by what it reads there.
  await lane.killConsole(leader);
  await sleep(lane.random.below(UNNOTICED_MS));
  network.heal();
  await edits.stop();
  await lane.check("a console led by way of a member that lagged", [next]);
  setting.leader = next;
}

/** What it takes for published, the majority has. */
async function believesNothing(lane: Lane<TestEnsemble>, lonely: ConsoleChild, majority: ZooKeeper): Promise<void> {
  const believed = (await lonely.report())?.publishedRevision ?? 0;
  const node = await majority.read(paths.head(ROOT));
  const head = node === null ? null : decodeHead(node.data);
  if (head?.ok === true && believed > head.value.revision)
    lane.failures.push(`cut off, it takes ${believed} for published; the majority has ${head.value.revision}`);
}

function majorityOf({ server }: Lane<TestEnsemble>): string {
  return server.addresses.filter((_, index) => index !== ALONE).join(",");
}

async function leadingMember(ensemble: TestEnsemble): Promise<number> {
  const { index } = await eventually(
    "the ensemble has a leader",
    async () => {
      const found = await ensemble.leader();
      return found === null ? null : { index: found };
    },
    PATIENCE_MS,
  );
  return index;
}
