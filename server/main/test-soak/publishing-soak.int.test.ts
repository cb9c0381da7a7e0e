import { describe, expect, it } from "vitest";
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
  }, 300_000);
});
