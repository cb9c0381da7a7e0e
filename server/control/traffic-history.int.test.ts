import { Client } from "pg";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import { openTrafficStore, type TrafficStore } from "#db/traffic-store.ts";
import { LAST_MOMENT_MS } from "#domain/history.ts";
import type { EdgeWindow } from "#domain/traffic.ts";
import { openTrafficHistory } from "./open-traffic-history.ts";
import { edgeOf, secondOf } from "./test-bed/traffic-history.ts";
import type { TrafficHistory } from "./traffic-history.ts";
import { recordTrafficHistory, type TrafficRecorder } from "./traffic-recorder.ts";

let test: TestDatabase;
let store: TrafficStore;
let client: Client;
let nowMs = 0;
const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
const log = pino({ level: "silent" });
const START_MS = Date.parse("2026-11-25T12:00:00Z");
const recorders: TrafficRecorder[] = [];

beforeAll(async () => {
  test = await startTestDatabase();
  store = openTrafficStore({ url: test.url, log });
  client = new Client({ connectionString: test.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await store.stop();
  await test.stop();
});
beforeEach(async () => {
  for (const recorder of recorders.splice(0)) await recorder.stop();
  await client.query(
    `TRUNCATE traffic.span_1, traffic.span_10, traffic.span_60, traffic.mesh, traffic.cursor, traffic.series, traffic.gateway;
     UPDATE traffic.state SET writer = NULL, written_at = NULL, through_10 = 'epoch', through_60 = 'epoch'`,
  );
  nowMs = START_MS;
});

function open(leads: () => boolean = () => true): { recorder: TrafficRecorder; history: TrafficHistory } {
  const recorder = recordTrafficHistory({
    store,
    clock,
    log,
    consoleId: "console-1",
    isLeader: leads,
    limitBytes: 1e9,
  });
  recorders.push(recorder);
  return { recorder, history: openTrafficHistory({ store, recorder, clock }) };
}

/** Hands the seconds of `from` to `to` (from 1) to a recorder as they happen. */
async function live(
  recorder: TrafficRecorder,
  from: number,
  to: number,
  edges: (n: number) => EdgeWindow[],
): Promise<void> {
  for (let n = from; n <= to; n += 1) {
    nowMs = START_MS + n * 1000;
    const window = secondOf(START_MS + (n - 1) * 1000, n, edges(n));
    recorder.take(window, () => window.endMs);
    await recorder.work();
  }
}

describe("a moment", () => {
  it("has the traffic of the ten seconds before it, up to now with what is not written yet", async () => {
    const { recorder, history } = open();
    await live(recorder, 1, 30, () => [edgeOf({ counts: { success: 3, failure: 1 }, latency: [[80, 4]] })]);
    const moment = await history.moment(nowMs);
    expect(moment).toMatchObject({ resolutionSeconds: 1, missingSeconds: 0, fromMs: START_MS + 20_000 });
    expect(moment.topology.edges).toMatchObject([
      { id: "outside→service:storefront", requestsPerSecond: 4, errorRatio: 0.25, gateways: [{ gatewayId: "gw-1" }] },
    ]);
  });

  it("is of the longer span it lies in, once the seconds are gone", async () => {
    const { recorder, history } = open();
    await live(recorder, 1, 40, (n) => [edgeOf({ counts: { success: n <= 10 ? 5 : 1 } })]);
    nowMs += 12 * 60_000;
    await recorder.work();
    const moment = await history.moment(START_MS + 5000);
    expect(moment).toMatchObject({ resolutionSeconds: 10, missingSeconds: 0 });
    expect(moment.topology.edges[0]).toMatchObject({ requestsPerSecond: 5 });
  });

  it("is not recorded where nothing is, at the ends of time neither", async () => {
    const { recorder, history } = open();
    await expect(history.moment(nowMs)).rejects.toMatchObject({ code: "NOT_RECORDED" });
    await live(recorder, 1, 20, () => [edgeOf()]);
    for (const atMs of [0, LAST_MOMENT_MS]) {
      await expect(history.moment(atMs)).rejects.toMatchObject({ code: "NOT_RECORDED" });
      expect(await history.markers(0, atMs)).toEqual({ markers: [], more: [] });
      expect(await history.meshPoints(atMs, atMs, 100)).toEqual([]);
    }
  });
});

describe("charts", () => {
  it("of the mesh reach from the first second to the last, whatever the step", async () => {
    const { recorder, history } = open();
    await live(recorder, 1, 200, () => [edgeOf({ counts: { success: 2 } })]);
    for (const points of [200, 20, 3]) {
      const mesh = await history.meshPoints(START_MS, nowMs, points);
      expect(mesh[0]?.atMs).toBe(START_MS);
      expect(mesh.every(({ requestsPerSecond }) => requestsPerSecond === 2)).toBe(true);
      expect(mesh.length).toBeGreaterThan(points / 2);
    }
  });

  it("of a service are by whatever is asked for, in and out", async () => {
    const { recorder, history } = open();
    await live(recorder, 1, 130, () => [
      edgeOf({ instance: "i1", counts: { success: 2 } }),
      edgeOf({ instance: "i2", counts: { success: 1 } }),
      edgeOf({ caller: "storefront", service: "catalog", instance: "c1", counts: { failure: 4 } }),
    ]);
    const query = { service: "storefront", fromMs: START_MS, toMs: nowMs, points: 13 };
    const inbound = await history.signals({ ...query, direction: "in", by: "instance" });
    expect(inbound.stepSeconds).toBe(10);
    expect(inbound.lines.map(({ name }) => name)).toEqual(["i1", "i2"]);
    expect(inbound.lines[0]?.points).toHaveLength(13);
    expect(inbound.lines[0]?.points.every(({ requestsPerSecond }) => requestsPerSecond === 2)).toBe(true);
    const out = await history.signals({ ...query, direction: "out", by: "service" });
    expect(out.lines).toMatchObject([
      {
        name: "catalog",
        points: [{ requestsPerSecond: 4, errorPercent: 100 }, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}],
      },
    ]);
  });
});

describe("a chart of very many services over a long time", () => {
  it("is refused, and of a shorter time is not", async () => {
    const { recorder, history } = open();
    const called = Array.from({ length: 200 }, (_, n) =>
      edgeOf({ caller: "storefront", service: `s${String(n)}`, counts: { success: 1 } }),
    );
    await live(recorder, 1, 2, () => called);
    nowMs += 13 * 24 * 3_600_000;
    const fromMs = START_MS;
    const query = { service: "storefront", direction: "out", by: "total", points: 100 } as const;
    await live(recorder, 1_123_203, 1_123_290, () => called);
    await recorder.work(true);
    await expect(history.signals({ ...query, fromMs, toMs: nowMs })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      detail: "This is of 200 services: ask for a shorter time.",
    });
    const { lines } = await history.signals({ ...query, fromMs: nowMs - 60_000, toMs: nowMs + 1 });
    expect(lines[0]?.points.some(({ requestsPerSecond }) => requestsPerSecond === 200)).toBe(true);
  });
});

describe("the extent", () => {
  it("tells how far back each length of spans reaches, what it takes, and who records", async () => {
    const { recorder, history } = open();
    await live(recorder, 1, 130, () => [edgeOf()]);
    const extent = await history.extent();
    expect(extent).toMatchObject({
      fromMs: START_MS,
      toMs: nowMs,
      writer: "console-1",
      limitBytes: 1e9,
      lostSeconds: 0,
    });
    expect(extent.resolutions.map(({ seconds, fromMs }) => [seconds, fromMs])).toEqual([
      [1, START_MS],
      [10, START_MS],
      [60, START_MS],
    ]);
    expect(extent.bytes).toBeGreaterThan(0);
  });
});
