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
  await lane.leads(leader);
  await lane.editor.burst(leader, 6);
  await lane.check("the start", leader);
});
afterAll(() => lane.close());

describe("killed between two steps, a console or a gateway", () => {
  it.each(KILLS)("loses nothing and leaves nothing half done: $name", async (kill) => {
    leader = await killAt(lane, kill, leader);
    expect(lane.failures).toEqual([]);
  });
});
