import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { Client } from "pg";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import { openTrafficStore, type TrafficStore } from "#db/traffic-store.ts";
import { RESOLUTIONS } from "#domain/history.ts";
import type { Failpoint } from "#platform/failpoint.ts";
import type { ReceivedWindow } from "#telemetry/received-window.ts";
import { readingOf } from "./test-bed/recorded-window.ts";
import { edgeOf, repeatableSecond, secondOf, totalsOnRecord, totalsSent } from "./test-bed/traffic-history.ts";
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
  client = await connected();
});
afterAll(async () => {
  await client.end().catch(() => undefined);
  await store.stop();
  await test.stop();
});
beforeEach(async () => {
  await clear();
  nowMs = START_MS;
});
afterEach(async () => {
  for (const recorder of recorders.splice(0)) await recorder.stop();
});

async function connected(): Promise<Client> {
  const opened = new Client({ connectionString: test.url });
  // The test that kills the server is the last to use this connection.
  opened.on("error", () => undefined);
  await opened.connect();
  return opened;
}

async function clear(): Promise<void> {
  await client.query(
    `TRUNCATE traffic.span_1, traffic.span_10, traffic.span_60, traffic.mesh, traffic.cursor, traffic.series, traffic.gateway;
     UPDATE traffic.state SET writer = NULL, written_at = NULL, through_10 = 'epoch', through_60 = 'epoch'`,
  );
}

function openRecorder(leads: () => boolean = () => true, heldBytes?: number): TrafficRecorder {
  const recorder = recordTrafficHistory({
    store,
    clock,
    log,
    consoleId: "console-1",
    isLeader: leads,
    limitBytes: 1e9,
    ...(heldBytes !== undefined && { heldBytes }),
  });
  recorders.push(recorder);
  return recorder;
}

const tell = (recorder: TrafficRecorder, window: ReceivedWindow): void => recorder.take(window, () => window.endMs);

/** Goes on until every span of `seconds` is complete, and holds all three lengths against what was sent. */
async function expectOnce(
  recorder: TrafficRecorder,
  windows: readonly ReceivedWindow[],
  seconds: number,
): Promise<void> {
  nowMs = Math.max(nowMs, START_MS + Math.ceil(seconds / 60) * 60_000 + 30_000);
  await recorder.work(true);
  // A window a minute later makes the last minute complete.
  const last = secondOf(START_MS + Math.ceil(seconds / 60) * 60_000, 1_000_000, [], { gatewayId: "gw-last" });
  tell(recorder, last);
  nowMs += 60_000;
  await recorder.work(true);
  const sent = totalsSent(windows);
  for (const { seconds: resolution } of RESOLUTIONS)
    expect(await totalsOnRecord(client, resolution), `spans of ${resolution} s`).toEqual(sent);
}

describe("a console that is killed", () => {
  const SECONDS = 90;
  const windows = Array.from({ length: SECONDS }, (_, n) => repeatableSecond(START_MS, n + 1));
  const kills: readonly { readonly point: Failpoint; readonly hit: number }[] = [
    { point: "history.names-saved", hit: 3 },
    { point: "history.parts-written", hit: 20 },
    { point: "history.before-commit", hit: 30 },
    { point: "history.committed", hit: 40 },
    { point: "history.rolled-up", hit: 75 },
    { point: "history.roll-up-committed", hit: 75 },
  ];
  for (const { point, hit } of kills)
    it(`at ${point} leaves every call on record once, when the next takes what gateways still hold`, async () => {
      const entry = fileURLToPath(new URL("test-bed/recorder-process.ts", import.meta.url));
      const child = fork(entry, [test.url, point, String(hit), String(START_MS), String(SECONDS)], { execArgv: [] });
      expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
      const next = openRecorder();
      for (const window of windows) tell(next, window);
      await expectOnce(next, windows, SECONDS);
    });
});

describe("two consoles", () => {
  it("that hand over in the middle lose and double nothing, both ways", async () => {
    let leader = 1;
    const one = openRecorder(() => leader === 1);
    const two = openRecorder(() => leader === 2);
    const windows: ReceivedWindow[] = [];
    for (let n = 1; n <= 120; n += 1) {
      nowMs = START_MS + n * 1000;
      leader = n <= 40 || n > 80 ? 1 : 2;
      const window = repeatableSecond(START_MS, n);
      windows.push(window);
      for (const recorder of [one, two]) tell(recorder, window);
      for (const recorder of [one, two]) await recorder.work();
    }
    await expectOnce(one, windows, 120);
  });

  it("that both think they lead write every call once", async () => {
    const both = [openRecorder(), openRecorder()];
    const windows = Array.from({ length: 100 }, (_, n) => repeatableSecond(START_MS, n + 1));
    for (const window of windows) for (const recorder of both) tell(recorder, window);
    nowMs = START_MS + 200_000;
    await Promise.all(both.map((recorder) => recorder.work()));
    await expectOnce(openRecorder(), windows, 100);
  });

  it("hold no more than what the other has not written", async () => {
    const follower = openRecorder(() => false);
    const leader = openRecorder();
    for (let n = 1; n <= 60; n += 1) {
      nowMs = START_MS + n * 1000;
      for (const recorder of [leader, follower]) tell(recorder, repeatableSecond(START_MS, n));
      for (const recorder of [leader, follower]) await recorder.work();
    }
    expect(follower.held.all().length).toBeLessThan(15);
  });
});

describe("windows that come late", () => {
  it("are in spans that had been made without them", async () => {
    const recorder = openRecorder();
    const late = Array.from({ length: 60 }, (_, n) =>
      secondOf(START_MS + n * 1000, n + 1, [edgeOf({ instance: "late" })], { gatewayId: "gw-2" }),
    );
    const windows: ReceivedWindow[] = [];
    for (let n = 1; n <= 150; n += 1) {
      nowMs = START_MS + n * 1000;
      const window = repeatableSecond(START_MS, n);
      windows.push(window);
      tell(recorder, window);
      await recorder.work();
    }
    for (const window of late) tell(recorder, window);
    await expectOnce(recorder, [...windows, ...late], 150);
    // The seconds were told of before, by the other gateway.
    const { rows } = await client.query(
      `SELECT at, sum(recorded)::int AS recorded FROM traffic.mesh WHERE resolution = 60 GROUP BY at ORDER BY at`,
    );
    expect(rows.slice(0, 2)).toMatchObject([{ recorded: 60 }, { recorded: 60 }]);
  });
});

describe("whatever comes in whatever order", () => {
  const step = fc.record({
    /** Seconds that pass first. */
    pass: fc.integer({ min: 0, max: 25 }),
    gateway: fc.constantFrom("gw-1", "gw-2"),
    /** How long ago the window's second was. */
    agoSeconds: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 200 })),
    success: fc.integer({ min: 0, max: 1000 }),
    timeout: fc.integer({ min: 0, max: 3 }),
    bucket: fc.integer({ min: 0, max: 223 }),
    instance: fc.constantFrom("a", "b", "c"),
    told: fc.constantFrom<"both" | "one">("both", "both", "one"),
    again: fc.boolean(),
    leader: fc.constantFrom(0, 0, 0, 1),
  });

  it("is on record once, in seconds, tens and minutes alike", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        await clear();
        nowMs = START_MS + 240_000;
        let leader = 0;
        const both = [openRecorder(() => leader === 0), openRecorder(() => leader === 1)];
        const windows: ReceivedWindow[] = [];
        for (const [
          n,
          { pass, gateway, agoSeconds, success, timeout, bucket, instance, told, again, ...rest },
        ] of steps.entries()) {
          nowMs += pass * 1000;
          const atMs = Math.floor(nowMs / 1000) * 1000 - agoSeconds * 1000;
          const counts = { success, timeout };
          const edges = [
            edgeOf({ instance, counts, latency: success > 0 ? [[bucket, success]] : [], bytesOut: success }),
          ];
          const window = secondOf(atMs, n + 1, edges, { gatewayId: gateway });
          // One that only the follower is told of is written once it leads.
          if (told === "both") windows.push(window);
          for (const recorder of told === "both" ? both : []) tell(recorder, window);
          if (again) for (const recorder of both) for (const old of windows.slice(-3)) tell(recorder, old);
          leader = rest.leader;
          for (const recorder of both) await recorder.work();
        }
        leader = 0;
        await expectOnce(both[0] ?? openRecorder(), windows, (nowMs - START_MS) / 1000);
      }),
      { numRuns: 12 },
    );
  });
});

describe("a gateway that tells nonsense", () => {
  const odd: readonly (readonly [what: string, window: ReceivedWindow])[] = [
    [
      "names of breakers that JSON or PostgreSQL would not take",
      secondOf(START_MS, 1, [], {
        gatewayId: "odd",
        breakers: ["\\u0000", "\0", "\ud800"].map((name) => readingOf({ routeId: name, service: name, state: "open" })),
      }),
    ],
    [
      "names too long for an index",
      secondOf(
        START_MS,
        1,
        [edgeOf({ caller: hanzi(1), routeId: hanzi(2), service: hanzi(3), subset: hanzi(4), instance: hanzi(5) })],
        { gatewayId: "odd" },
      ),
    ],
    ["a window that ends before it began", secondOf(START_MS, 1, [edgeOf()], { gatewayId: "odd", startMs: 9e15 })],
    ["a window that began with the world", secondOf(START_MS, 1, [edgeOf()], { gatewayId: "odd", startMs: -9e15 })],
  ];
  it.each(odd)("keeps no other's calls off the record: %s", async (_, window) => {
    // Of a window that may have been any length it is only known when it ended.
    const early = window.startMs < 0 ? 4000 : 0;
    const recorder = openRecorder();
    const windows = Array.from({ length: 20 }, (_one, n) => repeatableSecond(START_MS, n + 1));
    for (const one of windows) tell(recorder, one);
    tell(recorder, window);
    nowMs = START_MS + 60_000;
    await recorder.work();
    expect((await totalsOnRecord(client, 10))["storefront>catalog/c1"]?.counts).toEqual({ success: 20 });
    expect(recorder.held.all()).toEqual([]);
    const { rows } = await client.query(
      `SELECT min(at) AS first, max(at) AS last FROM traffic.mesh WHERE resolution = 1`,
    );
    expect(rows).toEqual([{ first: new Date(START_MS - early), last: new Date(START_MS + 19_000) }]);
  });
});

/** Letters that nothing can compress, of three bytes each. */
function hanzi(seed: number): string {
  let at = seed;
  return Array.from({ length: 250 }, () => {
    at = (at * 48_271) % 2_147_483_647;
    return String.fromCharCode(0x4e00 + (at % 20_000));
  }).join("");
}

describe("while the database is away", () => {
  it("for longer than seconds are kept, what was held meanwhile is on record in tens and minutes", async () => {
    let leads = false;
    const recorder = openRecorder(() => leads);
    const windows: ReceivedWindow[] = [];
    for (let n = 1; n <= 120; n += 1) {
      const window = repeatableSecond(START_MS, n);
      windows.push(window);
      tell(recorder, window);
    }
    leads = true;
    nowMs = START_MS + 3 * 3_600_000;
    await recorder.work(true);
    const sent = totalsSent(windows);
    expect(await totalsOnRecord(client, 10)).toEqual(sent);
    expect(await totalsOnRecord(client, 60)).toEqual(sent);
  });

  it("windows are held and written once it is back; beyond what there is room for the seconds lost are counted", async () => {
    const recorder = openRecorder();
    const short = openRecorder(() => false, 20_000);
    const windows: ReceivedWindow[] = [];
    await test.kill();
    for (let n = 1; n <= 60; n += 1) {
      const window = repeatableSecond(START_MS, n);
      windows.push(window);
      for (const one of [recorder, short]) tell(one, window);
    }
    // By itself it lets go of what it finds on record, once there is a database to look into.
    expect(short.held.lostSeconds).toBeGreaterThan(10);
    expect(short.held.lostSeconds + short.held.all().length).toBe(60);
    nowMs = START_MS + 70_000;
    await expect(recorder.work()).rejects.toMatchObject({ code: "DATABASE_DOWN" });
    await test.restart();
    client = await connected();
    await recorder.work();
    expect(recorder.held.all()).toEqual([]);
    expect(recorder.held.lostSeconds).toBe(0);
    await expectOnce(recorder, windows, 60);
  });
});
