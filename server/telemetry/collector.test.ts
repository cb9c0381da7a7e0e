import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "#platform/clock.ts";
import type { Collector } from "./collector.ts";
import { testEdge } from "#domain/test-edge.ts";
import { collectFrom, startTestGateway, type TestCollector } from "./test-gateway.ts";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

function collect(port: number): TestCollector {
  const collecting = collectFrom(port);
  stops.push(() => collecting.collector.stop());
  return collecting;
}

const status = (collector: Collector) => collector.statuses()[0];
const until = (condition: () => boolean): Promise<void> =>
  expect.poll(condition, { timeout: 8000, interval: 10 }).toBe(true);

describe("the telemetry collector", () => {
  it("takes each window once, over a connection that breaks again and again", async () => {
    const gateway = await startTestGateway();
    stops.push(() => gateway.stop());
    gateway.publish();
    gateway.publish();
    const { collector, windows } = collect(gateway.port);
    await until(() => windows.length === 2);
    for (let n = 3; n <= 6; n += 1) {
      gateway.cut();
      gateway.publish();
      await until(() => windows.length === n);
    }
    expect(windows).toEqual([1, 2, 3, 4, 5, 6].map((n) => `run-1/${n}`));
    expect(status(collector)).toMatchObject({ lostWindows: 0, stream: { state: "up", problem: "" } });
  });

  it("counts windows that the gateway had no room to keep as lost, and observations it dropped", async () => {
    const gateway = await startTestGateway();
    stops.push(() => gateway.stop());
    gateway.publish();
    const { collector, windows } = collect(gateway.port);
    await until(() => windows.length === 1);
    gateway.cut();
    // The buffer holds 600.
    for (let n = 0; n < 610; n += 1) gateway.publish({ dropped: n === 609 ? 7 : 0 });
    await until(() => windows.at(-1) === "run-1/611");
    expect(status(collector)?.lostWindows).toBe(10);
    expect(status(collector)?.dropped).toBe(7);
  });

  it("places the first window of a long buffer where it belongs, before it has read the others", async () => {
    const aheadMs = 3_600_000;
    const gateway = await startTestGateway({ clock: { ...systemClock, nowMs: () => Date.now() + aheadMs } });
    stops.push(() => gateway.stop());
    const nowMs = Date.now();
    for (let n = 1; n <= 600; n += 1) gateway.publish({ endMs: nowMs + aheadMs - (600 - n) * 1000 });
    const { windows, endedMs } = collect(gateway.port);
    await until(() => windows.length === 600);
    const late = endedMs.map((endMs, at) => endMs - (nowMs - (599 - at) * 1000));
    expect(Math.max(...late.map(Math.abs))).toBeLessThan(5000);
  });

  it("breaks off a stream whose run has no name that can be kept", async () => {
    const gateway = await startTestGateway();
    stops.push(() => gateway.stop());
    gateway.restart("r".repeat(3000));
    gateway.publish();
    const { collector, windows } = collect(gateway.port);
    await until(() => status(collector)?.stream.state === "down");
    expect(windows).toEqual([]);
  });

  it("goes on with a gateway that was started anew, from its first window", async () => {
    const gateway = await startTestGateway();
    stops.push(() => gateway.stop());
    gateway.publish();
    const { collector, windows } = collect(gateway.port);
    await until(() => windows.length === 1);
    gateway.restart("run-2");
    gateway.publish();
    gateway.publish();
    await until(() => windows.length === 3);
    expect(windows).toEqual(["run-1/1", "run-2/1", "run-2/2"]);
    expect(status(collector)?.lostWindows).toBe(0);
  });

  it("says what is wrong while a gateway is away, and finds it when it is back", async () => {
    const gateway = await startTestGateway();
    gateway.publish();
    const { collector, windows } = collect(gateway.port);
    await until(() => windows.length === 1);
    await gateway.stop();
    await until(
      () => status(collector)?.stream.state === "down" && status(collector)?.stream.problem === "It cannot be reached.",
    );
    const again = await startTestGateway({ port: gateway.port });
    stops.push(() => again.stop());
    again.restart("run-2");
    again.publish();
    await until(() => windows.length === 2);
    expect(status(collector)?.stream.state).toBe("up");
  });

  it("keeps following a gateway that vanished from the registry while its stream goes on", async () => {
    const gateway = await startTestGateway();
    stops.push(() => gateway.stop());
    gateway.publish();
    const { collector, windows, leave } = collect(gateway.port);
    await until(() => windows.length === 1);
    leave();
    gateway.publish();
    await until(() => windows.length === 2);
    expect(status(collector)).toMatchObject({ registration: null, stream: { state: "up" } });
  });

  it("passes over a window it cannot read, and counts it as lost", async () => {
    const gateway = await startTestGateway();
    stops.push(() => gateway.stop());
    gateway.publish();
    gateway.publish({ unrouted: -1 });
    gateway.publish();
    const { collector, windows } = collect(gateway.port);
    await until(() => windows.length === 2);
    expect(windows).toEqual(["run-1/1", "run-1/3"]);
    expect(status(collector)?.lostWindows).toBe(1);
  });

  it.each([
    ["a gateway of now", false],
    ["an older gateway, in the form that it knows", true],
  ])("has the calls of the last ten seconds of %s", async (_, older) => {
    const gateway = await startTestGateway({ older });
    stops.push(() => gateway.stop());
    const { collector, windows } = collect(gateway.port);
    for (let n = 0; n < 3; n += 1) gateway.publish({ edges: [testEdge(), testEdge({ instance: "i2", inFlight: 4 })] });
    await until(() => windows.length === 3);
    expect(collector.calls(Date.now())).toMatchObject([
      { instance: "i1", counts: { success: 30 }, gateways: [{ gatewayId: "gw", requests: 30, errors: 0 }] },
      { instance: "i2", counts: { success: 30 }, inFlight: 4 },
    ]);
    expect(collector.calls(Date.now() + 20_000)).toEqual([]);
    expect(gateway.asked[0]).toContain("format=2");
  });

  it("fetches what the buffer still has when the console was started anew, and counts it where it belongs", async () => {
    const gateway = await startTestGateway();
    stops.push(() => gateway.stop());
    const nowMs = Date.now();
    for (let n = 1; n <= 100; n += 1) gateway.publish({ edges: [testEdge()], endMs: nowMs - 100_000 + n * 1000 });
    const { collector, windows } = collect(gateway.port);
    await until(() => windows.length === 100);
    expect(collector.calls(Date.now())).toMatchObject([{ counts: { success: 100 } }]);
  });

  it("does not take its own business for a gateway's silence: it reads what came meanwhile first", async () => {
    const gateway = await startTestGateway();
    stops.push(() => gateway.stop());
    gateway.publish();
    const { collector, windows } = collect(gateway.port);
    await until(() => windows.length === 1);
    // From there the loop goes on with its timers, and only then with what came over sockets.
    await new Promise((resolve) => setImmediate(resolve));
    gateway.publish();
    // Nothing in this process runs for longer than a stream may be silent.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5200);
    await until(() => windows.length === 2);
    expect(gateway.asked).toHaveLength(1);
    expect(status(collector)?.stream.state).toBe("up");
  });

  it("leaves a stream that says nothing for five seconds, and asks anew", async () => {
    const gateway = await startTestGateway();
    stops.push(() => gateway.stop());
    gateway.publish();
    const { collector, windows } = collect(gateway.port);
    await until(() => windows.length === 1);
    await until(() => gateway.asked.length === 2);
    await until(() => status(collector)?.stream.state === "up");
    expect(gateway.asked[1]).toContain("after=1");
  });
});
