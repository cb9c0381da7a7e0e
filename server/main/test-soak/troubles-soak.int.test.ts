import { describe, it } from "vitest";
import { CLOCK_JUMPS } from "./clocks.ts";
import { expectZeros } from "./expect-zeros.ts";
import { FULL_DISKS } from "./full-disks.ts";
import { GATEWAY_TROUBLES } from "./gateway-troubles.ts";
import { POSTGRES_TROUBLES } from "./postgres-troubles.ts";
import { mountProblem } from "./small-disk.ts";
import { SPLITS } from "./split-ensembles.ts";
import { ZOOKEEPER_TROUBLES } from "./zookeeper-troubles.ts";

// Beside each other: mostly they wait.
describe.concurrent("nothing is lost, and everything converges, where something is in trouble without being gone", () => {
  it("PostgreSQL", () => expectZeros("postgres-troubles", POSTGRES_TROUBLES.length), 300_000);

  it("ZooKeeper, or a member of an ensemble that is cut off", async () => {
    await expectZeros("zookeeper-troubles", ZOOKEEPER_TROUBLES.length);
    await expectZeros("split-ensembles", SPLITS.length);
  }, 300_000);

  it("a gateway, or a clock that is set", async () => {
    await expectZeros("gateway-troubles", GATEWAY_TROUBLES.length);
    await expectZeros("clocks", CLOCK_JUMPS.length);
  }, 300_000);

  // Mounting a small disk takes the rights of root: without them the part tries nothing, and says so.
  it("a disk, where one can be mounted", async () => {
    const rounds = mountProblem() === "" ? FULL_DISKS.length : 0;
    await expectZeros("full-disks", FULL_DISKS.length, rounds);
  }, 300_000);
});
