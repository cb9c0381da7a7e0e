import { expect, it } from "vitest";
import { FleetBreakers } from "./fleet-breakers.ts";
import { GatewayWindows } from "./gateway-windows.ts";
import { ReceivedWindow } from "./received-window.ts";
import { RollingTraffic } from "./rolling-traffic.ts";
import { testReading } from "#domain/test-reading.ts";
import { testEdge } from "#domain/test-edge.ts";
import { WindowStore } from "./window-store.ts";

it("a gateway whose clock is set back by an hour is counted as before, its breakers' history included", () => {
  const start = 100_000_000;
  const counted = new GatewayWindows({ gatewayId: "gw", run: "run", startMs: start });
  const store = new WindowStore();
  const rolling = new RollingTraffic(10_000);
  const gateway = rolling.join("gw");
  const fleet = new FleetBreakers();
  const ended: (() => number)[] = [];
  const rolled: (number | undefined)[] = [];
  const offered: (number | undefined)[] = [];
  for (let n = 1; n <= 120; n += 1) {
    const nowMs = start + n * 1000 + 50;
    const edge = counted.edge(testEdge());
    for (let call = 0; call < 10; call += 1) edge.call("success", 5);
    const setBackMs = n > 60 ? 3_600_000 : 0;
    const reading = testReading({ counts: { success: 10 } });
    const window = ReceivedWindow.of(counted.close(start + n * 1000 - setBackMs, [reading]));
    store.add(window, nowMs);
    gateway.add(window, store.turnedMs);
    const { endMs } = window;
    const turnedMs = store.turnedMs;
    ended.push(() => store.endedAtMs({ endMs }, turnedMs));
    gateway.settle(nowMs, store.skewMs, store.turnedMs);
    const [breaker] = fleet.take({
      gateways: [{ gatewayId: "gw", windows: store.since(nowMs - 64_000), latest: store.latest() }],
      calls: [],
      transitionsOf: () => [],
      nowMs,
    });
    rolled.push(rolling.totals()[0]?.counts.success);
    offered.push(breaker?.offeredPerSecond);
  }
  expect(new Set(rolled.slice(20))).toEqual(new Set([100]));
  // Of breakers, the minute begins anew with the clock.
  expect(new Set([...offered.slice(20, 60), ...offered.slice(75)])).toEqual(new Set([10]));
  ended.forEach((endedAtMs, at) => expect(Math.abs(endedAtMs() - (start + (at + 1) * 1000))).toBeLessThan(1100));
});
