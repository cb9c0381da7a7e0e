import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readMesh } from "#db/mesh-repository.ts";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import type { Actor } from "#domain/audit.ts";
import { DEFAULT_HEALTH_POLICY, DEFAULT_THRESHOLDS, HealthPolicySpec } from "#domain/health-policy.ts";
import { eventually, quietLog } from "#zookeeper/test-harness.ts";
import type { ControlDeps } from "./edit.ts";
import { findGivenAnswer } from "./find-given-answer.ts";
import { getHealthPolicy } from "./get-health-policy.ts";
import { watchHealth } from "./health-view.ts";
import { AnsweredBefore } from "./idempotency.ts";
import { listAudit } from "./list-audit.ts";
import { saveHealthPolicy } from "./save-health-policy.ts";
import { failure } from "./test-bed/failure.ts";
import { verifyAudit } from "./verify-audit.ts";

const ada: Actor = { kind: "person", id: "ada", name: "Ada" };
const bob: Actor = { kind: "person", id: "bob", name: "Bob" };
const strict = (errorPercentDegraded: number): HealthPolicySpec =>
  HealthPolicySpec.parse({
    thresholds: { ...DEFAULT_THRESHOLDS, errorPercentDegraded },
    overrides: [{ match: "pay*", p95MsDegraded: 500 }],
  });

let test: TestDatabase;
let deps: ControlDeps;
beforeAll(async () => {
  test = await startTestDatabase();
  deps = { database: test.database };
});
afterAll(() => test.stop());

describe("the thresholds of health", () => {
  it("are the defaults until somebody saves others, and are then theirs, with an entry in the log and no revision", async () => {
    expect(await getHealthPolicy(deps)).toMatchObject({ version: 0, spec: DEFAULT_HEALTH_POLICY });
    const { revision } = await test.database.read(readMesh);
    const saved = await saveHealthPolicy(deps, { expectedVersion: 0, spec: strict(1) }, ada);
    expect(saved).toMatchObject({ version: 1, updatedBy: "Ada", spec: strict(1) });
    expect(await getHealthPolicy(deps)).toEqual(saved);
    const { entries } = await listAudit(deps, { limit: 1 });
    expect(entries[0]).toMatchObject({
      action: "health.save",
      target: "settings/health",
      before: DEFAULT_HEALTH_POLICY,
      after: strict(1),
      revision: null,
    });
    expect((await test.database.read(readMesh)).revision).toBe(revision);
  });

  it("are not saved over what somebody else saved meanwhile, and the attempt is on record", async () => {
    const { version } = await getHealthPolicy(deps);
    await saveHealthPolicy(deps, { expectedVersion: version, spec: strict(3) }, bob);
    const refused = await failure(saveHealthPolicy(deps, { expectedVersion: version, spec: strict(4) }, ada));
    expect(refused).toMatchObject({ code: "STALE_EDIT", current: { version: version + 1, spec: strict(3) } });
    expect((await listAudit(deps, { limit: 1 })).entries[0]).toMatchObject({
      action: "edit.refused",
      after: strict(4),
    });
    expect(await getHealthPolicy(deps)).toMatchObject({ version: version + 1, spec: strict(3) });
  });

  it("are saved once when two save from the same version at once", async () => {
    const { version } = await getHealthPolicy(deps);
    const outcomes = await Promise.allSettled(
      [5, 6, 7].map((percent) => saveHealthPolicy(deps, { expectedVersion: version, spec: strict(percent) }, ada)),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await getHealthPolicy(deps)).version).toBe(version + 1);
  });

  it("asked for again with the same key are saved once, and answered the same", async () => {
    const { version } = await getHealthPolicy(deps);
    const asked = { key: randomUUID(), fingerprint: "save" };
    const save = () => saveHealthPolicy({ ...deps, asked }, { expectedVersion: version, spec: strict(8) }, ada);
    const saved = await save();
    await expect(save()).rejects.toBeInstanceOf(AnsweredBefore);
    expect((await findGivenAnswer(deps, ada, asked))?.result).toEqual(saved);
    expect((await getHealthPolicy(deps)).version).toBe(version + 1);
    // A refusal is no answer to keep.
    const stale = { key: randomUUID(), fingerprint: "stale" };
    const again = () => saveHealthPolicy({ ...deps, asked: stale }, { expectedVersion: version, spec: strict(9) }, ada);
    expect((await failure(again())).code).toBe("STALE_EDIT");
    expect((await failure(again())).code).toBe("STALE_EDIT");
  });

  it("reach every console: at once where they were saved, and soon elsewhere", async () => {
    const here = watchHealth(deps, quietLog, 60_000);
    const elsewhere = watchHealth(deps, quietLog, 20);
    await eventually("both have read them", () => here.current().version > 0 && elsewhere.current().version > 0);
    const { version } = here.current();
    const saving = { ...deps, onHealthSaved: () => here.refresh() };
    await saveHealthPolicy(saving, { expectedVersion: version, spec: strict(10) }, ada);
    await eventually("both go by the new ones", () =>
      [here, elsewhere].every((view) => view.current().version === version + 1),
    );
    const row = elsewhere.current();
    elsewhere.refresh();
    await elsewhere.stop();
    // What is computed from them is computed again only when they are others.
    expect(elsewhere.current()).toBe(row);
    await here.stop();
  });

  it("leave the chain of the log whole", async () => {
    const anchor = { read: () => Promise.resolve(null) };
    expect(await verifyAudit({ ...deps, anchor })).toMatchObject({ ok: true });
  });
});
