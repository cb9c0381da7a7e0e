import { expect, it } from "vitest";
import { HeldCalls } from "./held-calls.ts";
import { readingOf, windowOf } from "./test-bed/recorded-window.ts";

it("holds a window once that a gateway tells again, after the console had given it up", () => {
  const held = new HeldCalls(1000);
  const tell = (run: string, sequence: number): void => {
    const breakers = [readingOf({ routeId: "web", service: "catalog", counts: { success: 1 } })];
    const made = windowOf({ gatewayId: "gw-1", run, sequence, endMs: sequence * 1000, breakers });
    held.add(made, () => made.endMs, 0);
  };
  for (const sequence of [1, 2, 3, 1, 2, 3, 4]) tell("r1", sequence);
  for (const sequence of [1, 2]) tell("r2", sequence);
  const told = held.callsOf("web", "catalog").map(({ run, sequence }) => `${run} ${sequence}`);
  expect(told).toEqual(["r1 1", "r1 2", "r1 3", "r1 4", "r2 1", "r2 2"]);
});
