import { readLastGood, stateFiles } from "#gateway/last-good.ts";
import { readMesh } from "#db/mesh-repository.ts";
import { Acknowledgement } from "#domain/gateway-info.ts";
import { decode } from "#zookeeper/codec.ts";
import { paths } from "#zookeeper/paths.ts";
import { eventually, quietLog, startTestZooKeeper, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import { Lane, PATIENCE_MS, ROOT } from "./lane.ts";
import { begin, type Setting } from "./setting.ts";
import { mountSmallDisk, type SmallDisk } from "./small-disk.ts";

/** PostgreSQL, ZooKeeper and the gateway, each on a small disk of its own. */
export interface DiskSetting extends Setting {
  readonly disks: Disks;
}

type Disks = Readonly<Record<"postgres" | "zookeeper" | "gateway", SmallDisk>>;

/** A new cluster takes 40 MB, and its write-ahead log up to 80. */
const POSTGRES_MB = 300;
const ZOOKEEPER_MB = 256;
const GATEWAY_MB = 4;
const RECOVERS_WITHIN_MS = 10_000;
/** More than the objects that have to be looked up first, which cannot be while PostgreSQL is in trouble. */
const AT_ONCE = 4;
const ACK_BYTES = 256 * 1024;
const GATEWAY_ID = "gateway-1";

export async function openDiskSetting(seed: number): Promise<DiskSetting> {
  const disks = {
    postgres: mountSmallDisk(POSTGRES_MB),
    zookeeper: mountSmallDisk(ZOOKEEPER_MB),
    gateway: mountSmallDisk(GATEWAY_MB),
  };
  const server = await startTestZooKeeper({}, disks.zookeeper.folder);
  const lane = await Lane.open({
    seed,
    server,
    databaseWithin: disks.postgres.folder,
    gatewayWithin: disks.gateway.folder,
  });
  return { ...(await begin(lane)), disks };
}

export async function closeDiskSetting({ lane, disks }: DiskSetting): Promise<void> {
  for (const disk of Object.values(disks)) disk.makeRoom();
  await lane.close();
  for (const disk of Object.values(disks)) disk.stop();
}

export const FULL_DISKS: readonly ((setting: DiskSetting) => Promise<void>)[] = [
  fillGateway,
  fillZooKeeper,
  fillPostgres,
  startOnReadOnlyDisk,
];

/** PostgreSQL's: what does not fit is not saved and not called saved. It may end itself, when its log does not fit. */
async function fillPostgres({ lane, leader, disks }: DiskSetting): Promise<void> {
  lane.editor.heavy = true;
  disks.postgres.fill();
  const edits = lane.editor.edits(() => leader, AT_ONCE);
  await eventually("an edit that does not fit", () => lane.editor.unanswered > 0, PATIENCE_MS);
  disks.postgres.makeRoom();
  await revive(lane);
  await edits.stop();
  lane.editor.heavy = false;
  await lane.check("PostgreSQL's disk was full", [leader]);
}

/** It recovers by itself, or has ended. */
async function revive({ database }: Lane<TestZooKeeper>): Promise<void> {
  try {
    await eventually("PostgreSQL answers", () => database.database.read(readMesh), RECOVERS_WITHIN_MS);
  } catch {
    await database.restart();
  }
}

/** ZooKeeper's: it ends itself, and cannot start before there is room. Edits are saved meanwhile. */
async function fillZooKeeper({ lane, leader, disks }: DiskSetting): Promise<void> {
  disks.zookeeper.fill();
  const edits = lane.editor.edits(() => leader, AT_ONCE);
  await eventually("ZooKeeper gave up", () => lane.zk.status().state !== "up", PATIENCE_MS);
  await edits.stop();
  const { revision } = await lane.database.database.read(readMesh);
  await lane.editor.one(leader);
  const after = await lane.database.database.read(readMesh);
  if (after.revision <= revision) lane.failures.push("ZooKeeper's disk is full, and an edit was not saved");
  await lane.server.crash();
  disks.zookeeper.makeRoom();
  await lane.server.start();
  await lane.check("ZooKeeper's disk was full", [leader]);
}

/** The gateway's: it serves by what is published, says that it cannot keep it, and acknowledges only what it kept. */
async function fillGateway(setting: DiskSetting): Promise<void> {
  const { lane, leader, disks } = setting;
  disks.gateway.fill();
  const edits = lane.editor.edits(() => leader, AT_ONCE);
  await servesWithoutDisk(setting);
  await edits.stop();
  disks.gateway.makeRoom();
  await lane.check("the gateway's disk was full", [leader]);
  await isKept(lane);
}

/** The gateway starts on a disk that takes nothing: it serves by what is on it, and by what is published since. */
async function startOnReadOnlyDisk(setting: DiskSetting): Promise<void> {
  const { lane, leader, disks } = setting;
  lane.gateway.kill("SIGKILL");
  await lane.gateway.exited();
  disks.gateway.readOnly(true);
  try {
    await lane.gateway.start();
    await lane.editor.burst(leader, AT_ONCE);
    await servesWithoutDisk(setting);
  } finally {
    disks.gateway.readOnly(false);
  }
  await lane.check("the gateway started on a read-only disk", [leader]);
  await isKept(lane);
}

/** Waits until the gateway says that it cannot keep what it serves by; what it has acknowledged has to be on the disk. */
async function servesWithoutDisk({ lane }: DiskSetting): Promise<void> {
  await eventually(
    "the gateway says that it cannot keep policy",
    async () => {
      const acknowledged = await acknowledgement(lane);
      const kept = await keptRevision(lane);
      if (acknowledged.revision > kept)
        lane.failures.push(`revision ${acknowledged.revision} is acknowledged, and ${kept} on the disk`);
      const served = (await lane.gateway.config()).revision;
      return acknowledged.refused.some(({ key }) => key === "disk") && served > kept;
    },
    PATIENCE_MS,
  );
}

/** What it acknowledges is on its disk, and nothing is refused any more. */
async function isKept(lane: Lane<TestZooKeeper>): Promise<void> {
  await eventually(
    "everything is acknowledged, and on the disk",
    async () => {
      const { revision, refused } = await acknowledgement(lane);
      const served = (await lane.gateway.config()).revision;
      return refused.length === 0 && revision === served && (await keptRevision(lane)) === served;
    },
    PATIENCE_MS,
  );
}

async function acknowledgement(lane: Lane<TestZooKeeper>): Promise<Acknowledgement> {
  const node = await lane.zk.read(`${paths.acknowledgements(ROOT)}/${GATEWAY_ID}`);
  if (node === null) throw new Error("the gateway has acknowledged nothing");
  const decoded = decode(node.data, Acknowledgement, ACK_BYTES);
  if (!decoded.ok) throw new Error(decoded.problem);
  return decoded.value;
}

async function keptRevision({ gateway }: Lane<TestZooKeeper>): Promise<number> {
  return (await readLastGood(stateFiles(gateway.dataDir, GATEWAY_ID), quietLog))?.policy.revision ?? 0;
}
