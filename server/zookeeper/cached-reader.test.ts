import { expect, it } from "vitest";
import { readEach } from "./cached-reader.ts";

it("readEach reads so many at a time, in order", async () => {
  let running = 0;
  let most = 0;
  const doubled = await readEach(
    [1, 2, 3, 4, 5],
    async (n) => {
      most = Math.max(most, (running += 1));
      await Promise.resolve();
      running -= 1;
      return 2 * n;
    },
    2,
  );
  expect(doubled).toEqual([2, 4, 6, 8, 10]);
  expect(most).toBe(2);
});

it("readEach rejects only when nothing of its own is under way, and begins nothing after a rejection", async () => {
  const slow = Promise.withResolvers<void>();
  const events: string[] = [];
  const all = readEach(
    ["fails", "slow", "never"],
    async (what) => {
      events.push(what);
      if (what === "fails") throw new Error("no");
      await slow.promise;
      events.push("slow is over");
    },
    2,
  ).catch(() => events.push("rejected"));
  // Every step that does not wait for the slow one has been taken by then.
  await new Promise((resolve) => setImmediate(resolve));
  expect(events).toEqual(["fails", "slow"]);
  slow.resolve();
  await all;
  expect(events).toEqual(["fails", "slow", "slow is over", "rejected"]);
});
