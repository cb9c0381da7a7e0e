import { describe, it } from "vitest";
import { expectZeros } from "./expect-zeros.ts";
import { KILLS } from "./failpoint-kills.ts";
import { ZOMBIES } from "./zombies.ts";

// Beside each other: mostly they wait.
describe.concurrent("no acknowledged edit is lost, none is unaudited, and everything converges", () => {
  it("after a kill at each named place between two steps", () => expectZeros("failpoints", 1, KILLS.length), 300_000);

  it("after each kind of zombie, kills at random, a kill of PostgreSQL and a wipe of ZooKeeper", async () => {
    const turns = ZOMBIES.length + 4;
    await expectZeros("mixed", turns);
  }, 300_000);

  it("after kills of the leader of an ensemble of three, and bad networks", async () => {
    await expectZeros("leader-kills", 2);
    await expectZeros("partitions", 10);
  }, 300_000);
});
