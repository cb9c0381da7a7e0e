import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import type { Actor } from "#domain/audit.ts";
import { BreakerPolicySpec, BreakerSettings } from "#domain/breaker-policy.ts";
import type { BreakerHistory, SimulationReport } from "#domain/breaker-history.ts";
import { bucketOf } from "#domain/histogram.ts";
import type { LivePicture } from "#domain/live.ts";
import { testBreaker, testPicture } from "#domain/test-picture.ts";
import type { OutcomeCounts } from "#domain/outcome-counts.ts";
import { OverrideDraft } from "#domain/override.ts";
import { RouteSpec } from "#domain/route.ts";
import type { BreakerReading, BreakerState } from "#domain/traffic.ts";
import { recordBreakerCalls, type CallRecorder } from "./call-recorder.ts";
import { createRoute } from "./create-route.ts";
import { expireOverrides } from "./expire-overrides.ts";
import { forceBreaker } from "./force-breaker.ts";
import { liftOverride } from "./lift-override.ts";
import { readBreakerHistory } from "./read-breaker-history.ts";
import { recordTransitions } from "./record-transitions.ts";
import { saveBreakerPolicy } from "./save-breaker-policy.ts";
import { simulateBreaker } from "./simulate-breaker.ts";
import { Simulations } from "./simulations.ts";
import { readingOf, windowOf } from "./test-bed/recorded-window.ts";

const START_MS = Date.parse("2026-11-25T12:00:00Z");
const ada: Actor = { kind: "person", id: "ada", name: "Ada" };
let test: TestDatabase;
let recorder: CallRecorder;
let nowMs = START_MS;
/** What gateways say at present. */
let present: { gatewayId: string; reading: BreakerReading }[] = [];
const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };

const at = (seconds: number): number => START_MS + seconds * 1000;

/** Only breakers matter to a history. */
function picture(): LivePicture {
  const breaker = testBreaker({ key: "web->catalog", routeId: "web", service: "catalog", gateways: present });
  // Nobody has read a registry: what is held need not be in it.
  return testPicture({ atMs: nowMs, breakers: [breaker], registryReadAtMs: 0 });
}

const deps = () => ({
  database: test.database,
  clock,
  recorder,
  simulations: new Simulations(),
  live: { current: picture },
  forceConfirmRps: 10,
});

beforeAll(async () => {
  test = await startTestDatabase();
  recorder = recordBreakerCalls(
    { database: test.database, clock },
    { isLeader: () => true, hours: 24, log: pino({ level: "silent" }) },
  );
});
afterAll(async () => {
  await recorder.stop();
  await test.stop();
});

const sequences = new Map<string, number>();
/** A gateway's second in which these calls ended, 20 ms each. */
async function second(s: number, gatewayId: string, routeId: string, counts: OutcomeCounts): Promise<void> {
  nowMs = at(s);
  const sequence = (sequences.get(gatewayId) ?? 0) + 1;
  sequences.set(gatewayId, sequence);
  const { success = 0, failure = 0 } = counts;
  const latency: [number, number][] = [[bucketOf(20), success + failure]];
  const breakers = [readingOf({ routeId, service: "catalog", counts, latency })];
  const window = windowOf({ gatewayId, run: "r", sequence, endMs: at(s), breakers });
  recorder.take(window, () => window.endMs);
  await recorder.work();
}

let transitions = 0;
async function moved(
  s: number,
  gatewayId: string,
  to: BreakerState,
  cause: string,
  percent: number | null = null,
): Promise<void> {
  nowMs = at(s) + 500;
  transitions += 1;
  const target = { kind: "command", routeId: "web", service: "catalog" } as const;
  const transition = { atMs: at(s) + 60_000, target, from: "closed", to, cause, percent } as const;
  // The gateway's clock is a minute ahead.
  await recordTransitions(deps(), { gatewayId, run: "r", sequence: transitions, transitions: [transition] }, -60_000);
}

const history = (spanMs: number): Promise<BreakerHistory> =>
  readBreakerHistory(deps(), { routeId: "web", service: "catalog", spanMs });

describe("the history of a breaker", () => {
  it("says that nothing is on record before anything is", async () => {
    expect(await history(3_600_000)).toMatchObject({
      buckets: [],
      timelines: [],
      overrides: [],
      marks: [],
      recordedSinceMs: null,
    });
  });

  it("has calls up to now, states with their causes, overrides and edits on one time axis", async () => {
    await createRoute(
      deps(),
      { id: "web", spec: RouteSpec.parse({ matches: [{}], destinations: [{ service: "catalog", weight: 1 }] }) },
      ada,
    );
    for (let s = 1; s <= 120; s += 1) await second(s, "gw-1", "web", s <= 60 ? { success: 10 } : { failure: 10 });
    await second(121, "gw-2", "web", { success: 5 });
    await moved(70, "gw-1", "open", "100 % of 20 calls failed: 20 failure");
    await moved(75, "gw-1", "half-open", "Sleep window over, trying again");
    await moved(76, "gw-1", "half-open", "Trial succeeded: 5 % let through", 5);
    await moved(80, "gw-2", "open", "worker 2: 60 % of 30 calls failed: 18 timeout");
    nowMs = at(90);
    const spec = BreakerPolicySpec.parse({ target: { kind: "service", service: "catalog" }, settings: {} });
    await saveBreakerPolicy(deps(), { expectedVersion: null, spec }, ada);
    const draft = OverrideDraft.parse({
      target: { kind: "command", routeId: "web", service: "catalog" },
      mode: "forced-open",
      reason: "it burns",
      durationMs: 20_000,
    });
    nowMs = at(95);
    await forceBreaker(deps(), draft, ada);
    nowMs = at(118);
    await expireOverrides(deps());
    const instance = OverrideDraft.parse({
      target: { kind: "instance", service: "catalog", instance: "catalog-1" },
      mode: "forced-open",
      reason: "odd one",
      scope: { kind: "gateway", gatewayId: "gw-1" },
      durationMs: null,
    });
    const { id } = await forceBreaker(deps(), instance, ada);
    nowMs = at(130);

    const shown = await history(180_000);
    expect(shown).toMatchObject({ toMs: at(130), bucketMs: 1000, recordedSinceMs: at(0) });
    expect(shown.buckets).toHaveLength(121);
    expect(shown.buckets[0]).toMatchObject({ atMs: at(0), counts: { success: 10 } });
    expect(shown.buckets[0]?.p95Ms).toBeCloseTo(20, -1);
    expect(shown.timelines).toEqual([
      {
        gatewayId: "gw-1",
        worker: null,
        spans: [
          // Its calls are on record from then on; its first transition tells what it was until then.
          { fromMs: at(0), toMs: at(70), state: "closed", percent: null, cause: "" },
          { fromMs: at(70), toMs: at(75), state: "open", percent: null, cause: "100 % of 20 calls failed: 20 failure" },
          { fromMs: at(75), toMs: at(76), state: "half-open", percent: null, cause: "Sleep window over, trying again" },
          // It has left the picture: known until it was last heard of.
          { fromMs: at(76), toMs: at(119), state: "half-open", percent: 5, cause: "Trial succeeded: 5 % let through" },
        ],
      },
      {
        gatewayId: "gw-2",
        worker: 2,
        spans: [
          { fromMs: at(80), toMs: at(120), state: "open", percent: null, cause: "60 % of 30 calls failed: 18 timeout" },
        ],
      },
    ]);
    expect(shown.overrides).toEqual([
      { fromMs: at(95), toMs: at(115), mode: "forced-open", actor: "Ada", reason: "it burns", where: "all gateways" },
      {
        fromMs: at(118),
        toMs: null,
        mode: "forced-open",
        actor: "Ada",
        reason: "odd one",
        where: "instance catalog-1, only gw-1",
      },
    ]);
    expect(shown.marks.map(({ text, actor, atMs }) => [text, actor, atMs])).toEqual([
      ["Created route web", "Ada", START_MS],
      ["Saved breaker policy service:catalog", "Ada", at(90)],
    ]);
    await liftOverride(deps(), { id }, ada);
    expect((await history(180_000)).overrides[1]).toMatchObject({ toMs: at(130) });
  });

  it("begins with the state that was there before, and ends with what gateways say of themselves", async () => {
    nowMs = at(200);
    const again = readingOf({ routeId: "web", service: "catalog", sinceMs: at(150), cause: "No call has failed yet" });
    present = [
      { gatewayId: "gw-1", reading: again },
      { gatewayId: "gw-3", reading: { ...again, sinceMs: at(190) } },
    ];
    const { timelines } = await history(80_000);
    expect(
      timelines.map(({ gatewayId, spans }) => [
        gatewayId,
        spans.map(({ fromMs, toMs, state }) => [fromMs, toMs, state]),
      ]),
    ).toEqual([
      [
        "gw-1",
        [
          [at(76), at(150), "half-open"],
          [at(150), null, "closed"],
        ],
      ],
      ["gw-3", [[at(190), null, "closed"]]],
    ]);
  });

  it("has at most 240 buckets however long it is, and every call in one of them", async () => {
    for (const spanMs of [240_000, 3_600_000, 24 * 3_600_000, 7 * 24 * 3_600_000]) {
      nowMs = at(200);
      const { buckets, bucketMs } = await history(spanMs);
      expect(spanMs / bucketMs).toBeLessThanOrEqual(240);
      const calls = buckets.reduce((sum, { counts }) => sum + (counts.success ?? 0) + (counts.failure ?? 0), 0);
      expect(calls).toBe(1205);
    }
  });
});

describe("a simulation", () => {
  const simulate = (given: Partial<BreakerSettings>, target: BreakerPolicySpec["target"]): Promise<SimulationReport> =>
    simulateBreaker(deps(), { target, settings: BreakerSettings.parse(given), hours: 1 }, ada, undefined);
  const command = { kind: "command", routeId: "web", service: "catalog" } as const;

  it("tells what settings would have done beside what those in force would have", async () => {
    nowMs = at(200);
    const report = await simulate({ errorThresholdPercent: 10, sleepWindowMs: 600_000 }, command);
    expect(report).toMatchObject({ calls: 1205, assumed: 0, gateways: ["gw-1", "gw-2"], routeIds: ["web"] });
    expect(report.recordedSinceMs).toBe(at(0));
    // 600 calls failed from the 60th second on; half of a window of 100 has failed five seconds later.
    expect(report.present.opens[0]).toMatchObject({ gatewayId: "gw-1", routeId: "web" });
    expect(Math.abs((report.present.opens[0]?.fromMs ?? 0) - at(65))).toBeLessThanOrEqual(1000);
    expect(Math.abs((report.edited.opens[0]?.fromMs ?? 0) - at(61))).toBeLessThanOrEqual(1000);
    expect(report.edited).toMatchObject({ openCount: 1, refusedGood: 0 });
    expect(report.edited.refusedBad).toBeGreaterThan(report.present.refusedBad);
    for (const { passed, refused } of [report.present, report.edited]) expect(passed + refused).toBe(1205);
  });

  it("of a service's policy takes the calls of every route without a policy of its own", async () => {
    for (let s = 201; s <= 210; s += 1) await second(s, "gw-1", "mobile", { success: 10 });
    const target = { kind: "service", service: "catalog" } as const;
    expect(await simulate({}, target)).toMatchObject({ calls: 1305, routeIds: ["mobile", "web"] });
    const own = BreakerPolicySpec.parse({ target: command, settings: { enabled: false } });
    await saveBreakerPolicy(deps(), { expectedVersion: null, spec: own }, ada);
    expect(await simulate({}, target)).toMatchObject({ calls: 100, routeIds: ["mobile"] });
    expect((await simulate({}, command)).present).toMatchObject({ openCount: 0, refused: 0 });
  });

  it("says so when nothing is on record", async () => {
    expect(await simulate({}, { kind: "service", service: "nobody" })).toMatchObject({
      calls: 0,
      recordedSinceMs: null,
      gateways: [],
    });
  });

  it("is given up when the same person asks for another, or nobody waits for it any more", async () => {
    const shared = deps();
    const draft = { target: command, settings: BreakerSettings.parse({}), hours: 1 };
    const first = simulateBreaker(shared, draft, ada, undefined);
    const others = simulateBreaker(shared, draft, { ...ada, id: "bob" }, undefined);
    const newer = simulateBreaker(shared, draft, ada, undefined);
    await expect(first).rejects.toMatchObject({ code: "SIMULATION_REPLACED" });
    await expect(newer).resolves.toMatchObject({ calls: 1205 });
    await expect(others).resolves.toMatchObject({ calls: 1205 });
    await expect(simulateBreaker(shared, draft, ada, AbortSignal.abort())).rejects.toMatchObject({
      code: "SIMULATION_REPLACED",
    });
  });
});
