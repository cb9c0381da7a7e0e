import type { ServerResponse } from "node:http";
import { request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BreakerSettings } from "#domain/breaker-policy.ts";
import { TrafficWindow, type BreakerReading, type BreakerTransition } from "#domain/traffic.ts";
import { systemClock } from "#platform/clock.ts";
import { until } from "./test-bed/peer.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

/** How far ahead of the machine's clocks the gateway's are. */
let aheadMs: number;
const clock = {
  nowMs: () => systemClock.nowMs() + aheadMs,
  monotonicMs: () => systemClock.monotonicMs() + aheadMs,
};
let mesh: TestMesh;
/** What payments does with a call. */
let answer: (response: ServerResponse) => void;
const well = (response: ServerResponse): void => void response.end("well");
const broken = (response: ServerResponse): void => void response.writeHead(500).end("broken");
let unanswered: ServerResponse[];
const never = (response: ServerResponse): void => void unanswered.push(response);

beforeEach(async () => {
  aheadMs = 0;
  unanswered = [];
  answer = well;
  mesh = await TestMesh.start({ clock, random: () => 0.5 });
  await mesh.serve("payments", (_incoming, response) => answer(response));
  mesh.route("pay", { destinations: [{ service: "payments", weight: 1 }], timeoutMs: 60_000 });
});
afterEach(() => mesh.stop());

function guard(settings: Partial<BreakerSettings>): void {
  mesh.breaker({
    target: { kind: "service", service: "payments" },
    settings: BreakerSettings.parse({
      requestVolumeThreshold: 4,
      sleepWindowMs: 10_000,
      timeoutMs: 30_000,
      ...settings,
    }),
    fallbacks: [],
  });
}

async function pay(): Promise<{ status: number; text: string; retryAfter: string | undefined }> {
  const { statusCode, headers, body } = await request(mesh.edge);
  return { status: statusCode, text: await body.text(), retryAfter: headers["retry-after"]?.toString() };
}

async function payments(count: number): Promise<number[]> {
  const statuses = [];
  for (let call = 0; call < count; call += 1) statuses.push((await pay()).status);
  return statuses;
}

/** Everything the gateway has told since it started, up to the first window that `enough` is content with. */
async function told(
  enough: (reading: BreakerReading) => boolean,
  by = mesh,
): Promise<{ reading: BreakerReading; transitions: BreakerTransition[] }> {
  const { body } = await request(`${by.admin}/telemetry`);
  const transitions: BreakerTransition[] = [];
  let text = "";
  for await (const chunk of body) {
    text += String(chunk);
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      if (!event.startsWith("event: window")) continue;
      const window = TrafficWindow.parse(JSON.parse(event.slice(event.indexOf("data: ") + 6)));
      transitions.push(...window.transitions);
      const reading = window.breakers.find(({ service }) => service === "payments");
      if (reading !== undefined && enough(reading)) return { reading, transitions };
    }
  }
  throw new Error("the stream ended");
}

describe("a service that hangs", () => {
  it("trips the breaker before any call has ended, and the tile says how many wait", async () => {
    guard({ slowCallMs: 500 });
    answer = never;
    const waiting = Array.from({ length: 4 }, () => pay());
    await until(() => unanswered.length === 4);
    aheadMs += 600;
    expect(await pay()).toMatchObject({ status: 503, retryAfter: "10" });
    expect(JSON.parse((await pay()).text).detail).toBe("100 % of 4 calls slow (over 500 ms): 4 still waiting.");
    unanswered.forEach(well);
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it("trips it without another call, within the second", async () => {
    guard({ slowCallMs: 500 });
    answer = never;
    const waiting = Array.from({ length: 4 }, () => pay());
    await until(() => unanswered.length === 4);
    aheadMs += 600;
    const { transitions } = await told((reading) => reading.state === "open");
    expect(transitions).toMatchObject([{ from: "closed", to: "open" }]);
    unanswered.forEach(well);
    await Promise.all(waiting);
  });

  it("is told of while it is not enough to trip", async () => {
    guard({ slowCallMs: 500, requestVolumeThreshold: 100 });
    answer = never;
    const waiting = Array.from({ length: 3 }, () => pay());
    await until(() => unanswered.length === 3);
    aheadMs += 600;
    const { reading } = await told(({ window }) => window.waiting === 3);
    expect(reading).toMatchObject({ inFlight: 3, maxInFlight: 3, window: { total: 0, slow: 0 } });
    unanswered.forEach(well);
    await Promise.all(waiting);
    await told(
      ({ window, inFlight }) => window.waiting === 0 && window.slow === 3 && window.total === 3 && inFlight === 0,
    );
  });
});

describe("slow answers", () => {
  it("trip it, good as they are, with the instance named on the tile and not to the caller", async () => {
    guard({ slowCallMs: 500 });
    answer = (response) => {
      aheadMs += 700;
      well(response);
    };
    expect(await payments(4)).toEqual([200, 200, 200, 200]);
    expect(JSON.parse((await pay()).text).detail).toBe("100 % of 4 calls slow (over 500 ms): 4 answered late.");
    const { reading } = await told(({ state }) => state === "open");
    expect(reading.cause).toBe(
      `100 % of 4 calls slow (over 500 ms): 4 answered late; 100 % of the last 4 slow calls at payments-1 (127.0.0.1:${mesh.peers[0]?.port})`,
    );
  });

  it("whose head came early and whose body takes long are not slow", async () => {
    guard({ slowCallMs: 500, requestVolumeThreshold: 1 });
    let end = (): void => undefined;
    answer = (response) => {
      response.write("begun, ");
      end = () => void response.end("ended");
    };
    const streaming = await request(mesh.edge);
    aheadMs += 5000;
    answer = well;
    expect((await pay()).status).toBe(200);
    end();
    expect(await streaming.body.text()).toBe("begun, ended");
    const { reading } = await told(({ window }) => window.total === 2);
    expect(reading).toMatchObject({ state: "closed", window: { slow: 0, waiting: 0 } });
  });
});

describe("an open breaker", () => {
  it("rests longer each time its trial fails, and says how often it has opened in a row, a restart later too", async () => {
    guard({ sleepBackoffFactor: 3 });
    answer = broken;
    expect(await payments(5)).toEqual([500, 500, 500, 500, 503]);
    expect((await pay()).retryAfter).toBe("10");
    aheadMs += 10_000;
    expect((await pay()).status).toBe(500);
    expect(await pay()).toMatchObject({ status: 503, retryAfter: "30" });
    const { reading: before } = await told(({ trips }) => trips === 2);
    expect(before).toMatchObject({ state: "open", cause: "Trial failed" });
    // The outage is told by what began it, not by the trial that failed last.
    expect(before.outage?.cause).toMatch(/^100 % of 4 calls failed/);
    const { dataDir } = mesh;
    await mesh.gateway.stop();
    const again = await TestMesh.start({ dataDir, policy: mesh.policy, registry: mesh.registry, clock });
    try {
      const { reading } = await told(({ state }) => state === "open", again);
      expect(reading).toMatchObject({ trips: 2, cause: "Trial failed", outage: before.outage });
      aheadMs += 30_000;
      const trial = await request(again.edge);
      await trial.body.dump();
      expect(trial.statusCode).toBe(500);
      const refused = await request(again.edge);
      await refused.body.dump();
      expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([503, "60"]);
    } finally {
      await again.stop({ keepData: true });
    }
  });

  it("returns by steps, each letting exactly its share through, and tells of each", async () => {
    const readmission = { steps: [10, 50], stepMs: 60_000, stepCalls: 5, errorBudgetPercent: 0 };
    guard({ readmission });
    answer = broken;
    await payments(4);
    answer = well;
    aheadMs += 10_000;
    expect((await pay()).status).toBe(200);
    const first = await payments(100);
    expect(first.filter((status) => status === 200)).toHaveLength(10);
    expect(first.filter((status) => status === 503)).toHaveLength(90);
    const { retryAfter } = await pay().then(() => pay());
    expect(Number(retryAfter)).toBeGreaterThan(30);
    const { reading } = await told(({ readmission: step }) => step !== null && step.calls > 10);
    expect(reading).toMatchObject({ state: "half-open", readmission: { step: 1, steps: 2, percent: 10, errors: 0 } });
    aheadMs += 60_000;
    expect((await payments(100)).filter((status) => status === 200)).toHaveLength(50);
    aheadMs += 60_000;
    expect(new Set(await payments(20))).toEqual(new Set([200]));
    const { transitions } = await told(({ state }) => state === "closed");
    expect(transitions.map(({ from, to, percent }) => [from, to, percent])).toEqual([
      ["closed", "open", null],
      ["open", "half-open", null],
      ["half-open", "half-open", 10],
      ["half-open", "half-open", 50],
      ["half-open", "closed", null],
    ]);
  });

  it("opens again at the first error beyond a step's budget", async () => {
    guard({ readmission: { steps: [50], stepMs: 60_000, stepCalls: 5, errorBudgetPercent: 0 } });
    answer = broken;
    await payments(4);
    answer = well;
    aheadMs += 10_000;
    await pay();
    answer = broken;
    expect(await payments(3)).toEqual([500, 503, 503]);
    const { reading } = await told(({ trips }) => trips === 2);
    expect(reading.cause).toBe(
      `1 of 1 call went wrong at 50 %, 0 allowed; at payments-1 (127.0.0.1:${mesh.peers[0]?.port})`,
    );
  });

  it("says where the calls failed when most of them failed at one instance", async () => {
    guard({ requestVolumeThreshold: 8 });
    await mesh.serve("payments", (_incoming, response) => broken(response));
    mesh.servicePolicy({ service: "payments", outlier: { enabled: false } });
    await payments(9);
    const { reading } = await told(({ state }) => state === "open");
    expect(reading.cause).toBe(
      `50 % of 8 calls failed: 4 failure; 100 % of the last 4 failures at payments-2 (127.0.0.1:${mesh.peers[1]?.port})`,
    );
  });
});
