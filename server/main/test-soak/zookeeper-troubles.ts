import { setTimeout as sleep } from "node:timers/promises";
import { eventually, startTestZooKeeper, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import { Lane, PATIENCE_MS, ROOT } from "./lane.ts";
import { begin, type Setting } from "./setting.ts";

const AT_ONCE = 2;
const LOOK_EVERY_MS = 20;
/** Bytes of a packet: a session fits, and an edit of 50 KB does not. */
const SMALL_PACKET = 16_384;
const QUOTA = `/zookeeper/quota${ROOT}`;
const NO_MORE = "count=-1,bytes=-1=;byteHardLimit=1;countHardLimit=1";

/** One server that minds quotas. */
export async function openTroubledSetting(seed: number): Promise<Setting> {
  return begin(await Lane.open({ seed, server: await startTestZooKeeper({ enforceQuota: "true" }) }));
}

export const ZOOKEEPER_TROUBLES: readonly ((setting: Setting) => Promise<void>)[] = [
  exceedQuota,
  refuseLargePackets,
  goBackInTime,
  standStillAgainAndAgain,
];

/** A quota that somebody set leaves no room below the root, and is lifted. */
async function exceedQuota({ lane, leader }: Setting): Promise<void> {
  // The next edit of the same object is 50 KB larger than what is published.
  const { revision } = await lane.editor.one(leader);
  await eventually(
    `revision ${revision} is published`,
    async () => ((await leader.report())?.publishedRevision ?? 0) >= revision,
    PATIENCE_MS,
  );
  await lane.zk.ensurePath(QUOTA);
  await lane.zk.create(`${QUOTA}/zookeeper_stats`, Buffer.from("count=1,bytes=0"));
  await lane.zk.create(`${QUOTA}/zookeeper_limits`, Buffer.from(NO_MORE));
  lane.editor.heavy = true;
  await saysWhileStuck(lane, leader, "a quota");
  lane.editor.heavy = false;
  for (const name of ["zookeeper_limits", "zookeeper_stats"]) await lane.zk.remove(`${QUOTA}/${name}`, -1);
  await lane.zk.remove(QUOTA, -1);
  await lane.check("a quota was exceeded", [leader]);
}

/** The server cuts every connection that brings it an edit of 50 KB; started as before, it takes it. */
async function refuseLargePackets({ lane, leader }: Setting): Promise<void> {
  await lane.server.crash();
  // It could not read a log that has larger transactions either.
  lane.server.wipe();
  await lane.server.start([`-Djute.maxbuffer=${SMALL_PACKET}`]);
  await lane.leaderOf([leader]);
  lane.editor.heavy = true;
  await saysWhileStuck(lane, leader, "a limit of packets");
  lane.editor.heavy = false;
  await lane.server.crash();
  await lane.server.start();
  await lane.check("packets were too large", [leader]);
}

/** The server comes back with what it had some edits ago, as from a backup: everybody has seen later transactions. */
async function goBackInTime({ lane, leader }: Setting): Promise<void> {
  await lane.server.crash();
  const restore = lane.server.backUp();
  await lane.server.start();
  await lane.leaderOf([leader]);
  await lane.editor.burst(leader, AT_ONCE);
  await lane.check("a backup of ZooKeeper", [leader]);
  const edits = lane.editor.edits(() => leader, AT_ONCE);
  await sleep(lane.random.below(200));
  const served = watchServed(lane);
  await lane.server.crash();
  restore();
  lane.zooKeeperWentBack();
  await lane.server.start();
  await edits.stop();
  await served.stop();
  await lane.check("ZooKeeper came back with older data", [leader]);
}

/** Looks all the time whether the gateway goes back from what it has in force. */
function watchServed({ gateway, failures }: Lane<TestZooKeeper>): { stop(): Promise<void> } {
  let goesOn = true;
  const looking = (async () => {
    for (let before = 0; goesOn;) {
      const { revision } = await gateway.config();
      if (revision < before) failures.push(`the gateway went back from revision ${before} to ${revision}`);
      before = revision;
      await sleep(LOOK_EVERY_MS);
    }
  })();
  return {
    stop() {
      goesOn = false;
      return looking;
    },
  };
}

/** A machine that has too much else to do: it stands still for up to a second, again and again. */
async function standStillAgainAndAgain({ lane, leader }: Setting): Promise<void> {
  const edits = lane.editor.edits(() => leader, AT_ONCE);
  for (let times = 1 + lane.random.below(4); times > 0; times -= 1) {
    await lane.server.freeze();
    await sleep(lane.random.below(1000));
    lane.server.thaw();
    await sleep(lane.random.below(300));
  }
  await edits.stop();
  await lane.check("ZooKeeper stood still again and again", [leader]);
}

/** Edits are saved, and none of it counts as published while ZooKeeper takes nothing. */
async function saysWhileStuck(lane: Lane<TestZooKeeper>, leader: Setting["leader"], what: string): Promise<void> {
  const { revision } = await lane.editor.one(leader);
  await lane.editor.burst(leader, AT_ONCE);
  await sleep(1500);
  const report = await leader.report();
  if (report === null) throw new Error(`${what}: the console is gone: ${leader.said()}`);
  if ((report.publishedRevision ?? 0) >= revision)
    lane.failures.push(`${what} was in the way, and revision ${revision} is said to be published`);
}
