import { Client } from "pg";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listPartitions } from "#db/traffic-partitions.ts";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import { openTrafficStore, type TrafficStore } from "#db/traffic-store.ts";
import type { Actor } from "#domain/audit.ts";
import { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import type { RegistryPicture } from "#domain/instance.ts";
import type { GatewayStatus } from "#domain/live.ts";
import { RouteSpec } from "#domain/route.ts";
import { testInstance, testRegistry } from "#domain/test-instance.ts";
import type { EdgeWindow, TrafficWindow } from "#domain/traffic.ts";
import { createRoute } from "./create-route.ts";
import { openTrafficHistory } from "./open-traffic-history.ts";
import { recordPresenceHistory, type PresenceRecorder } from "./record-presence-history.ts";
import { recordTransitions } from "./record-transitions.ts";
import { saveBreakerPolicy } from "./save-breaker-policy.ts";
import { readingOf } from "./test-bed/recorded-window.ts";
import { edgeOf, secondOf } from "./test-bed/traffic-history.ts";
import { tidyTrafficHistory } from "./tidy-traffic-history.ts";
import type { TrafficHistory } from "./traffic-history.ts";
import { recordTrafficHistory, type TrafficRecorder } from "./traffic-recorder.ts";
import { updateRoute } from "./update-route.ts";

let test: TestDatabase;
let store: TrafficStore;
let client: Client;
let nowMs = 0;
const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
const log = pino({ level: "silent" });
const ALICE: Actor = { kind: "person", id: "alice", name: "Alice" };
const DAY_MS = 24 * 3_600_000;
/** Each test has days of its own: what is on record of edits is never taken back. */
let dayMs = Date.parse("2026-11-01T00:00:00Z");
let recorder: TrafficRecorder;
let presence: PresenceRecorder;
let history: TrafficHistory;
let registry: RegistryPicture = testRegistry([]);
let gateways: Pick<GatewayStatus, "id" | "registration" | "lastWindowAtMs">[] = [];
let second = 0;

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
beforeEach(() => {
  dayMs += 30 * DAY_MS;
  nowMs = dayMs;
  second = 0;
  registry = testRegistry([]);
  gateways = [];
  recorder = recordTrafficHistory({ store, clock, log, consoleId: "console-1", isLeader: () => true, limitBytes: 1e9 });
  presence = recordPresenceHistory({
    store,
    clock,
    log,
    isLeader: () => true,
    registry: () => registry,
    gateways: () => gateways,
  });
  history = openTrafficHistory({ store, recorder, clock });
});
afterEach(async () => {
  await recorder.stop();
  await presence.stop();
});

/** Lets seconds pass in which a gateway counts these calls. */
async function pass(seconds: number, edges: EdgeWindow[], given: Partial<TrafficWindow> = {}): Promise<void> {
  for (let n = 0; n < seconds; n += 1) {
    second += 1;
    nowMs += 1000;
    const window = secondOf(nowMs - 1000, second, edges, { run: String(dayMs), ...given });
    recorder.take(window, () => window.endMs);
    await recorder.work();
    await presence.work();
  }
}

const shop = (weights: Record<string, number>): RouteSpec =>
  RouteSpec.parse({
    matches: [{}],
    destinations: Object.entries(weights).map(([version, weight]) => ({
      service: "shop",
      labels: { version },
      weight,
    })),
  });
const callsTo = (version: string, success: number): EdgeWindow =>
  edgeOf({ service: "shop", subset: `version=${version}`, instance: `shop-${version}`, counts: { success } });
const deps = () => ({ database: test.database, clock });

describe("the health of a moment", () => {
  it("is good where all calls succeeded well within the timeout of its day", async () => {
    await pass(40, [edgeOf({ service: "shop", counts: { success: 9 }, latency: [[100, 9]] })]);
    const { topology } = await history.moment(nowMs);
    expect(topology.nodes.find(({ name }) => name === "shop")?.healthReason).toBe("All calls succeed.");
    expect(topology.edges.map(({ health }) => health)).toEqual(["healthy"]);
  });

  it("is judged by the timeout that was in force then", async () => {
    const target = { kind: "service", service: "shop" } as const;
    const spec = BreakerPolicySpec.parse({ target, settings: { timeoutMs: 6 } });
    await saveBreakerPolicy(deps(), { expectedVersion: null, spec }, ALICE);
    await pass(40, [edgeOf({ service: "shop", counts: { success: 9 }, latency: [[100, 9]] })]);
    const { topology } = await history.moment(nowMs);
    expect(topology.nodes.find(({ name }) => name === "shop")?.healthReason).toBe(
      "p95 5.8 ms is over 80 % of its timeout of 6 ms.",
    );
  });
});

describe("before and after an edit of weights", () => {
  it("a moment shows the split and the policy of its own time, and the axis the edit", async () => {
    const created = await createRoute(deps(), { id: "split", spec: shop({ "1": 90, "2": 10 }) }, ALICE);
    await pass(40, [callsTo("1", 9), callsTo("2", 1)]);
    const beforeMs = nowMs;
    nowMs += 1;
    const edited = await updateRoute(
      deps(),
      { id: "split", expectedVersion: created.version, spec: shop({ "1": 50, "3": 50 }) },
      ALICE,
    );
    await pass(40, [callsTo("1", 5), callsTo("3", 5)]);
    const before = await history.moment(beforeMs);
    const after = await history.moment(nowMs);
    expect(before.revision).toBe(created.revision);
    expect(after.revision).toBe(edited.revision);
    const splitOf = ({ topology }: typeof before) =>
      topology.edges[0]?.split.map(({ subset, requestsPerSecond }) => [subset, requestsPerSecond]);
    expect(splitOf(before)).toEqual([
      ["version=1", 9],
      ["version=2", 1],
    ]);
    expect(splitOf(after)).toEqual([
      ["version=1", 5],
      ["version=3", 5],
    ]);
    const { markers } = await history.markers(beforeMs, nowMs);
    expect(markers).toMatchObject([
      { kind: "revision", actor: "Alice", concerns: ["routes/split", "shop"], auditSequence: expect.any(Number) },
    ]);
  });

  it("what was only configured then is drawn as it was then", async () => {
    await pass(12, []);
    const beforeMs = nowMs;
    nowMs += 1;
    await createRoute(
      deps(),
      {
        id: "later",
        spec: RouteSpec.parse({
          matches: [{ path: { kind: "prefix", value: "/later" } }],
          destinations: [{ service: "later", weight: 1 }],
        }),
      },
      ALICE,
    );
    await pass(12, []);
    const idsAt = async (atMs: number) => (await history.moment(atMs)).topology.edges.map(({ id }) => id);
    expect(await idsAt(beforeMs)).not.toContain("outside→service:later");
    expect(await idsAt(nowMs)).toContain("outside→service:later");
  });
});

describe("breakers", () => {
  it("are as they stood at the moment, and their transitions are on the axis", async () => {
    await pass(15, [callsTo("1", 5)]);
    const closedMs = nowMs;
    const transition = {
      atMs: nowMs + 10,
      target: { kind: "command" as const, routeId: "shop", service: "shop" },
      from: "closed" as const,
      to: "open" as const,
      cause: "61 % of 214 calls failed",
      percent: null,
    };
    nowMs += 500;
    const opened = { gatewayId: "gw-1", run: String(dayMs), sequence: 1, transitions: [transition] };
    await recordTransitions(deps(), opened);
    const open = readingOf({ routeId: "shop", service: "shop", state: "open" });
    await pass(15, [edgeOf({ service: "shop", counts: { "short-circuited": 5 } })], { breakers: [open] });
    const stateAt = async (atMs: number) =>
      (await history.moment(atMs)).topology.edges.find(({ to }) => to === "service:shop")?.breaker;
    expect(await stateAt(closedMs)).toEqual({ state: "closed", override: null });
    expect(await stateAt(nowMs)).toEqual({ state: "open", override: null });
    const { markers } = await history.markers(closedMs, nowMs);
    expect(markers).toMatchObject([
      {
        kind: "breaker",
        atMs: closedMs + 10,
        title: "shop->shop opened: 61 % of 214 calls failed",
        tone: "bad",
        actor: "",
      },
    ]);
  });
});

describe("the registry of a moment", () => {
  const withInstances = (...ids: string[]): RegistryPicture =>
    testRegistry([{ name: "orders", instances: ids.map((id) => testInstance({ id })), unreadable: [] }]);
  const partsAt = async (atMs: number): Promise<string[] | undefined> =>
    (await history.moment(atMs)).topology.nodes
      .find(({ id }) => id === "service:orders")
      ?.parts.map(({ instance, serving }) => `${instance}${serving ? "" : " out"}`);

  it("has who was there, and who came, changed and left since is on the axis", async () => {
    registry = withInstances("a", "b");
    await pass(40, []);
    const beforeMs = nowMs;
    registry = testRegistry([
      {
        name: "orders",
        instances: [testInstance({ id: "b", serving: false }), testInstance({ id: "c" })],
        unreadable: [],
      },
    ]);
    await pass(12, []);
    expect(await partsAt(beforeMs)).toEqual(["a", "b"]);
    expect(await partsAt(nowMs)).toEqual(["b out", "c"]);
    expect(await history.moment(nowMs)).toMatchObject({ registryKnown: true });
    const { markers } = await history.markers(beforeMs, nowMs);
    expect(markers.map(({ title }) => title).toSorted()).toEqual([
      "Instance a of orders left (10.0.0.1:80)",
      "Instance b of orders changed (10.0.0.1:80, not serving)",
      "Instance c of orders came (10.0.0.1:80)",
    ]);
  });

  it("keeps those that are not confirmed to have left", async () => {
    registry = withInstances("a", "b");
    await pass(40, []);
    registry = testRegistry([
      { name: "orders", instances: [testInstance({ id: "a", presence: "unconfirmed" })], unreadable: [] },
    ]);
    const beforeMs = nowMs;
    await pass(3, []);
    expect((await history.markers(beforeMs, nowMs)).markers.map(({ title }) => title)).toEqual([
      "Instance b of orders left (10.0.0.1:80)",
    ]);
  });

  it("goes on where the console before left it, and calls nobody gone whom it may not have seen yet", async () => {
    registry = withInstances("a", "b");
    gateways = [{ id: "gw-1", registration: null, lastWindowAtMs: nowMs + 60_000 }];
    await pass(40, []);
    await presence.stop();
    const beforeMs = nowMs;
    registry = withInstances("a");
    gateways = [];
    presence = recordPresenceHistory({
      store,
      clock,
      log,
      isLeader: () => true,
      registry: () => registry,
      gateways: () => gateways,
    });
    await pass(20, []);
    expect((await history.markers(beforeMs, nowMs)).markers).toEqual([]);
    await pass(20, []);
    expect((await history.markers(beforeMs, nowMs)).markers.map(({ title, kind }) => [kind, title])).toEqual([
      ["instance", "Instance b of orders left (10.0.0.1:80)"],
      ["gateway", "Gateway gw-1 left"],
    ]);
  });
});

describe("an instance that a gateway took out", () => {
  it("is told of once, with who did it and why, and was there all the time", async () => {
    registry = testRegistry([
      { name: "shop", unreadable: [], instances: [testInstance({ service: "shop", id: "shop-1", port: 81 })] },
    ]);
    await pass(40, [callsTo("1", 5)]);
    const fromMs = nowMs;
    const at = { atMs: nowMs + 300, service: "shop", instance: "shop-1", worker: null };
    const turn = { ...at, turn: "ejected" as const, untilMs: nowMs + 30_000, cause: "5 failures in a row" };
    await pass(1, [callsTo("1", 5)], { ejections: [turn] });
    const outMs = nowMs;
    await pass(40, [callsTo("1", 5)]);
    expect((await history.markers(fromMs, nowMs)).markers).toMatchObject([
      {
        kind: "instance",
        tone: "bad",
        atMs: fromMs + 300,
        title: "Instance shop-1 of shop was ejected by gw-1: 5 failures in a row",
        concerns: ["shop"],
      },
    ]);
    const { topology } = await history.moment(outMs);
    expect(topology.nodes.find(({ name }) => name === "shop")?.instances).toBe(1);
  });
});

describe("many markers", () => {
  it("come as numbers by stretch, of what happens by itself first", async () => {
    registry = testRegistry([]);
    await pass(40, []);
    const beforeMs = nowMs;
    registry = testRegistry([
      {
        name: "orders",
        instances: Array.from({ length: 400 }, (_, n) => testInstance({ id: `i${n}` })),
        unreadable: [],
      },
    ]);
    gateways = [{ id: "gw-1", registration: null, lastWindowAtMs: nowMs + 60_000 }];
    await pass(5, []);
    const list = await history.markers(beforeMs, nowMs);
    expect(list.markers).toMatchObject([{ kind: "gateway", title: "Gateway gw-1 came" }]);
    expect(list.more).toMatchObject([{ kind: "instance", count: 400 }]);
    expect(list.more.every(({ fromMs, toMs }) => fromMs >= beforeMs && toMs <= nowMs)).toBe(true);
  });
});

describe("what is old", () => {
  const tables = async (): Promise<string[]> =>
    (await store.read(listPartitions)).map(({ table, name }) => `${table} ${name}`);

  it("goes by the partition, each length of spans in its own time, and nothing else does", async () => {
    await pass(75, [edgeOf()]);
    const startMs = dayMs;
    await tidyTrafficHistory(store, { limitBytes: 1e9, nowMs: startMs + 11 * 60_000 });
    expect((await tables()).filter((one) => one.startsWith("span_1 "))).toHaveLength(1);
    await tidyTrafficHistory(store, { limitBytes: 1e9, nowMs: startMs + 25 * 3_600_000 });
    const left = await tables();
    expect(left.filter((one) => one.startsWith("span_10 "))).toHaveLength(0);
    expect(left.filter((one) => one.startsWith("span_60 "))).toHaveLength(1);
    expect(await history.moment(startMs + 30_000)).toMatchObject({ resolutionSeconds: 60 });
    await tidyTrafficHistory(store, { limitBytes: 1e9, nowMs: startMs + 16 * DAY_MS });
    expect((await tables()).filter((one) => one.startsWith("span_60 "))).toHaveLength(0);
    await expect(history.moment(startMs + 30_000)).rejects.toMatchObject({ code: "NOT_RECORDED" });
  });

  it("stays while somebody reads it, and goes the next time", async () => {
    await pass(75, [edgeOf()]);
    const laterMs = dayMs + 11 * 60_000;
    const seconds = async () => (await tables()).filter((one) => one.startsWith("span_1 ")).length;
    const before = await seconds();
    await client.query("BEGIN");
    await client.query("SELECT * FROM traffic.span_1 WHERE at >= $1 AND at < $2", [
      new Date(dayMs),
      new Date(dayMs + 60_000),
    ]);
    await tidyTrafficHistory(store, { limitBytes: 1e9, nowMs: laterMs });
    const meanwhile = await seconds();
    await client.query("COMMIT");
    await tidyTrafficHistory(store, { limitBytes: 1e9, nowMs: laterMs });
    expect([meanwhile, await seconds()]).toEqual([before, before - 1]);
  });

  it("goes before its time while all of it takes more than it may, the oldest first", async () => {
    for (let hour = 0; hour < 3; hour += 1) {
      await pass(75, [edgeOf({ instance: `of-hour-${hour}` })]);
      nowMs += 3_600_000;
      await recorder.work();
    }
    await tidyTrafficHistory(store, { limitBytes: 1e9, nowMs });
    const before = (await store.read(listPartitions)).filter(({ fromMs }) => fromMs >= dayMs);
    const bytes = (await history.extent()).bytes;
    await tidyTrafficHistory(store, { limitBytes: bytes - 1, nowMs });
    const after = (await store.read(listPartitions)).filter(({ fromMs }) => fromMs >= dayMs);
    expect(after.length).toBeLessThan(before.length);
    // All of the oldest that is complete.
    const gone = before.filter(({ name }) => !after.some((one) => one.name === name));
    expect(gone.map(({ table }) => table)).toEqual(["span_10"]);
    expect(gone[0]?.fromMs).toBe(dayMs);
    expect((await history.extent()).bytes).toBeLessThan(bytes);
  });
});
