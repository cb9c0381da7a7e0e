import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "#domain/audit.ts";
import { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import { testPicture } from "#domain/test-picture.ts";
import { OverrideDraft } from "#domain/override.ts";
import { RouteSpec } from "#domain/route.ts";
import { ServicePolicySpec } from "#domain/service-policy.ts";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import { createRoute } from "./create-route.ts";
import { expireOverrides } from "./expire-overrides.ts";
import { forceBreaker, type ForceDeps } from "./force-breaker.ts";
import { getRoute } from "./get-route.ts";
import { liftOverride } from "./lift-override.ts";
import { listAudit } from "./list-audit.ts";
import { listBreakerPolicies } from "./list-breaker-policies.ts";
import { listOverrides } from "./list-overrides.ts";
import { listRoutes } from "./list-routes.ts";
import { listServicePolicies } from "./list-service-policies.ts";
import { policySource } from "./policy-source.ts";
import { recordTransitions } from "./record-transitions.ts";
import { removeRoute } from "./remove-route.ts";
import { removeServicePolicy } from "./remove-service-policy.ts";
import { saveBreakerPolicy } from "./save-breaker-policy.ts";
import { saveServicePolicy } from "./save-service-policy.ts";
import { updateRoute } from "./update-route.ts";
import { verifyAudit } from "./verify-audit.ts";
import { failure } from "./test-bed/failure.ts";

const ada: Actor = { kind: "person", id: "ada", name: "Ada" };
const route = (service: string, description = ""): RouteSpec =>
  RouteSpec.parse({ description, matches: [{}], destinations: [{ service, weight: 1 }] });
const policy = (service: string, backup: string): BreakerPolicySpec =>
  BreakerPolicySpec.parse({
    target: { kind: "service", service },
    settings: {},
    fallbacks: [{ kind: "service", service: backup }],
  });

let test: TestDatabase;
let deps: ForceDeps;
/** Nothing is known to be affected. */
const NOBODY = testPicture();
let nowMs = Date.parse("2026-11-23T12:00:00Z");
beforeAll(async () => {
  test = await startTestDatabase();
  deps = {
    database: test.database,
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    live: { current: () => NOBODY },
    forceConfirmRps: 10,
  };
});
afterAll(() => test.stop());

const revision = async (): Promise<number> => (await policySource(deps).readSince(0)).revision;

describe("an edit", () => {
  it("counts one revision and leaves one audit entry with before and after", async () => {
    const start = await revision();
    const made = await createRoute(deps, { id: "counted", spec: route("catalog") }, ada);
    expect(made).toMatchObject({
      id: "counted",
      version: 1,
      revision: start + 1,
      updatedBy: "Ada",
      updatedAtMs: nowMs,
    });
    const changed = await updateRoute(deps, { id: "counted", expectedVersion: 1, spec: route("cart") }, ada);
    expect(changed).toMatchObject({ version: 2, revision: start + 2 });
    const { entries } = await listAudit(deps, { limit: 2 });
    expect(entries.map(({ action, revision: at }) => [action, at])).toEqual([
      ["route.update", start + 2],
      ["route.create", start + 1],
    ]);
    expect(entries[0]).toMatchObject({
      actor: ada,
      target: "routes/counted",
      before: route("catalog"),
      after: route("cart"),
    });
    expect(await getRoute(deps, "counted")).toEqual(changed);
  });

  it("that started from an older version saves nothing, gives the current row, and is on record as refused", async () => {
    await createRoute(deps, { id: "stale", spec: route("catalog") }, ada);
    const current = await updateRoute(deps, { id: "stale", expectedVersion: 1, spec: route("cart") }, ada);
    const before = await revision();
    const refusal = await failure(updateRoute(deps, { id: "stale", expectedVersion: 1, spec: route("orders") }, ada));
    expect(refusal).toMatchObject({ code: "STALE_EDIT", current });
    expect(await revision()).toBe(before);
    const { entries } = await listAudit(deps, { limit: 1 });
    expect(entries[0]).toMatchObject({
      action: "edit.refused",
      target: "routes/stale",
      before: route("cart"),
      after: route("orders"),
      revision: null,
    });
  });

  it("wins alone against nine others from the same version, and no revision is left out", async () => {
    await createRoute(deps, { id: "contested", spec: route("catalog") }, ada);
    const before = await revision();
    const edits = Array.from({ length: 10 }, (_, n) =>
      updateRoute(deps, { id: "contested", expectedVersion: 1, spec: route(`s${n}`) }, ada),
    );
    const results = await Promise.allSettled(edits);
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    expect(
      results.filter((result) => result.status === "rejected" && result.reason.code === "STALE_EDIT"),
    ).toHaveLength(9);
    expect(await revision()).toBe(before + 1);
    const others = Array.from({ length: 10 }, (_, n) =>
      createRoute(deps, { id: `beside-${n}`, spec: route("catalog") }, ada),
    );
    const revisions = (await Promise.all(others)).map((row) => row.revision).sort((a, b) => a - b);
    expect(revisions).toEqual(Array.from({ length: 10 }, (_, n) => before + 2 + n));
    expect(await verifyAudit(deps)).toMatchObject({ ok: true });
  });

  it("cannot make what exists, nor change what never did", async () => {
    await createRoute(deps, { id: "once", spec: route("catalog") }, ada);
    expect(await failure(createRoute(deps, { id: "once", spec: route("catalog") }, ada))).toMatchObject({
      code: "ALREADY_EXISTS",
      field: "id",
    });
    expect(await failure(updateRoute(deps, { id: "never", expectedVersion: 1, spec: route("a") }, ada))).toMatchObject({
      code: "NOT_FOUND",
    });
    expect(await failure(getRoute(deps, "never"))).toMatchObject({ code: "NOT_FOUND" });
  });

  it("too large to publish is refused when it is saved", async () => {
    const long = "/".padEnd(1000, "x");
    const matches = Array.from({ length: 16 }, () => ({
      path: { kind: "exact", value: long },
      headers: Array.from({ length: 16 }, (_, n) => ({ name: `h${n}`, match: { kind: "exact", value: long } })),
    }));
    const spec = RouteSpec.parse({ matches, destinations: [{ service: "catalog", weight: 1 }] });
    const before = await revision();
    expect(await failure(createRoute(deps, { id: "huge", spec }, ada))).toMatchObject({ code: "DOCUMENT_TOO_LARGE" });
    expect(await revision()).toBe(before);
  });

  it("keeps any text, control characters too", async () => {
    const row = await createRoute(
      deps,
      { id: "odd", spec: route("catalog", "nul \u0000 and lone \ud800 surrogate 😀") },
      ada,
    );
    expect((await getRoute(deps, "odd")).spec).toEqual(row.spec);
    expect(await verifyAudit(deps)).toMatchObject({ ok: true });
  });
});

describe("removing a route", () => {
  it("takes its own breaker policies and overrides along in one revision, and leaves a tombstone", async () => {
    const { version } = await createRoute(deps, { id: "going", spec: route("catalog") }, ada);
    const target = { kind: "command", routeId: "going", service: "catalog" } as const;
    await saveBreakerPolicy(
      deps,
      { expectedVersion: null, spec: BreakerPolicySpec.parse({ target, settings: {} }) },
      ada,
    );
    await forceBreaker(
      deps,
      OverrideDraft.parse({ target, mode: "forced-open", reason: "test of removal", durationMs: null }),
      ada,
    );
    const removed = await removeRoute(deps, { id: "going", expectedVersion: version }, ada);
    expect((await listRoutes(deps)).map((row) => row.id)).not.toContain("going");
    expect((await listBreakerPolicies(deps)).map((row) => row.id)).not.toContain("command:going:catalog");
    expect((await listOverrides(deps)).map((row) => row.id)).not.toContain("command:going:catalog@fleet");
    const { documents } = await policySource(deps).readSince(removed.revision - 1);
    expect(documents.map(({ key, spec, revision: at }) => [key, spec, at])).toEqual([
      ["breakers/command:going:catalog", null, removed.revision],
      ["overrides/command:going:catalog@fleet", null, removed.revision],
      ["routes/going", null, removed.revision],
    ]);
    const again = await createRoute(deps, { id: "going", spec: route("catalog") }, ada);
    expect(again.version).toBe(version + 2);
    expect(
      await failure(updateRoute(deps, { id: "going", expectedVersion: version, spec: route("a") }, ada)),
    ).toMatchObject({ code: "STALE_EDIT" });
  });
});

describe("backups", () => {
  it("in a circle are refused, over all policies", async () => {
    await saveBreakerPolicy(deps, { expectedVersion: null, spec: policy("a", "b") }, ada);
    await saveBreakerPolicy(deps, { expectedVersion: null, spec: policy("b", "c") }, ada);
    const refusal = await failure(saveBreakerPolicy(deps, { expectedVersion: null, spec: policy("c", "a") }, ada));
    expect(refusal).toMatchObject({ code: "FALLBACK_CYCLE", field: "fallbacks.0.service" });
    expect((await listBreakerPolicies(deps)).map((row) => row.id)).not.toContain("service:c");
  });
});

describe("a service's policy", () => {
  it("is made once, changed from its version only, published under the service's name, and removed for good", async () => {
    const spec = ServicePolicySpec.parse({ service: "catalog", instances: { "catalog-1": { drained: true } } });
    const made = await saveServicePolicy(deps, { expectedVersion: null, spec }, ada);
    expect(made).toMatchObject({ id: "catalog", version: 1, spec });
    const again = await failure(saveServicePolicy(deps, { expectedVersion: null, spec }, ada));
    expect(again).toMatchObject({ code: "STALE_EDIT", current: made });
    const random: ServicePolicySpec = { ...spec, balancing: { kind: "random" } };
    const changed = await saveServicePolicy(deps, { expectedVersion: 1, spec: random }, ada);
    expect(await listServicePolicies(deps)).toEqual([changed]);
    const removed = await removeServicePolicy(deps, { id: "catalog", expectedVersion: 2 }, ada);
    expect(await listServicePolicies(deps)).toEqual([]);
    const { documents } = await policySource(deps).readSince(removed.revision - 1);
    expect(documents.map(({ key, spec: published }) => [key, published])).toEqual([["services/catalog", null]]);
    const { entries } = await listAudit(deps, { limit: 2 });
    expect(entries.map(({ action, target }) => [action, target])).toEqual([
      ["service-policy.remove", "services/catalog"],
      ["service-policy.save", "services/catalog"],
    ]);
  });
});

describe("an override", () => {
  it("is replaced by the next one, and lifted once", async () => {
    const draft = OverrideDraft.parse({
      target: { kind: "service", service: "pay" },
      mode: "forced-open",
      reason: "it burns",
      durationMs: null,
    });
    await forceBreaker(deps, draft, ada);
    const second = await forceBreaker(deps, { ...draft, mode: "forced-closed" }, ada);
    expect(second).toMatchObject({
      version: 2,
      spec: { mode: "forced-closed", actor: "Ada", createdAtMs: nowMs, expiresAtMs: null },
    });
    await liftOverride(deps, { id: second.id }, ada);
    expect(await failure(liftOverride(deps, { id: second.id }, ada))).toMatchObject({ code: "NOT_FOUND" });
  });

  it("is buried when its time is up, not before", async () => {
    const draft = OverrideDraft.parse({
      target: { kind: "service", service: "slow" },
      mode: "forced-open",
      reason: "for a while",
      durationMs: 60_000,
    });
    const { id, spec } = await forceBreaker(deps, draft, ada);
    expect(spec.expiresAtMs).toBe(nowMs + 60_000);
    nowMs += 59_999;
    expect(await expireOverrides(deps)).toBe(0);
    nowMs += 1;
    expect(await expireOverrides(deps)).toBe(1);
    expect((await listOverrides(deps)).map((row) => row.id)).not.toContain(id);
    expect((await listAudit(deps, { limit: 1 })).entries[0]).toMatchObject({
      action: "override.expire",
      actor: { kind: "system" },
    });
  });
});

describe("breaker transitions", () => {
  const transition = {
    atMs: 1,
    target: { kind: "service", service: "pay" },
    from: "closed",
    to: "open",
    cause: "61 % of 214 calls failed",
    percent: null,
  } as const;

  it("are put on record once, however many consoles hand them in, and again for a new run of the gateway", async () => {
    const recorded = async (): Promise<number> =>
      (await listAudit(deps, { action: "breaker.transition", limit: 1 })).total;
    const before = await recorded();
    const window = {
      gatewayId: "gw",
      run: "r1",
      sequence: 7,
      transitions: [transition, { ...transition, from: "open", to: "half-open" } as const],
    };
    await Promise.all([recordTransitions(deps, window), recordTransitions(deps, window)]);
    expect(await recorded()).toBe(before + 2);
    await recordTransitions(deps, { ...window, run: "r2", sequence: 1, transitions: [transition] });
    await recordTransitions(deps, window);
    expect(await recorded()).toBe(before + 3);
    expect((await listAudit(deps, { limit: 1 })).entries[0]).toMatchObject({
      actor: { kind: "gateway", id: "gw" },
      target: "breakers/service:pay",
    });
    const { entries } = await listAudit(deps, { exceptAction: "breaker.transition", limit: 200 });
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.filter(({ action }) => action === "breaker.transition")).toEqual([]);
  });
});

describe("the audit log", () => {
  it("pages backwards without gaps, and finds by text", async () => {
    const first = await listAudit(deps, { limit: 3 });
    const second = await listAudit(deps, { limit: 3, beforeSequence: first.nextBefore ?? 0 });
    const sequences = [...first.entries, ...second.entries].map((entry) => entry.sequence);
    expect(sequences).toEqual(Array.from({ length: 6 }, (_, n) => first.total - n));
    const found = await listAudit(deps, { search: "ROUTES/COUNTED", limit: 50 });
    expect(found.entries.map((entry) => entry.action)).toEqual(["route.update", "route.create"]);
    expect((await listAudit(deps, { search: "100%_", limit: 50 })).total).toBe(0);
  });

  it("refuses UPDATE, DELETE and TRUNCATE, to the owner of the table too", async () => {
    const client = new Client({ connectionString: test.url });
    await client.connect();
    for (const sql of [
      "UPDATE audit_entry SET summary = 'x'",
      "DELETE FROM audit_entry",
      "TRUNCATE audit_entry",
      "TRUNCATE audit_entry CASCADE",
    ]) {
      await expect(client.query(sql), sql).rejects.toThrow(/cannot be changed/);
    }
    await client.query("SET session_replication_role = replica");
    await expect(client.query("DELETE FROM audit_entry")).rejects.toThrow(/cannot be changed/);
    await client.end();
  });

  const tampering: readonly (readonly [string, string, number])[] = [
    ["a changed summary", "UPDATE audit_entry SET summary = 'nothing happened' WHERE sequence = 3", 3],
    ["another actor", "UPDATE audit_entry SET actor_id = 'bob' WHERE sequence = 4", 4],
    ["a changed value", `UPDATE audit_entry SET after = '{"a":1}' WHERE sequence = 2`, 2],
    ["an action this version does not know", "UPDATE audit_entry SET action = 'none' WHERE sequence = 5", 5],
    ["a hash made anew", "UPDATE audit_entry SET hash = 'x' WHERE sequence = 6", 6],
    ["an entry taken out", "DELETE FROM audit_entry WHERE sequence = 4", 4],
  ];
  it.each(tampering)("locates %s", async (_, sql, sequence) => {
    const client = new Client({ connectionString: test.url });
    await client.connect();
    await client.query("CREATE TABLE copy AS SELECT * FROM audit_entry");
    await client.query("ALTER TABLE audit_entry DISABLE TRIGGER ALL");
    await client.query(sql);
    expect(await verifyAudit(deps)).toMatchObject({ ok: false, checked: sequence - 1, firstBroken: sequence });
    await client.query("DELETE FROM audit_entry; INSERT INTO audit_entry SELECT * FROM copy; DROP TABLE copy");
    await client.query("ALTER TABLE audit_entry ENABLE TRIGGER ALL");
    await client.end();
    expect(await verifyAudit(deps)).toMatchObject({ ok: true, firstBroken: null });
  });

  it("notices entries cut off its end", async () => {
    const { total } = await listAudit(deps, { limit: 1 });
    const client = new Client({ connectionString: test.url });
    await client.connect();
    await client.query("ALTER TABLE audit_entry DISABLE TRIGGER ALL");
    await client.query(`DELETE FROM audit_entry WHERE sequence = ${total}`);
    await client.end();
    expect(await verifyAudit(deps)).toMatchObject({ ok: false, checked: total - 1, firstBroken: total });
  });
});
