import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import { openTrafficStore, type TrafficStore } from "#db/traffic-store.ts";
import type { Actor } from "#domain/audit.ts";
import { OverrideDraft } from "#domain/override.ts";
import { testPicture } from "#domain/test-picture.ts";
import type { BreakerTransition, TrafficWindow } from "#domain/traffic.ts";
import type { ControlDeps } from "./edit.ts";
import { expireOverrides } from "./expire-overrides.ts";
import { forceBreaker } from "./force-breaker.ts";
import { readMarkers } from "./history-markers.ts";
import { doLeaderChores, type LeaderChores } from "./leader-chores.ts";
import { listAudit } from "./list-audit.ts";
import { listDrift } from "./list-drift.ts";
import { recordDrift } from "./record-drift.ts";
import { recordTransitions } from "./record-transitions.ts";
import { windowOf } from "./test-bed/recorded-window.ts";
import { verifyAudit } from "./verify-audit.ts";

const ada: Actor = { kind: "person", id: "ada", name: "Ada" };
const START_MS = Date.parse("2026-11-29T12:00:00Z");
const HOUR_MS = 3_600_000;
let test: TestDatabase;
let store: TrafficStore;
let deps: ControlDeps;
let nowMs = START_MS;
const said: { msg: string }[] = [];
const log = pino({ level: "warn" }, { write: (line: string) => void said.push(JSON.parse(line)) });
const opened: LeaderChores[] = [];

beforeAll(async () => {
  test = await startTestDatabase();
  store = openTrafficStore({ url: test.url, log });
  deps = { database: test.database, clock: { nowMs: () => nowMs, monotonicMs: () => nowMs } };
});
afterEach(async () => {
  for (const chores of opened.splice(0)) await chores.stop();
  said.length = 0;
});
afterAll(async () => {
  await store.stop();
  await test.stop();
});

function choresOf(is: { leads: boolean; records?: boolean }): LeaderChores {
  const chores = doLeaderChores(deps, {
    isLeader: () => is.leads,
    mayRecord: () => is.leads || is.records === true,
    log,
  });
  opened.push(chores);
  return chores;
}

function transitionOf(given: Partial<BreakerTransition> = {}): BreakerTransition {
  const target = { kind: "service", service: "pay" } as const;
  return { atMs: nowMs, target, from: "closed", to: "open", cause: "it failed", percent: null, ...given };
}

let sequence = 0;
function windowWith(transition: BreakerTransition, given: Partial<TrafficWindow> = {}): TrafficWindow {
  sequence += 1;
  return windowOf({ gatewayId: "gw-1", run: "r", sequence, endMs: nowMs, transitions: [transition], ...given });
}

const give = (chores: LeaderChores, window: TrafficWindow): void => chores.take(window, () => window.endMs);
const recorded = async (): Promise<number> => (await listAudit(deps, { action: "breaker.transition", limit: 1 })).total;

const HOSTILE = [
  ["NUL", "a\0b"],
  ["half a character", "a\ud800b"],
  ["the other half", "\udc00"],
  ["far too long", "x".repeat(100_000)],
  ["long in bytes", "\u{1f600}".repeat(5000)],
  ["characters of COPY and JSON", 'tab\t newline\n \\. "quote" \\N'],
] as const;

describe("breaker transitions", () => {
  it("wait as long as nobody leads, and are on record when somebody does", async () => {
    const before = await recorded();
    const is = { leads: false };
    const chores = choresOf(is);
    give(chores, windowWith(transitionOf()));
    for (let hour = 0; hour < 5; hour += 1) {
      nowMs += HOUR_MS;
      await chores.work();
    }
    expect(await recorded()).toBe(before);
    is.leads = true;
    await chores.work();
    expect(await recorded()).toBe(before + 1);
  });

  it("are written once by consoles that all may, because nobody is known to lead", async () => {
    const before = await recorded();
    const consoles = [choresOf({ leads: false, records: true }), choresOf({ leads: false, records: true })];
    const window = windowWith(transitionOf());
    for (const chores of consoles) give(chores, window);
    await Promise.all(consoles.map((chores) => chores.work()));
    expect(await recorded()).toBe(before + 1);
  });

  it("that the leader wrote are let go of by who follows, and not written again when it leads", async () => {
    const before = await recorded();
    const leader = choresOf({ leads: true });
    const is = { leads: false };
    const follower = choresOf(is);
    const window = windowWith(transitionOf());
    for (const chores of [leader, follower]) give(chores, window);
    await leader.work();
    nowMs += 10_000;
    await follower.work();
    is.leads = true;
    await Promise.all([leader.work(), follower.work()]);
    expect(await recorded()).toBe(before + 1);
  });

  it.each(HOSTILE)("of a gateway named with %s are let go of as well", async (_, text) => {
    let readings = 0;
    const { database } = test;
    const counted: ControlDeps = {
      ...deps,
      database: {
        ...database,
        read: (work) => {
          readings += 1;
          return database.read(work);
        },
      },
    };
    const follower = doLeaderChores(counted, { isLeader: () => false, log });
    opened.push(follower);
    const leader = choresOf({ leads: true });
    const window = windowWith(transitionOf(), { gatewayId: text, run: text });
    for (const chores of [leader, follower]) give(chores, window);
    await leader.work();
    const follow = async (): Promise<void> => {
      for (let round = 0; round < 3; round += 1) {
        nowMs += 10_000;
        await follower.work();
      }
    };
    await follow();
    expect(readings).toBeGreaterThan(0);
    const before = readings;
    // Nothing is left to ask about.
    await follow();
    expect(readings).toBe(before);
  });

  it("outlast the database", async () => {
    const before = await recorded();
    const chores = choresOf({ leads: true });
    await test.kill();
    give(chores, windowWith(transitionOf()));
    await chores.work();
    nowMs += HOUR_MS;
    await chores.work();
    await test.restart();
    await chores.work();
    expect(await recorded()).toBe(before + 1);
  }, 60_000);

  it.each(HOSTILE)("with %s in every name are on record, legible, and the log verifies", async (_, text) => {
    const chores = choresOf({ leads: true });
    const before = await recorded();
    const fromMs = nowMs;
    nowMs += 1000;
    const target = { kind: "command", routeId: text, service: text } as const;
    give(chores, windowWith(transitionOf({ target, cause: text }), { gatewayId: text, run: text }));
    give(chores, windowWith(transitionOf()));
    await chores.work();
    expect(await recorded()).toBe(before + 2);
    expect(said).toEqual([]);
    expect(await verifyAudit(deps)).toMatchObject({ ok: true });
    const { markers } = await store.read((tx) => readMarkers(tx, { fromMs, toMs: nowMs }));
    expect(markers.filter(({ kind }) => kind === "breaker")).toHaveLength(2);
  });

  it("that the database does not take are set aside with a word, and the next are written", async () => {
    const chores = choresOf({ leads: true });
    const before = await recorded();
    // Beyond what the cursor's column holds.
    give(chores, windowWith(transitionOf(), { gatewayId: "gw-odd", sequence: 2 ** 40 }));
    give(chores, windowWith(transitionOf(), { gatewayId: "gw-odd", sequence: 2 ** 41 }));
    give(chores, windowWith(transitionOf()));
    await chores.work();
    expect(await recorded()).toBe(before + 1);
    expect(said.map(({ msg }) => msg)).toEqual(
      Array.from({ length: 2 }, () => "breaker transitions that the database does not take are set aside"),
    );
    await chores.work();
    expect(said).toHaveLength(2);
  });
});

describe("drift", () => {
  it.each(HOSTILE)("with %s in what was found is on record, and the log verifies", async (what, text) => {
    const found = { spec: { [text]: text, list: [text] } };
    await recordDrift(deps, {
      key: "routes/odd",
      problem: text,
      found,
      foundHash: what,
      action: "hold",
    });
    const [finding] = await listDrift(deps, { state: "standing", limit: 1 });
    expect(finding).toMatchObject({ state: "open", found });
    expect(await verifyAudit(deps)).toMatchObject({ ok: true });
    const { markers } = await store.read((tx) => readMarkers(tx, { fromMs: nowMs - 1, toMs: nowMs + 1 }));
    expect(markers.some(({ kind }) => kind === "drift")).toBe(true);
  });
});

describe("two consoles that both think they lead", () => {
  it("end an override once", async () => {
    const draft = OverrideDraft.parse({
      target: { kind: "service", service: "pay" },
      mode: "forced-open",
      reason: "maintenance",
      durationMs: 60_000,
      confirmed: true,
    });
    const ended = async (): Promise<number> => (await listAudit(deps, { action: "override.expire", limit: 1 })).total;
    await forceBreaker({ ...deps, live: { current: () => testPicture() }, forceConfirmRps: 10 }, draft, ada);
    const before = await ended();
    nowMs += 120_000;
    await Promise.all([expireOverrides(deps), expireOverrides(deps)]);
    expect(await ended()).toBe(before + 1);
  });

  it("put a window's transitions on record once, the one coming back in the middle of it", async () => {
    const before = await recorded();
    const window = windowWith(transitionOf());
    const isLeader = { leads: true };
    const [zombie, next] = [choresOf(isLeader), choresOf({ leads: true })];
    for (const chores of [zombie, next]) {
      give(chores, window);
      give(chores, { ...window, sequence: window.sequence + 1 });
    }
    sequence += 1;
    await Promise.all([zombie.work(), next.work(), recordTransitions(deps, window)]);
    expect(await recorded()).toBe(before + 2);
  });
});
