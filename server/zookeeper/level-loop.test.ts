import { EventEmitter, once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { levelLoop, type LevelLoop } from "./level-loop.ts";
import type { SessionLink } from "./session-link.ts";
import { quietLog } from "./test-harness.ts";

const NO_SESSION: SessionLink = {
  status: () => {
    throw new Error("nobody asks");
  },
  onStatus: () => () => undefined,
  sessionId: () => null,
};

let loop: LevelLoop | undefined;
afterEach(() => loop?.stop());

describe("a level loop", () => {
  it("has its period however often it is woken in between", async () => {
    const told = new EventEmitter();
    let runs = 0;
    let periods = 0;
    loop = levelLoop(NO_SESSION, {
      name: "test",
      log: quietLog,
      everyMs: 100,
      onPeriod: () => (periods += 1),
      async work() {
        runs += 1;
        // Woken all the time, by its own work: it never rests for a whole period.
        await new Promise((resolve) => setTimeout(resolve, 5));
        loop?.wake();
        if (periods === 3) told.emit("three");
      },
    });
    await once(told, "three");
    expect(runs).toBeGreaterThan(3);
  });

  it("runs when its period is over although nobody wakes it", async () => {
    const told = new EventEmitter();
    let periods = 0;
    loop = levelLoop(NO_SESSION, {
      name: "test",
      log: quietLog,
      everyMs: 20,
      onPeriod: () => (periods += 1),
      work: async () => {
        if (periods === 2) told.emit("two");
      },
    });
    await once(told, "two");
    expect(periods).toBe(2);
  });
});
