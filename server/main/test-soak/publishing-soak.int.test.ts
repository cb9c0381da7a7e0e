import { ZOMBIES, makeZombie } from "./zombies.ts";
import { killAtRandom, killPostgres, wipe } from "./outages.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestZooKeeper, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import { KILLS, killAt } from "./failpoint-kills.ts";
import { Lane } from "./lane.ts";
import type { ConsoleChild } from "./console-child.ts";

let lane: Lane<TestZooKeeper>;
let leader: ConsoleChild;
beforeAll(async () => {
  lane = await Lane.open({ seed: 1, server: await startTestZooKeeper() });
  leader = lane.startConsole();
  await lane.leaderOf([leader]);
  await lane.editor.burst(leader, 6);
  await lane.check("the start", [leader]);
});
afterAll(() => lane.close());

describe("killed between two steps, a console or a gateway", () => {
  it.each(KILLS)("loses nothing and leaves nothing half done: $name", async (kill) => {
    leader = await killAt(lane, kill, leader);
    expect(lane.failures).toEqual([]);
  });
});

describe("a zombie", () => {
  it.each(ZOMBIES)("writes nothing: $name", async (zombie) => {
    leader = await makeZombie(lane, zombie, leader);
    expect(lane.failures).toEqual([]);
  });
});

describe("an outage", () => {
  it("random kill", async () => {
    for (let i = 0; i < 3; i += 1) leader = await killAtRandom(lane, leader);
    expect(lane.failures).toEqual([]);
  });
  it("postgres", async () => {
    for (let i = 0; i < 3; i += 1) await killPostgres(lane, leader);
    expect(lane.failures).toEqual([]);
  });
  it("wipe", async () => {
    for (let i = 0; i < 3; i += 1) {
      const t = performance.now();
      await wipe(lane, leader);
      process.stderr.write(`wipe ${performance.now() - t}\n`);
    }
    expect(lane.failures).toEqual([]);
  });
});
