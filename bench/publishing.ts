import { setTimeout as pause } from "node:timers/promises";
import { report, type BenchCase } from "./harness.ts";
import { startPublishingMesh, type PublishingMesh } from "./lab/publishing-mesh.ts";
import { stagesOf, stageTable } from "./lab/publishing-stages.ts";
import { startZooKeeperFloor } from "./lab/zookeeper-floor.ts";

/**
 * How long an edit takes from the database's answer to COMMIT until every gateway's acknowledgement is back at the
 * console: reading the database, the fenced transaction, the watch, reading, validating, compiling, the gateway's disk, and
 * the acknowledgement. The floor is what a change through the same ZooKeeper takes at least: setData, watch, getData.
 */
const WARM_UP = 30;
const EDITS = 300;
const MANY = 10_000;
const FEW = 100;
/** After an edit, consoles and gateways look once more at what they wrote: that must slow neither the floor nor the next edit. */
const REST_MS = 10;

interface Spread {
  readonly p50: number;
  readonly p99: number;
}

/** Nearest rank. */
function spreadOf(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

/** Ours and the floor in turn, so that what slows the machine slows both. */
async function measure(mesh: PublishingMesh, floor: () => Promise<number>): Promise<{ ours: Spread; floor: Spread }> {
  const ours: number[] = [];
  const least: number[] = [];
  for (let round = 0; round < WARM_UP + EDITS; round += 1) {
    await pause(REST_MS);
    const edit = await mesh.editOnce();
    await pause(REST_MS);
    const change = await floor();
    if (round < WARM_UP) continue;
    ours.push(edit);
    least.push(change);
  }
  return { ours: spreadOf(ours), floor: spreadOf(least) };
}

function casesOf(name: string, { ours, floor }: { ours: Spread; floor: Spread }): BenchCase[] {
  return [
    { name, ours: ours.p50, peers: { floor: floor.p50 }, unit: "ms", better: "lower" },
    { name: `${name}, p99`, ours: ours.p99, peers: { floor: floor.p99 }, unit: "ms", better: "lower" },
  ];
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function onGateways(count: number): Promise<BenchCase[]> {
  say(`${count} ${count === 1 ? "gateway" : "gateways"}: ${EDITS} edits …`);
  const mesh = await startPublishingMesh(count);
  const floor = await startZooKeeperFloor(mesh.zookeeper);
  try {
    const name = `commit to applied, ${count} ${count === 1 ? "gateway" : "gateways"}`;
    const cases = casesOf(name, await measure(mesh, () => floor.changeOnce()));
    return count === 1 ? [...cases, ...(await amongMany(mesh, () => floor.changeOnce()))] : cases;
  } finally {
    floor.stop();
    await mesh.stop();
  }
}

/** The same edit among few routes and among many: it must not cost more. */
async function amongMany(mesh: PublishingMesh, floor: () => Promise<number>): Promise<BenchCase[]> {
  say(`${FEW} routes …`);
  await mesh.grow(FEW);
  const few = await measure(mesh, floor);
  say(`${MANY} routes …`);
  await mesh.grow(MANY);
  const many = await measure(mesh, floor);
  const passes = [await mesh.fullPass(), await mesh.fullPass(), await mesh.fullPass()];
  if (passes.some(({ writes }) => writes > 0)) throw new Error("A full pass wrote although nothing had changed.");
  const peer = `among ${FEW}`;
  const beside = (title: string, of: keyof Spread): BenchCase => ({
    name: `one edit among ${MANY} routes${title}`,
    ours: many.ours[of],
    peers: { [peer]: few.ours[of] },
    unit: "ms",
    better: "lower",
  });
  const tookMs = passes.map((pass) => pass.tookMs).toSorted((a, b) => a - b)[1] ?? Number.NaN;
  return [
    beside("", "p50"),
    beside(", p99", "p99"),
    { name: `full pass over ${MANY} routes`, ours: tookMs, peers: {}, unit: "ms", better: "lower" },
  ];
}

/** Where the time of an edit goes on one gateway, step by step; in processes that note each step, so never for quoting. */
async function stages(): Promise<void> {
  const mesh = await startPublishingMesh(1, { traced: true });
  try {
    say(stageTable(await stagesOf(mesh, WARM_UP, EDITS)));
  } finally {
    await mesh.stop();
  }
}

if (process.argv.includes("--stages")) await stages();
else await report("publishing", [...(await onGateways(1)), ...(await onGateways(5))]);
