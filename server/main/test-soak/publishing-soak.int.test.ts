import { describe, expect, it } from "vitest";
import { CLOCK_JUMPS } from "./clocks.ts";
import { FULL_DISKS } from "./full-disks.ts";
import { GATEWAY_TROUBLES } from "./gateway-troubles.ts";
import { POSTGRES_TROUBLES } from "./postgres-troubles.ts";
import { mountProblem } from "./small-disk.ts";
import { SPLITS } from "./split-ensembles.ts";
import { ZOOKEEPER_TROUBLES } from "./zookeeper-troubles.ts";
import { KILLS } from "./failpoint-kills.ts";
import { PARTS } from "./parts.ts";
import { ZOMBIES } from "./zombies.ts";

/** The short form of `npm run soak:publishing`: parts a few times, with the same seed each time. */
const SEED = 1;

async function expectZeros(name: string, count: number, rounds: number, lanes = 1): Promise<void> {
  const run = { count, seed: SEED, lanes, untilMs: Number.POSITIVE_INFINITY, only: [], onProgress: () => undefined };
  const outcome = await PARTS.find((known) => known.name === name)?.run(run);
  expect(outcome?.failures).toEqual([]);
  expect(outcome?.rounds).toBe(rounds);
}

// Beside each other: mostly they wait.
describe.concurrent("no acknowledged edit is lost, none is unaudited, and everything converges", () => {
  it("after a kill at each named place between two steps", () => expectZeros("failpoints", 1, KILLS.length), 300_000);

  it("after each kind of zombie, kills at random, a kill of PostgreSQL and a wipe of ZooKeeper", async () => {
    const turns = ZOMBIES.length + 4;
    await expectZeros("mixed", turns, turns);
  }, 300_000);

  it("after kills of the leader of an ensemble of three, and bad networks", async () => {
    await expectZeros("leader-kills", 2, 2);
    await expectZeros("partitions", 10, 10);
    await expectZeros("split-ensembles", SPLITS.length, SPLITS.length);
  }, 300_000);

  it("while PostgreSQL, ZooKeeper or a gateway is in trouble without being gone", async () => {
    await expectZeros("postgres-troubles", POSTGRES_TROUBLES.length, POSTGRES_TROUBLES.length);
    await expectZeros("zookeeper-troubles", ZOOKEEPER_TROUBLES.length, ZOOKEEPER_TROUBLES.length);
    await expectZeros("gateway-troubles", GATEWAY_TROUBLES.length, GATEWAY_TROUBLES.length);
  }, 300_000);

  it("after clocks were set", () => expectZeros("clocks", CLOCK_JUMPS.length, CLOCK_JUMPS.length), 300_000);

  // Mounting a small disk takes the rights of root.
  it.skipIf(mountProblem() !== "")(
    "after disks were full or read-only",
    () => expectZeros("full-disks", FULL_DISKS.length, FULL_DISKS.length),
    300_000,
  );
});
