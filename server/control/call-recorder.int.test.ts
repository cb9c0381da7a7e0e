import { Client } from "pg";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import { totalOf } from "#domain/outcome-counts.ts";
import type { RecordedSecond } from "#domain/recorded-second.ts";
import type { BreakerReading, TrafficWindow } from "#domain/traffic.ts";
import { recordBreakerCalls, type CallRecorder } from "./call-recorder.ts";
import { readingOf, windowOf } from "./test-bed/recorded-window.ts";
import { callRecord, readKeptCalls, type CallRecord } from "./read-call-record.ts";

let test: TestDatabase;
let client: Client;
let nowMs = 0;
let isLeader = true;
const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
const log = pino({ level: "silent" });
const START_MS = Date.parse("2026-11-25T12:00:00Z");
const recorders: CallRecorder[] = [];

beforeAll(async () => {
  test = await startTestDatabase();
  client = new Client({ connectionString: test.url });
  // The test that kills the server is the last to use this connection.
  client.on("error", () => undefined);
  await client.connect();
});
afterAll(async () => {
  await client.end().catch(() => undefined);
  await test.stop();
});
beforeEach(async () => {
  for (const recorder of recorders.splice(0)) await recorder.stop();
  await client.query("DELETE FROM breaker_minute; DELETE FROM recording_cursor");
  nowMs = START_MS;
  isLeader = true;
});

function openRecorder(leads: () => boolean = () => isLeader): CallRecorder {
  const recorder = recordBreakerCalls({ database: test.database, clock }, { isLeader: leads, hours: 24, log });
  recorders.push(recorder);
  return recorder;
}

const reading = (routeId: string, success: number, worker: number | null = null): BreakerReading =>
  readingOf({
    routeId,
    service: "catalog",
    worker,
    counts: success > 0 ? { success } : {},
    latency: success > 0 ? [[100, success]] : [],
  });

/** The window of second `sequence` since the start. */
function window(sequence: number, breakers: BreakerReading[], run = "r1"): TrafficWindow {
  return windowOf({ gatewayId: "gw-1", run, sequence, endMs: START_MS + sequence * 1000, breakers });
}

/** Hands the seconds of `from` to `to` to consoles as they happen, one call in each. */
async function live(consoles: readonly CallRecorder[], from: number, to: number, run = "r1"): Promise<void> {
  for (let n = from; n <= to; n += 1) {
    nowMs = START_MS + n * 1000;
    const made = window(n, [reading("web", 1)], run);
    for (const recorder of consoles) recorder.take(made, () => made.endMs);
    for (const recorder of consoles) await recorder.work();
  }
}

function recordOf(recorder: CallRecorder, routeId = "web"): Promise<CallRecord> {
  const held = recorder.held.callsOf(routeId, "catalog");
  const query = { routeId, service: "catalog", fromMs: START_MS - 3_600_000, toMs: nowMs };
  return test.database.snapshot((tx) => readKeptCalls(tx, query)).then((kept) => callRecord(kept, held, query));
}

const secondsIn = ({ gateways }: CallRecord): RecordedSecond[] => gateways.flatMap(({ seconds }) => [...seconds]);
const callsIn = (record: CallRecord): number => secondsIn(record).reduce((sum, { counts }) => sum + totalOf(counts), 0);
const rows = async (): Promise<number> => (await client.query("SELECT 1 FROM breaker_minute")).rowCount ?? 0;

describe("a command's calls", () => {
  it("are one row for each minute, second by second, and up to now with what is not written yet", async () => {
    const recorder = openRecorder();
    await live([recorder], 1, 150);
    expect(await rows()).toBe(2);
    const record = await recordOf(recorder);
    expect(record.sinceMs).toBe(START_MS);
    expect(record.gateways).toMatchObject([{ gatewayId: "gw-1", calls: 150, lastMs: START_MS + 149_000 }]);
    expect(secondsIn(record).map(({ atMs }) => atMs)).toEqual(
      Array.from({ length: 150 }, (_, n) => START_MS + n * 1000),
    );
  });

  it("are let go of by a console that follows soon after the leader has written them", async () => {
    const follower = openRecorder(() => false);
    await live([openRecorder(), follower], 1, 80);
    expect(follower.held.callsOf("web", "catalog").length).toBeLessThan(30);
  });

  it("of a gateway's workers are added up, and what was idle costs no row", async () => {
    const recorder = openRecorder();
    const made = window(1, [reading("web", 2, 1), reading("web", 3, 2), reading("idle", 0)]);
    recorder.take(made, () => made.endMs);
    nowMs += 70_000;
    await recorder.work();
    expect(await rows()).toBe(1);
    const [second] = secondsIn(await recordOf(recorder));
    expect(second).toMatchObject({ counts: { success: 5 }, latency: [[100, 5]], breakers: 2 });
  });

  it("are in the minute of the console's clock, once windows out of a gateway's buffer show how far the clocks are apart", async () => {
    const recorder = openRecorder();
    const made = window(1, [reading("web", 1)]);
    let offMs = 540_000;
    recorder.take(made, () => made.endMs + offMs);
    offMs = -3_000_000;
    nowMs = START_MS + 10_000;
    await recorder.work();
    offMs = 7;
    expect(secondsIn(await recordOf(recorder))[0]?.atMs).toBe(START_MS - 3_000_000);
  });
});

describe("a minute cut in two", () => {
  it("by a restart of the only console is whole, although the gateway hands its windows out again", async () => {
    const first = openRecorder();
    await live([first], 1, 90);
    await first.stop();
    const second = openRecorder();
    for (let n = 1; n <= 90; n += 1) {
      const made = window(n, [reading("web", 1)]);
      second.take(made, () => made.endMs);
    }
    await live([second], 91, 130);
    expect(callsIn(await recordOf(second))).toBe(130);
  });

  it("by the death of the only console is whole: what it held comes out of the gateway's buffer", async () => {
    let lives = true;
    await live([openRecorder(() => lives)], 1, 90);
    lives = false;
    const second = openRecorder();
    for (let n = 1; n <= 90; n += 1) {
      const made = window(n, [reading("web", 1)]);
      second.take(made, () => made.endMs);
    }
    await live([second], 91, 130);
    expect(callsIn(await recordOf(second))).toBe(130);
  });

  it("by a restart of the gateway has the calls of both runs, although sequences start over", async () => {
    const recorder = openRecorder();
    await live([recorder], 1, 30);
    for (let n = 31; n <= 130; n += 1) {
      nowMs = START_MS + n * 1000;
      const made = { ...window(n, [reading("web", 1)], "r2"), sequence: n - 30 };
      recorder.take(made, () => made.endMs);
      await recorder.work();
    }
    expect(callsIn(await recordOf(recorder))).toBe(130);
  });
});

describe("two consoles", () => {
  it("hand over in the middle of a minute without losing or doubling a call, both ways", async () => {
    let leader = 1;
    const one = openRecorder(() => leader === 1);
    const two = openRecorder(() => leader === 2);
    await live([one, two], 1, 100);
    leader = 2;
    await live([one, two], 101, 200);
    leader = 1;
    await live([one, two], 201, 300);
    expect(callsIn(await recordOf(one))).toBe(300);
    expect(callsIn(await recordOf(two))).toBe(300);
  });

  it("that both think they lead write every call once", async () => {
    const consoles = [openRecorder(), openRecorder()];
    for (let n = 1; n <= 200; n += 1) {
      const made = window(n, [reading("web", 1)]);
      for (const recorder of consoles) recorder.take(made, () => made.endMs);
    }
    nowMs = START_MS + 300_000;
    await Promise.all(consoles.map((recorder) => recorder.work()));
    const record = await recordOf(openRecorder());
    expect(secondsIn(record)).toHaveLength(200);
    expect(callsIn(record)).toBe(200);
  });

  it("hold no more than what the other has not written", async () => {
    const leader = openRecorder(() => true);
    const follower = openRecorder(() => false);
    await live([leader, follower], 1, 200);
    expect(follower.held.callsOf("web", "catalog").length).toBeLessThan(150);
    expect(callsIn(await recordOf(follower))).toBe(200);
  });
});

describe("what is older than the hours kept", () => {
  it("is deleted by the leader, and nothing else is", async () => {
    await live([openRecorder()], 1, 70);
    nowMs = START_MS + 24 * 3_600_000 + 59_000;
    await openRecorder().work();
    expect(await rows()).toBe(1);
    nowMs += 1000;
    await openRecorder(() => false).work();
    expect(await rows()).toBe(1);
    await openRecorder().work();
    expect(await rows()).toBe(0);
  });
});

describe("names of a gateway's making", () => {
  it.each([
    ["NUL", "a\0b"],
    ["half a character", "a\ud800b"],
    ["far too long", "x".repeat(100_000)],
    ["long in bytes", "\u{1f600}".repeat(5000)],
  ])("with %s keep nothing from being on record, their own calls neither", async (_, text) => {
    const recorder = openRecorder();
    const odd = { ...window(1, [{ ...reading(text, 2), service: text }, reading("web", 1)]), gatewayId: text };
    const fine = window(1, [reading("web", 3)]);
    for (const made of [odd, fine]) recorder.take(made, () => made.endMs);
    nowMs += 70_000;
    await recorder.work();
    expect(await rows()).toBe(3);
    expect(callsIn(await recordOf(recorder))).toBe(4);
    expect(recorder.held.gateways()).toEqual([]);
  });

  it("that the database does not take are set aside, and the others' calls are written", async () => {
    const recorder = openRecorder();
    const odd = { ...window(1, [reading("web", 2)], "r\0"), gatewayId: "gw-odd" };
    const fine = window(1, [reading("web", 3)]);
    for (const made of [odd, fine]) recorder.take(made, () => made.endMs);
    nowMs += 70_000;
    await recorder.work();
    expect(callsIn(await recordOf(recorder))).toBe(3);
    expect(recorder.held.gateways()).toEqual([]);
  });
});

describe("while the database is away", () => {
  it("calls are held, the history says that it is away, and all is on record once it is back", async () => {
    const recorder = openRecorder();
    await live([recorder], 1, 70);
    await test.kill();
    for (let n = 71; n <= 250; n += 1) {
      const made = window(n, [reading("web", 1)]);
      recorder.take(made, () => made.endMs);
    }
    nowMs = START_MS + 320_000;
    await expect(recorder.work()).rejects.toMatchObject({ code: "DATABASE_DOWN" });
    await expect(recordOf(recorder)).rejects.toMatchObject({ code: "DATABASE_DOWN" });
    await test.restart();
    await recorder.work();
    expect(recorder.held.gateways()).toEqual([]);
    expect(callsIn(await recordOf(recorder))).toBe(250);
  });
});
