import { Client } from "pg";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import { openTrafficStore, type TrafficStore } from "#db/traffic-store.ts";
import type { EdgeWindow } from "#domain/traffic.ts";
import { openTrafficHistory } from "./open-traffic-history.ts";
import { edgeOf, secondOf, totalsOnRecord } from "./test-bed/traffic-history.ts";
import { tidyTrafficHistory } from "./tidy-traffic-history.ts";
import { recordTrafficHistory, type TrafficRecorder } from "./traffic-recorder.ts";

let test: TestDatabase;
let store: TrafficStore;
let nowMs = 0;
const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
const said: string[] = [];
const log = pino({ level: "warn" }, { write: (line: string) => void said.push(line) });
const START_MS = Date.parse("2026-11-29T12:00:00Z");
const recorders: TrafficRecorder[] = [];

beforeAll(async () => {
  test = await startTestDatabase();
  store = openTrafficStore({ url: test.url, log });
});
beforeEach(async () => {
  nowMs = START_MS;
  said.length = 0;
  await query(
    `TRUNCATE traffic.span_1, traffic.span_10, traffic.span_60, traffic.mesh, traffic.cursor, traffic.series, traffic.gateway;
     UPDATE traffic.state SET writer = NULL, written_at = NULL, through_10 = 'epoch', through_60 = 'epoch'`,
  );
});
afterEach(async () => {
  for (const recorder of recorders.splice(0)) await recorder.stop();
});
afterAll(async () => {
  await store.stop();
  await test.stop();
});

/** A connection of its own: none outlasts a restore. */
async function withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: test.url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const query = (sql: string) => withClient(async (client) => (await client.query(sql)).rows);
const calls = async (): Promise<Record<string, number | undefined>> => {
  const totals = await withClient((client) => totalsOnRecord(client, 1));
  return Object.fromEntries(Object.entries(totals).map(([name, { counts }]) => [name, counts.success]));
};

function open(): TrafficRecorder {
  const consoleId = `console-${recorders.length}`;
  const recorder = recordTrafficHistory({ store, clock, log, consoleId, isLeader: () => true, limitBytes: 1e9 });
  recorders.push(recorder);
  return recorder;
}

let sequence = 0;
/** A second of a gateway's goes by, and is written. */
async function second(recorder: TrafficRecorder, gatewayId: string, edges: readonly EdgeWindow[]): Promise<void> {
  sequence += 1;
  const window = secondOf(nowMs, sequence, edges, { gatewayId });
  nowMs += 1000;
  recorder.take(window, () => window.endMs);
  nowMs += 9000;
  await recorder.work();
}

const to = (instance: string, success: number): EdgeWindow => edgeOf({ instance, counts: { success } });

describe("a database restored from a backup while consoles run", () => {
  it("gets what happens from then on under the right names, also where numbers belong to others now", async () => {
    const running = open();
    await second(running, "gw-1", [to("before", 1)]);
    await test.backUp();
    await second(running, "gw-2", [to("lost-1", 10), to("lost-2", 100)]);
    await test.restoreBackup();
    const other = open();
    // These get the numbers that the lost ones had.
    await second(other, "gw-3", [to("new-1", 2), to("new-2", 4)]);
    await second(running, "gw-2", [to("lost-1", 20), to("lost-2", 200), to("before", 3)]);
    const history = openTrafficHistory({ store, recorder: running, clock });

    expect(await calls()).toEqual({
      "outside>storefront/before": 4,
      "outside>storefront/new-1": 2,
      "outside>storefront/new-2": 4,
      "outside>storefront/lost-1": 20,
      "outside>storefront/lost-2": 200,
    });
    const chart = { service: "storefront", direction: "in", by: "instance", points: 60 } as const;
    const { lines } = await history.signals({ ...chart, fromMs: START_MS, toMs: nowMs });
    expect(lines.map(({ name }) => name).toSorted()).toEqual(["before", "lost-1", "lost-2", "new-1", "new-2"]);
    const { topology } = await history.moment(nowMs - 5000);
    expect(topology.edges.flatMap(({ gateways }) => gateways.map(({ gatewayId }) => gatewayId))).toEqual(["gw-2"]);
    expect(said.filter((line) => line.includes("could not be put on record"))).toEqual([]);
  }, 60_000);

  it("or emptied: names are saved again", async () => {
    const running = open();
    await second(running, "gw-1", [to("a", 1)]);
    await query("TRUNCATE traffic.series, traffic.gateway RESTART IDENTITY");
    await second(running, "gw-2", [to("b", 2)]);
    await second(running, "gw-1", [to("a", 4)]);
    const names = await query("SELECT instance FROM traffic.series ORDER BY 1");
    expect(names).toEqual([{ instance: "a" }, { instance: "b" }]);
    expect(await calls()).toMatchObject({ "outside>storefront/b": 2 });
  });
});

describe("names of gateways and series", () => {
  it("are forgotten when nothing on record can name them, though people look, and not while they are in use", async () => {
    const recorder = open();
    const history = openTrafficHistory({ store, recorder, clock });
    const chart = { service: "storefront", direction: "in", by: "instance", points: 60 } as const;
    await second(recorder, "gw-gone", [to("gone", 1)]);
    for (let day = 0; day < 17; day += 1) {
      nowMs += 24 * 3_600_000;
      await second(recorder, "gw-stays", [to("a", 1)]);
      await history.signals({ ...chart, fromMs: START_MS, toMs: nowMs });
      await second(recorder, "gw-stays", [to("a", 1)]);
    }
    await tidyTrafficHistory(store, { limitBytes: 1e9, nowMs });
    expect(await query("SELECT name FROM traffic.gateway")).toEqual([{ name: "gw-stays" }]);
    expect(await query("SELECT instance FROM traffic.series")).toEqual([{ instance: "a" }]);
    await second(recorder, "gw-gone", [to("a", 1)]);
    expect(await query("SELECT name FROM traffic.gateway ORDER BY 1")).toEqual([
      { name: "gw-gone" },
      { name: "gw-stays" },
    ]);
  });
});

describe("traffic that the database does not take", () => {
  it("is set aside with a word, and what came with it is written", async () => {
    const recorder = open();
    const odd = secondOf(nowMs, 1, [to("odd", 1)], { gatewayId: "gw-odd", run: "r\0" });
    recorder.take(odd, () => odd.endMs);
    await second(recorder, "gw-1", [to("fine", 1)]);
    expect(await calls()).toEqual({ "outside>storefront/fine": 1 });
    expect(said.filter((line) => line.includes("set aside"))).toHaveLength(1);
    await second(recorder, "gw-odd", [to("fine", 2)]);
    expect(await calls()).toEqual({ "outside>storefront/fine": 3 });
    expect(recorder.held.all()).toEqual([]);
  });

  it.each([
    ["NUL", "a\0b"],
    ["half a character", "a\ud800b"],
    ["far too long", "x".repeat(100_000)],
    ["long in bytes", "\u{1f600}".repeat(5000)],
    ["characters of COPY and JSON", 'tab\t newline\n \\. "quote" \\N'],
  ])("is none for its names: %s in each of them is written", async (_, text) => {
    const recorder = open();
    const names = { caller: text, service: text, routeId: text, subset: text, instance: text };
    const turn = { atMs: nowMs, service: text, instance: text, worker: null, turn: "ejected", untilMs: null } as const;
    const window = secondOf(nowMs, 1, [edgeOf({ ...names, counts: { success: 7 } })], {
      gatewayId: text,
      ejections: [{ ...turn, cause: text }],
    });
    recorder.take(window, () => window.endMs);
    nowMs += 1000;
    await second(recorder, "gw-1", [to("fine", 1)]);
    expect(said).toEqual([]);
    expect(new Set(Object.values(await calls()))).toEqual(new Set([1, 7]));
    const history = openTrafficHistory({ store, recorder, clock });
    const { markers } = await history.markers(START_MS - 1, nowMs);
    expect(markers.filter(({ kind }) => kind === "instance").length).toBeGreaterThan(0);
    expect((await history.moment(nowMs - 1000)).missingSeconds).toBeLessThan(10);
  });
});
