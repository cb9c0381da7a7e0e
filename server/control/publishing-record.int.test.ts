import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Database } from "#db/client.ts";
import { readMesh } from "#db/mesh-repository.ts";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import type { Actor } from "#domain/audit.ts";
import type { Acknowledgement } from "#domain/gateway-info.ts";
import type { PublisherReport } from "#domain/publishing.ts";
import { RouteSpec } from "#domain/route.ts";
import { eventually, quietLog } from "#zookeeper/test-harness.ts";
import { checkNow } from "./check-now.ts";
import { createRoute } from "./create-route.ts";
import { decideDrift } from "./decide-drift.ts";
import type { ControlDeps } from "./edit.ts";
import { getDelivery, listEditDeliveries } from "./list-deliveries.ts";
import { listDrift } from "./list-drift.ts";
import { markDelivered } from "./mark-delivered.ts";
import { watchPolicy } from "./policy-view.ts";
import { recordDrift } from "./record-drift.ts";
import { recordPublishing, type PublishingRecorder } from "./record-publishing.ts";
import { removeRoute } from "./remove-route.ts";
import { saveBreakerPolicy } from "./save-breaker-policy.ts";
import { tidyRecords } from "./tidy-records.ts";
import { BreakerPolicySpec } from "#domain/breaker-policy.ts";

const START_MS = Date.parse("2026-11-29T12:00:00Z");
const ada: Actor = { kind: "person", id: "ada", name: "Ada" };
const route = RouteSpec.parse({ matches: [{}], destinations: [{ service: "catalog", weight: 1 }] });

let test: TestDatabase;
let deps: ControlDeps;
let incarnation = "";
let nowMs = START_MS;
const at = (ms: number): void => {
  nowMs = START_MS + ms;
};
beforeAll(async () => {
  test = await startTestDatabase();
  deps = { database: test.database, clock: { nowMs: () => nowMs, monotonicMs: () => nowMs } };
  ({ incarnation } = await test.database.read(readMesh));
});
afterAll(() => test.stop());

const acked = (gatewayId: string, revision: number, of = incarnation): Acknowledgement => ({
  gatewayId,
  incarnation: of,
  revision,
  root: "",
  refused: [],
  appliedAtMs: 1,
});

/** A console's recorder, and who leads. */
function consoleOf(leads: { leads: boolean }): PublishingRecorder {
  return recordPublishing(deps, { isLeader: () => leads.leads, incarnation: () => incarnation, log: quietLog });
}

describe("deliveries", () => {
  it("tell when an edit was saved, published and applied, whichever console leads when", async () => {
    const first = { leads: true };
    const second = { leads: false };
    const consoles = [consoleOf(first), consoleOf(second)];
    const everyone = async (...acks: Acknowledgement[]): Promise<void> => {
      for (const one of consoles) one.observe(acks);
      for (const one of consoles) await one.work();
    };
    const { revision } = await createRoute(deps, { id: "first", spec: route }, ada);
    at(10);
    await everyone(acked("gw-1", revision), acked("gw-2", revision), acked("gw-3", revision, "another"));
    at(1000);
    const { revision: next } = await createRoute(deps, { id: "second", spec: route }, ada);
    at(1005);
    await markDelivered(deps, next);
    at(1008);
    await everyone(acked("gw-1", next), acked("gw-2", revision));
    // The leader goes; the other one, who saw the same, writes what it saw when it saw it.
    first.leads = false;
    at(1030);
    await everyone(acked("gw-1", next), acked("gw-2", next));
    at(9000);
    second.leads = true;
    await everyone(acked("gw-1", next), acked("gw-2", next));
    expect(await getDelivery(deps, { revision: next })).toEqual({
      revision: next,
      savedAtMs: START_MS + 1000,
      publishedAtMs: START_MS + 1005,
      applied: [
        { gatewayId: "gw-1", atMs: START_MS + 1008 },
        { gatewayId: "gw-2", atMs: START_MS + 1030 },
      ],
    });
    expect(await getDelivery(deps, { revision: 999 })).toBeNull();
    for (const one of consoles) await one.stop();
  });

  it("forget no acknowledgement that comes while others are being written", async () => {
    at(20_000);
    const { revision } = await createRoute(deps, { id: "while-writing", spec: route }, ada);
    let whenWritten = (): void => undefined;
    const database: ControlDeps["database"] = {
      ...deps.database,
      read: async (work) => {
        const answer = await deps.database.read(work);
        whenWritten();
        return answer;
      },
    };
    const recorder = recordPublishing(
      { ...deps, database },
      { isLeader: () => true, incarnation: () => incarnation, log: quietLog },
    );
    whenWritten = () => {
      at(20_040);
      recorder.observe([acked("gw-1", revision), acked("gw-2", revision)]);
      whenWritten = () => undefined;
    };
    at(20_030);
    recorder.observe([acked("gw-1", revision)]);
    await recorder.work();
    at(25_000);
    await recorder.work();
    expect((await getDelivery(deps, { revision }))?.applied).toEqual([
      { gatewayId: "gw-1", atMs: START_MS + 20_030 },
      { gatewayId: "gw-2", atMs: START_MS + 20_040 },
    ]);
    await recorder.stop();
    await removeRoute(deps, { id: "while-writing", expectedVersion: 1 }, ada);
  });

  it("are listed latest first with what the edit was, all its objects under one revision", async () => {
    const target = { kind: "command", routeId: "first", service: "catalog" } as const;
    await saveBreakerPolicy(
      deps,
      { expectedVersion: null, spec: BreakerPolicySpec.parse({ target, settings: {} }) },
      ada,
    );
    const { revision } = await removeRoute(deps, { id: "first", expectedVersion: 1 }, ada);
    const listed = await listEditDeliveries(deps, { limit: 2 });
    expect(listed).toMatchObject([
      {
        revision,
        targets: ["routes/first", "breakers/command:first:catalog"],
        summary: "Removed route first",
        actor: "Ada",
        publishedAtMs: null,
        applied: { count: 0, last: null },
      },
      { revision: revision - 1, targets: ["breakers/command:first:catalog"] },
    ]);
    expect(await listEditDeliveries(deps, { limit: 200 })).toHaveLength(revision);
  });

  it("are kept for the last 10,000 revisions", async () => {
    const { revision } = await test.database.read(readMesh);
    await test.database.read((db) => db.mesh.update({ where: { id: 1 }, data: { revision: 10_001 } }));
    const recorder = consoleOf({ leads: true });
    await tidyRecords(deps, { driftDays: 90, nowMs });
    const kept = await listEditDeliveries(deps, { limit: 200 });
    expect(kept.map((delivery) => delivery.revision).toReversed()).toEqual(
      Array.from({ length: revision - 1 }, (_, n) => n + 2),
    );
    expect(await test.database.read((db) => db.deliveryAck.findMany({ where: { revision: { lte: 1 } } }))).toEqual([]);
    await test.database.read((db) => db.mesh.update({ where: { id: 1 }, data: { revision } }));
    await recorder.stop();
  });
});

describe("a gateway that is ahead of a restored database", () => {
  it("has not applied what is saved next, whatever number that gets", async () => {
    const recorder = consoleOf({ leads: true });
    const { revision } = await test.database.read(readMesh);
    recorder.observe([acked("gw-1", revision + 10)]);
    await recorder.work();
    at(20_000);
    const made = await createRoute(deps, { id: "after-restore", spec: route }, ada);
    await markDelivered(deps, revision + 10);
    recorder.observe([acked("gw-1", revision + 10)]);
    await recorder.work();
    expect(await getDelivery(deps, { revision: made.revision })).toMatchObject({ publishedAtMs: null, applied: [] });
    await recorder.stop();
  });
});

describe("how publishing goes", () => {
  it("is told by the console that publishes and seen by all, with what waits for a person", async () => {
    const leads = { leads: false };
    const recorder = consoleOf(leads);
    const heard: string[] = [];
    const view = watchPolicy(deps, {
      log: quietLog,
      onRevision: () => heard.push("revision"),
      onDecision: () => heard.push("decision"),
    });
    await eventually("policy read", () => view.current().revision > 0);
    const report: PublisherReport = {
      consoleId: "console-2",
      atMs: nowMs,
      halt: {
        kind: "behind",
        reason: "A backup may have been restored.",
        mesh: { incarnation: "a", revision: 9, objects: 3 },
        database: { incarnation: "a", revision: 7, objects: 2 },
      },
      blocked: [{ path: "/meshkeeper/policy/routes/x", problem: "NO_AUTH" }],
      lastFullPass: { atMs: nowMs, tookMs: 12, documents: 5, writes: 1 },
    };
    recorder.report(report);
    await recorder.work();
    leads.leads = true;
    await recordDrift(deps, { key: "routes/second", problem: "x", found: null, foundHash: "", action: "hold" });
    const finding = await eventually(
      "the finding counted",
      () => view.publishing().openDrift === 1 && view.publishing(),
    );
    expect(finding.ignoredDrift).toBe(0);
    const [waiting] = await listDrift(deps, { state: "standing", limit: 1, key: "routes/second" });
    await decideDrift(deps, { id: waiting?.id ?? "", foundHash: "", decision: "ignore" }, ada);
    const ignored = await eventually(
      "the finding left as found",
      () => view.publishing().openDrift === 0 && view.publishing(),
    );
    expect(ignored.ignoredDrift).toBe(1);
    // Reported while another console led: not what publishing does.
    expect(finding.report).toBeNull();
    recorder.report(report);
    await recorder.work();
    const seen = await eventually("the report read", () => view.publishing().report);
    expect(seen).toEqual(report);
    expect(view.publishing().propagation).toMatchObject({ published: { p50Ms: 5, p99Ms: 5 } });
    await view.stop();
    await recorder.stop();
  });

  it("wakes every console for a decision, and for an edit, whichever process made it", async () => {
    const heard: string[] = [];
    const view = watchPolicy(deps, {
      log: quietLog,
      onRevision: () => heard.push("revision"),
      onDecision: () => heard.push("decision"),
    });
    await eventually("policy read", () => view.current().revision > 0);
    heard.length = 0;
    await checkNow(deps, ada);
    await eventually("the decision heard", () => heard.includes("decision"));
    expect(heard).toEqual(["decision"]);
    await createRoute(deps, { id: "third", spec: route }, ada);
    await eventually("the edit heard", () => heard.includes("revision"));
    await view.stop();
  });
});

describe("the picture of policy", () => {
  afterEach(() => void vi.useRealTimers());

  it("has an edit that was saved while it was being read", async () => {
    // The next of its periods would see it, too.
    vi.useFakeTimers({ toFake: ["setInterval"] });
    const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { database } = test;
    const slow: Database = {
      ...database,
      async read(work) {
        const result = await database.read(work);
        begun.resolve();
        await goOn.promise;
        return result;
      },
    };
    const ignore = (): void => undefined;
    const view = watchPolicy({ ...deps, database: slow }, { log: quietLog, onRevision: ignore, onDecision: ignore });
    await begun.promise;
    const { revision } = await createRoute(deps, { id: "meanwhile", spec: route }, ada);
    view.refresh();
    goOn.resolve();
    await eventually("the edit seen", () => view.current().revision === revision);
    await view.stop();
  });
});

describe("a head of another database", () => {
  it("says nothing of what was saved here", async () => {
    const made = await createRoute(deps, { id: "not-theirs", spec: route }, ada);
    await markDelivered(deps, made.revision, "another database");
    expect(await getDelivery(deps, { revision: made.revision })).toMatchObject({ publishedAtMs: null });
    const own = await test.database.read(readMesh);
    await markDelivered(deps, made.revision, own.incarnation);
    expect(await getDelivery(deps, { revision: made.revision })).toMatchObject({ publishedAtMs: expect.any(Number) });
  });
});
