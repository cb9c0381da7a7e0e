import { describe, expect, it } from "vitest";
import type { TrafficWindow } from "#domain/traffic.ts";
import { testWindow } from "./test-window.ts";
import { WindowStore } from "./window-store.ts";

const window = (sequence: number, endMs: number): TrafficWindow => testWindow("g", sequence, endMs, []);

describe("a gateway's windows", () => {
  it("age out by the console's clock, however far the gateway's is off", () => {
    const store = new WindowStore();
    for (let n = 1; n <= 20; n += 1) store.add(window(n, 5_000_000 + n * 1000), n * 1000 + 50);
    expect(store.since(20_000 + 50 - 10_000).map((placed) => placed.window.sequence)).toEqual([
      11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
    ]);
    expect(store.since(40_000)).toEqual([]);
    expect(store.latest()?.sequence).toBe(20);
  });

  it("out of the gateway's buffer are placed when they happened, not when they arrived", () => {
    const store = new WindowStore();
    const arrivedMs = 100_000;
    for (let n = 1; n <= 30; n += 1) store.add(window(n, arrivedMs - 30_000 + n * 1000), arrivedMs);
    expect(store.since(arrivedMs - 10_000)).toHaveLength(10);
  });

  it.each([
    ["the console's clock is set forward", 0, 3_600_000],
    ["the gateway's clock is set back", -3_600_000, 0],
    ["the gateway's clock is set forward", 3_600_000, 0],
    ["the console's clock is set back", 0, -3_600_000],
  ])("are placed by the console's clock again within seconds when %s by an hour", (_, gatewayMs, consoleMs) => {
    const store = new WindowStore();
    const base = 100_000_000;
    for (let n = 1; n <= 60; n += 1) store.add(window(n, base + n * 1000), base + n * 1000 + 50);
    for (let n = 61; n <= 80; n += 1)
      store.add(window(n, base + gatewayMs + n * 1000), base + consoleMs + n * 1000 + 50);
    const latest = window(80, base + gatewayMs + 80_000);
    expect(store.endedAtMs(latest)).toBeCloseTo(base + consoleMs + 80_050, -3);
  });

  it("that were held up on the way keep their place: a slow journey is no set clock", () => {
    const store = new WindowStore();
    for (let n = 1; n <= 30; n += 1) store.add(window(n, n * 1000), n * 1000 + 50);
    for (let n = 31; n <= 60; n += 1) store.add(window(n, n * 1000), 60_050);
    expect(store.endedAtMs(window(31, 31_000))).toBeLessThan(31_500);
  });

  it("of a gateway started anew are placed by its new clock", () => {
    const store = new WindowStore();
    for (let n = 1; n <= 30; n += 1) store.add(window(n, 9_000_000 + n * 1000), n * 1000 + 50);
    store.add({ ...window(1, 31_000), run: "r2" }, 31_050);
    expect(store.endedAtMs(window(1, 31_000))).toBe(31_050);
  });

  it("are a minute's worth at most", () => {
    const store = new WindowStore();
    for (let n = 1; n <= 500; n += 1) store.add(window(n, n * 1000), n * 1000);
    expect(store.since(0).length).toBeLessThanOrEqual(64);
  });
});
