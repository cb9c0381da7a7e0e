import { expect, it } from "vitest";
import { reloadStorm } from "./test-bed/load/reload-storm.ts";
import { drain, rollingRestart } from "./test-bed/load/rolling-restart.ts";

it("thousands of policies put in force under load: no request fails, none is served by another policy than it says", async () => {
  const { swaps, answered, failures } = await reloadStorm(2000, 16);
  expect(failures).toEqual([]);
  expect(swaps).toBeGreaterThan(100);
  expect(answered).toBeGreaterThan(100);
});

it("a gateway that stops under load fails no request", async () => {
  const { answered, failures } = await drain(400, 16);
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(0);
});

it("two gateways restarted one after the other under load fail no request", async () => {
  const { answered, failures } = await rollingRestart(4, 16);
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(0);
});
