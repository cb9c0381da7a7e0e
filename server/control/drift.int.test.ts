import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { markPublished, readMesh } from "#db/mesh-repository.ts";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import type { Actor } from "#domain/audit.ts";
import { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import type { DriftDifference } from "#domain/drift.ts";
import type { MeshError } from "#domain/errors.ts";
import { OverrideSpec } from "#domain/override.ts";
import { RouteSpec } from "#domain/route.ts";
import { createRoute } from "./create-route.ts";
import { checkNow } from "./check-now.ts";
import { decideDrift, decideDrifts } from "./decide-drift.ts";
import type { ControlDeps } from "./edit.ts";
import { getRoute } from "./get-route.ts";
import { listAudit } from "./list-audit.ts";
import { listBreakerPolicies } from "./list-breaker-policies.ts";
import { listDrift, listDriftedKeys } from "./list-drift.ts";
import { listOverrides } from "./list-overrides.ts";
import { listRoutes } from "./list-routes.ts";
import { policySource } from "./policy-source.ts";
import { recordDrift, settleDrift } from "./record-drift.ts";
import { saveBreakerPolicy } from "./save-breaker-policy.ts";
import { setDriftMode } from "./set-drift-mode.ts";
import { updateRoute } from "./update-route.ts";
import { verifyAudit } from "./verify-audit.ts";
import { failure } from "./test-bed/failure.ts";

const ada: Actor = { kind: "person", id: "ada", name: "Ada" };
const route = (service: string): RouteSpec =>
  RouteSpec.parse({ matches: [{}], destinations: [{ service, weight: 1 }] });
const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

let test: TestDatabase;
let deps: ControlDeps;
let nowMs = Date.parse("2026-11-29T12:00:00Z");
beforeAll(async () => {
  test = await startTestDatabase();
  deps = { database: test.database, clock: { nowMs: () => nowMs, monotonicMs: () => nowMs } };
});
afterAll(() => test.stop());

const mesh = () => test.database.read(readMesh);
const actions = async (target: string): Promise<string[]> =>
  (await listAudit(deps, { search: target, limit: 50 })).entries
    .filter((entry) => entry.target === target)
    .map(({ action }) => action);

/** A person's route, published, and then found otherwise: held, or put right at once. */
async function found(id: string, spec: unknown, action: "hold" | "repair" = "hold"): Promise<DriftDifference> {
  if (!(await listRoutes(deps)).some((row) => row.id === id))
    await createRoute(deps, { id, spec: route("catalog") }, ada);
  const { revision } = await mesh();
  await test.database.read((db) => markPublished(db, revision, new Date(nowMs)));
  const foundHash = spec === null ? "" : hashOf(JSON.stringify(spec));
  await recordDrift(deps, { key: `routes/${id}`, problem: "changed\nby hand", found: spec, foundHash, action });
  return ours(id);
}

/** The latest finding of a route. */
async function ours(id: string): Promise<DriftDifference> {
  const latest = (await listDrift(deps, { state: "all", limit: 200 })).find(({ key }) => key === `routes/${id}`);
  if (latest === undefined) throw new Error(`nothing was found of ${id}`);
  return latest;
}

const restPolicy = async () => (await policySource(deps).rules()).standing;

describe("a node that somebody else changed", () => {
  it("is a finding with its three sides; put right at once, it is over, and both are on record", async () => {
    const finding = await found("repaired", route("cart"), "repair");
    expect(finding).toMatchObject({
      problem: "changed by hand",
      found: route("cart"),
      published: route("catalog"),
      database: route("catalog"),
      state: "repaired",
      decidedBy: "Meshkeeper",
      resolvedAtMs: nowMs,
    });
    expect(finding.publishedRevision).toBe(finding.databaseRevision);
    expect(await actions("routes/repaired")).toEqual(["drift.repair", "drift.detect", "route.create"]);
    expect((await restPolicy()).has("routes/repaired")).toBe(false);
  });

  it("is put on record also under a name that no index holds", async () => {
    const name = Array.from({ length: 200 }, (_, index) => hashOf(String(index))).join("");
    const drift = { key: `routes/${name}`, problem: "a stranger's", found: "x", foundHash: hashOf("x") } as const;
    await recordDrift(deps, { ...drift, action: "hold" });
    await recordDrift(deps, { ...drift, action: "repair" });
    const findings = await listDrift(deps, { state: "all", limit: 200 });
    expect(findings.find(({ key }) => drift.key.startsWith(key))).toMatchObject({
      state: "repaired",
      key: drift.key.slice(0, 600),
    });
  });

  it("shows what had been published, not an edit saved since", async () => {
    await found("behind", route("cart"));
    await test.database.read((db) => db.driftFinding.deleteMany({ where: { key: "routes/behind" } }));
    const before = await getRoute(deps, "behind");
    await updateRoute(deps, { id: "behind", expectedVersion: 1, spec: route("orders") }, ada);
    await recordDrift(deps, { key: "routes/behind", problem: "x", found: null, foundHash: "", action: "hold" });
    expect(await ours("behind")).toMatchObject({
      published: route("catalog"),
      publishedRevision: before.revision,
      database: route("orders"),
    });
  });

  it("held, waits for a person once, however often it is found, and is superseded when it is found otherwise", async () => {
    const first = await found("held", route("cart"));
    expect(first).toMatchObject({ state: "open", decidedBy: null, resolvedAtMs: null });
    await found("held", route("cart"));
    expect(await actions("routes/held")).toEqual(["drift.detect", "route.create"]);
    nowMs += 1000;
    const second = await found("held", route("orders"));
    expect(second.id).not.toBe(first.id);
    const standing = (await listDrift(deps, { state: "standing", limit: 200 })).filter(
      ({ key }) => key === "routes/held",
    );
    expect(standing.map(({ id, state }) => [id, state])).toEqual([[second.id, "open"]]);
    expect((await restPolicy()).get("routes/held")).toEqual({ foundHash: second.foundHash, decision: "none" });
    const refusal = await failure(
      decideDrift(deps, { id: first.id, foundHash: first.foundHash, decision: "restore" }, ada),
    );
    expect(refusal).toMatchObject({ code: "DRIFT_CHANGED", detail: "It is superseded already." });
  });

  it("is over when it is as it should be again, and when a person edits the object", async () => {
    await found("settled", route("cart"));
    await settleDrift(deps, ["routes/settled"]);
    expect(await ours("settled")).toMatchObject({ state: "superseded", resolvedAtMs: nowMs });
    await found("edited", route("cart"));
    await updateRoute(deps, { id: "edited", expectedVersion: 1, spec: route("orders") }, ada);
    expect(await ours("edited")).toMatchObject({ state: "superseded" });
  });
});

describe("a decision", () => {
  it("to restore binds until the publisher has put it right", async () => {
    const { id, foundHash } = await found("restored", route("cart"));
    const { decisions } = await mesh();
    await decideDrift(deps, { id, foundHash, decision: "restore" }, ada);
    // A double click is one decision, and one entry in the log.
    await decideDrift(deps, { id, foundHash, decision: "restore" }, ada);
    expect((await mesh()).decisions).toBe(decisions + 1);
    expect((await restPolicy()).get("routes/restored")).toEqual({ foundHash, decision: "restore" });
    await found("restored", route("cart"), "repair");
    expect(await ours("restored")).toMatchObject({ id, state: "repaired", decidedBy: "Ada" });
    expect(await actions("routes/restored")).toEqual(["drift.repair", "drift.restore", "drift.detect", "route.create"]);
  });

  it("to ignore binds while it stays as found", async () => {
    const { id, foundHash } = await found("ignored", "no JSON");
    await decideDrift(deps, { id, foundHash, decision: "ignore" }, ada);
    expect((await restPolicy()).get("routes/ignored")).toEqual({ foundHash, decision: "ignore" });
    expect(await ours("ignored")).toMatchObject({ state: "ignored", decidedBy: "Ada", resolvedAtMs: null });
    await found("ignored", "other bytes");
    expect((await restPolicy()).get("routes/ignored")).toMatchObject({ decision: "none" });
  });

  it("to adopt is an edit of the person's, with a revision, a version and the usual entry", async () => {
    const { id, foundHash } = await found("adopted", route("cart"));
    const { revision } = await mesh();
    const answer = await decideDrift(deps, { id, foundHash, decision: "adopt" }, ada);
    expect(answer).toEqual({ revision: revision + 1 });
    expect(await getRoute(deps, "adopted")).toMatchObject({
      spec: route("cart"),
      version: 2,
      updatedBy: "Ada",
      ...answer,
    });
    expect(await ours("adopted")).toMatchObject({ state: "adopted", decidedBy: "Ada" });
    expect(await actions("routes/adopted")).toEqual(["route.update", "drift.adopt", "drift.detect", "route.create"]);
    const again = await failure(decideDrift(deps, { id, foundHash, decision: "adopt" }, ada));
    expect(again).toMatchObject({ code: "DRIFT_CHANGED" });
  });

  it("to adopt a missing node removes the object, and with a route what was made for it alone", async () => {
    const { id, foundHash } = await found("missing", null);
    const target = { kind: "command", routeId: "missing", service: "catalog" } as const;
    await saveBreakerPolicy(
      deps,
      { expectedVersion: null, spec: BreakerPolicySpec.parse({ target, settings: {} }) },
      ada,
    );
    await decideDrift(deps, { id, foundHash, decision: "adopt" }, ada);
    expect((await listRoutes(deps)).map((row) => row.id)).not.toContain("missing");
    expect((await listBreakerPolicies(deps)).map((row) => row.id)).not.toContain("command:missing:catalog");
  });

  it("to adopt is refused, and changes nothing, where an edit would be", async () => {
    const { revision } = await mesh();
    const unreadable = await found("unreadable", "not a document");
    await recordDrift(deps, { key: "head", problem: "x", found: {}, foundHash: "h", action: "hold" });
    const backup = (service: string, to: string): BreakerPolicySpec =>
      BreakerPolicySpec.parse({
        target: { kind: "service", service },
        settings: {},
        fallbacks: [{ kind: "service", service: to }],
      });
    await saveBreakerPolicy(deps, { expectedVersion: null, spec: backup("a", "b") }, ada);
    const circle = { key: "breakers/service:b", problem: "x", found: backup("b", "a"), foundHash: "c" } as const;
    await recordDrift(deps, { ...circle, action: "hold" });
    const misplaced = { key: "breakers/service:z", problem: "x", found: backup("y", "x"), foundHash: "m" } as const;
    await recordDrift(deps, { ...misplaced, action: "hold" });
    const after = await mesh();
    const standing = await listDrift(deps, { state: "standing", limit: 200 });
    const adopt = (key: string): Promise<MeshError> => {
      const finding = standing.find((one) => one.key === key);
      const { id, foundHash } = finding ?? unreadable;
      return failure(decideDrift(deps, { id, foundHash, decision: "adopt" }, ada));
    };
    expect(await adopt("routes/unreadable")).toMatchObject({ code: "NOT_ADOPTABLE" });
    expect(await adopt("head")).toMatchObject({ code: "NOT_ADOPTABLE" });
    expect(await adopt("breakers/service:b")).toMatchObject({ code: "FALLBACK_CYCLE" });
    expect(await adopt("breakers/service:z")).toMatchObject({ code: "NOT_ADOPTABLE" });
    expect(await mesh()).toEqual(after);
    expect(after.revision).toBe(revision + 2);
    expect((await listBreakerPolicies(deps)).map((row) => row.id)).toEqual(["service:a"]);
    expect(await ours("unreadable")).toMatchObject({ state: "open" });
  });

  it("adopts an override that somebody wrote by hand", async () => {
    const spec = OverrideSpec.parse({
      target: { kind: "service", service: "pay" },
      mode: "forced-open",
      reason: "by hand",
      scope: { kind: "fleet" },
      actor: "root",
      createdAtMs: nowMs,
      expiresAtMs: null,
    });
    await recordDrift(deps, {
      key: "overrides/service:pay@fleet",
      problem: "x",
      found: spec,
      foundHash: "o",
      action: "hold",
    });
    const finding = (await listDrift(deps, { state: "standing", limit: 200 })).find(
      ({ foundHash }) => foundHash === "o",
    );
    if (finding === undefined) throw new Error("nothing stands");
    await decideDrift(deps, { id: finding.id, foundHash: "o", decision: "adopt" }, ada);
    expect((await listOverrides(deps)).map(({ id, spec: held }) => [id, held])).toEqual([
      [finding.key.slice(10), spec],
    ]);
  });

  it("names what was found: another hash, or no such finding, is refused", async () => {
    const { id } = await found("named", route("cart"));
    expect(await failure(decideDrift(deps, { id, foundHash: "other", decision: "ignore" }, ada))).toMatchObject({
      code: "DRIFT_CHANGED",
    });
    const nobody = { id: "00000000-0000-4000-8000-000000000000", foundHash: "", decision: "ignore" } as const;
    expect(await failure(decideDrift(deps, nobody, ada))).toMatchObject({ code: "NOT_FOUND" });
    expect(await ours("named")).toMatchObject({ state: "open" });
  });
});

describe("a decision about several", () => {
  const three = async (name: string): Promise<DriftDifference[]> => [
    await found(`${name}-a`, route("cart")),
    await found(`${name}-b`, route("cart")),
    await found(`${name}-c`, route("cart")),
  ];

  it("is one transaction, with an entry for each, and leaves those that moved since as they are, by name", async () => {
    const seen = await three("several");
    nowMs += 1000;
    await found("several-b", route("orders"));
    const { decisions } = await mesh();
    const choices = { findings: seen, decision: "restore" } as const;
    expect(await decideDrifts(deps, choices, ada)).toEqual({
      decided: 2,
      moved: ["routes/several-b"],
      revision: null,
    });
    expect((await mesh()).decisions).toBe(decisions + 1);
    expect(await ours("several-a")).toMatchObject({ state: "restoring", decidedBy: "Ada" });
    expect(await ours("several-b")).toMatchObject({ state: "open", found: route("orders") });
    expect(await actions("routes/several-c")).toEqual(["drift.restore", "drift.detect", "route.create"]);
    expect(await listDriftedKeys(deps)).toEqual(
      expect.arrayContaining(["routes/several-a", "routes/several-b", "routes/several-c"]),
    );
    const moved = { findings: [seen[1] ?? seen[0]].filter((one) => one !== undefined), decision: "ignore" } as const;
    expect(await failure(decideDrifts(deps, moved, ada))).toMatchObject({ code: "DRIFT_CHANGED" });
  });

  it("to adopt is one edit of all of them, or of none: the object that cannot be is named", async () => {
    const seen = await three("all");
    const { revision } = await mesh();
    const made = await decideDrifts(deps, { findings: seen, decision: "adopt" }, ada);
    expect(made).toEqual({ decided: 3, moved: [], revision: revision + 1 });
    for (const id of ["all-a", "all-b", "all-c"])
      expect(await getRoute(deps, id)).toMatchObject({ spec: route("cart"), version: 2, revision: revision + 1 });
    const spoilt = [...(await three("none")), await found("none-d", "no JSON")];
    const refusal = await failure(decideDrifts(deps, { findings: spoilt, decision: "adopt" }, ada));
    expect(refusal).toMatchObject({ code: "NOT_ADOPTABLE", detail: expect.stringContaining("routes/none-d") });
    expect(await ours("none-a")).toMatchObject({ state: "open" });
    expect((await mesh()).revision).toBeGreaterThan(revision + 1);
    expect(await verifyAudit(deps)).toMatchObject({ ok: true });
  });
});

describe("the setting", () => {
  it("is kept, counted as a decision and on record once; asking for a check counts too", async () => {
    const { decisions } = await mesh();
    await setDriftMode(deps, { mode: "hold" }, ada);
    await setDriftMode(deps, { mode: "hold" }, ada);
    expect(await policySource(deps).rules()).toMatchObject({ driftMode: "hold", supersedes: null });
    expect((await listAudit(deps, { action: "drift.mode", limit: 5 })).total).toBe(1);
    await checkNow(deps, ada);
    expect((await mesh()).decisions).toBe(decisions + 2);
    expect(await verifyAudit(deps)).toMatchObject({ ok: true });
  });
});
