import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import { openTrafficStore, type TrafficStore } from "#db/traffic-store.ts";
import type { RegistryPicture } from "#domain/instance.ts";
import { testInstance, testRegistry } from "#domain/test-instance.ts";
import { readMarkers } from "./history-markers.ts";
import { readPresenceAt } from "./history-presence.ts";
import { recordPresenceHistory, type PresenceRecorder } from "./record-presence-history.ts";

let test: TestDatabase;
let store: TrafficStore;
let nowMs = 0;
let registry: RegistryPicture;
const said: string[] = [];
const log = pino({ level: "warn" }, { write: (line: string) => void said.push(line) });
const START_MS = Date.parse("2026-11-29T12:00:00Z");
const recorders: PresenceRecorder[] = [];

beforeAll(async () => {
  test = await startTestDatabase();
  store = openTrafficStore({ url: test.url, log });
});
beforeEach(async () => {
  nowMs = START_MS;
  said.length = 0;
  await store.write((tx) => tx.query("TRUNCATE traffic.presence"));
});
afterEach(async () => {
  for (const recorder of recorders.splice(0)) await recorder.stop();
});
afterAll(async () => {
  await store.stop();
  await test.stop();
});

const withInstances = (...ids: string[]): RegistryPicture =>
  testRegistry([{ name: "orders", instances: ids.map((id) => testInstance({ id })), unreadable: [] }]);

/** A console whose clock is so much ahead of the others'. */
function open(is: { leads: boolean }, aheadMs = 0): PresenceRecorder {
  const recorder = recordPresenceHistory({
    store,
    log,
    clock: { nowMs: () => nowMs + aheadMs, monotonicMs: () => nowMs },
    isLeader: () => is.leads,
    registry: () => registry,
    gateways: () => [],
  });
  recorders.push(recorder);
  return recorder;
}

async function pass(seconds: number, ...consoles: PresenceRecorder[]): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    nowMs += 1000;
    await Promise.all(consoles.map((one) => one.work()));
  }
}

async function told(): Promise<string[]> {
  const { markers } = await store.read((tx) => readMarkers(tx, { fromMs: START_MS - 1, toMs: nowMs + 60_000 }));
  return markers.map(({ title }) => title.replace(/ of orders|\(10.*\)/g, "").trim());
}

async function present(atMs = nowMs): Promise<string[]> {
  const presence = await store.read((tx) => readPresenceAt(tx, atMs));
  return [...(presence?.instances.values() ?? [])].map(({ id }) => id).toSorted();
}

describe("comings and goings", () => {
  it("are told of once, and in their order, when the next leader's clock is behind", async () => {
    const [first, second] = [{ leads: true }, { leads: false }];
    const consoles = [open(first, 20_000), open(second)];
    registry = withInstances("a");
    await pass(40, ...consoles);
    registry = withInstances("a", "b");
    await pass(1, ...consoles);
    first.leads = false;
    second.leads = true;
    await pass(1, ...consoles);
    const moved = testInstance({ id: "b", port: 81 });
    registry = testRegistry([{ name: "orders", instances: [testInstance({ id: "a" }), moved], unreadable: [] }]);
    await pass(31, ...consoles);
    registry = testRegistry([{ name: "orders", instances: [moved], unreadable: [] }]);
    await pass(1, ...consoles);
    expect(await told()).toEqual(["Instance b came", "Instance b changed", "Instance a left"]);
    expect(await present()).toEqual(["b"]);
    const presence = await store.read((tx) => readPresenceAt(tx, nowMs));
    expect([...(presence?.instances.values() ?? [])].map(({ port }) => port)).toEqual([81]);
  });

  it("are not kept from being told of by rows of a clock that was days ahead", async () => {
    const [first, second] = [{ leads: true }, { leads: false }];
    const consoles = [open(first, 3 * 24 * 3_600_000), open(second)];
    registry = withInstances("a");
    await pass(40, ...consoles);
    first.leads = false;
    second.leads = true;
    await pass(40, ...consoles);
    registry = withInstances("a", "b");
    await pass(1, ...consoles);
    expect(await told()).toEqual(["Instance b came"]);
    expect(await present()).toEqual(["a", "b"]);
  });

  it("are told of once by two consoles that both think they lead", async () => {
    const consoles = [open({ leads: true }), open({ leads: true })];
    registry = withInstances("a");
    await pass(40, ...consoles);
    for (const ids of [["a", "b"], ["b"], ["b", "c", "d"]]) {
      registry = withInstances(...ids);
      await pass(3, ...consoles);
    }
    expect((await told()).toSorted()).toEqual([
      "Instance a left",
      "Instance b came",
      "Instance c came",
      "Instance d came",
    ]);
    expect(await present()).toEqual(["b", "c", "d"]);
  });

  it("go on from what there is when the record was restored under a running console", async () => {
    const console1 = open({ leads: true });
    registry = withInstances("a");
    await pass(40, console1);
    await test.backUp();
    registry = withInstances("b");
    await pass(40, console1);
    expect(await present()).toEqual(["b"]);
    await test.restoreBackup();
    expect(await present()).toEqual(["a"]);
    await pass(12, console1);
    expect(await present()).toEqual(["b"]);
  }, 60_000);

  it.each([
    ["NUL", "a\0b"],
    ["half a character", "a\ud800b"],
    ["far too long", "x".repeat(100_000)],
    ["characters of COPY and JSON", 'tab\t newline\n \\. "quote" \\N'],
  ])("with %s in every name stop nothing", async (_, text) => {
    const console1 = open({ leads: true });
    registry = withInstances("a");
    await pass(40, console1);
    const odd = testInstance({ id: text, service: text, address: text, metadata: { [text]: text } });
    registry = testRegistry([
      { name: "orders", instances: [testInstance({ id: "a" }), testInstance({ id: "b" })], unreadable: [] },
      { name: text, instances: [odd], unreadable: [] },
    ]);
    await pass(2, console1);
    expect(await told()).toContain("Instance b came");
    expect(await told()).toHaveLength(2);
    registry = withInstances("a");
    await pass(2, console1);
    expect(await told()).toHaveLength(4);
    expect(await present()).toEqual(["a"]);
    expect(said).toEqual([]);
  });
});
