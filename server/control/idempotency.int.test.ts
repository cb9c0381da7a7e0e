import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "#db/client.ts";
import { writeStored } from "#db/policy-repository.ts";
import { readMesh } from "#db/mesh-repository.ts";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import type { Actor } from "#domain/audit.ts";
import { MeshError } from "#domain/errors.ts";
import { OverrideSpec, overrideId } from "#domain/override.ts";
import { EDIT_LIMITS } from "#domain/policy.ts";
import { RouteSpec } from "#domain/route.ts";
import { specHash } from "#zookeeper/codec.ts";
import { createRoute } from "./create-route.ts";
import type { ControlDeps } from "./edit.ts";
import { findGivenAnswer } from "./find-given-answer.ts";
import { AnsweredBefore, type AskedOnce } from "./idempotency.ts";
import { listAudit } from "./list-audit.ts";
import { listOverrides } from "./list-overrides.ts";
import { removeRoute } from "./remove-route.ts";
import { setDriftMode } from "./set-drift-mode.ts";
import { startLossyDatabase } from "./test-bed/lost-commit.ts";
import { verifyAudit } from "./verify-audit.ts";
import { tidyRecords } from "./tidy-records.ts";
import { quietLog } from "#zookeeper/test-harness.ts";

const ada: Actor = { kind: "person", id: "ada", name: "Ada" };
const bob: Actor = { kind: "person", id: "bob", name: "Bob" };
const route = (service: string): RouteSpec =>
  RouteSpec.parse({ matches: [{}], destinations: [{ service, weight: 1 }] });

let test: TestDatabase;
let deps: ControlDeps;
let nowMs = Date.parse("2026-11-29T12:00:00Z");
beforeAll(async () => {
  test = await startTestDatabase();
  deps = { database: test.database, clock: { nowMs: () => nowMs, monotonicMs: () => nowMs } };
});
afterAll(() => test.stop());

const mesh = () => test.database.read(readMesh);
const entries = async (): Promise<number> => (await listAudit(deps, { limit: 1 })).total;
const asked = (fingerprint: string, key = randomUUID()): AskedOnce => ({ key, fingerprint });

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => null,
    (reason: unknown) => reason,
  );
}

describe("an edit with an idempotency key", () => {
  it("asked for 32 times at once is made once: one revision, one entry, one answer for all", async () => {
    const start = { ...(await mesh()), entries: await entries() };
    const once = asked("create burst");
    const attempts = Array.from({ length: 32 }, () =>
      createRoute({ ...deps, asked: once }, { id: "burst", spec: route("catalog") }, ada),
    );
    const outcomes = await Promise.allSettled(attempts);
    const made = outcomes.filter((outcome) => outcome.status === "fulfilled").map(({ value }) => value);
    expect(made).toHaveLength(1);
    const others = outcomes.filter((outcome) => outcome.status === "rejected").map(({ reason }): unknown => reason);
    expect(others.filter((reason) => reason instanceof AnsweredBefore)).toHaveLength(31);
    expect((await mesh()).revision).toBe(start.revision + 1);
    expect(await entries()).toBe(start.entries + 1);
    expect(await findGivenAnswer(deps, ada, once)).toMatchObject({ result: made[0] });
  });

  it("finds out what came of it when the connection broke while it was saved", async () => {
    const lossy = await startLossyDatabase(test.url);
    const database = openDatabase({ url: lossy.url, log: quietLog });
    const once = asked("create uncertain");
    const before = await mesh();
    const create = () =>
      createRoute({ ...deps, database, asked: once }, { id: "uncertain", spec: route("catalog") }, ada);
    await database.read(readMesh);
    lossy.loseNextCommit();
    expect(await failure(create())).toMatchObject({ code: "DATABASE_DOWN", outcomeUnknown: true });
    expect(await failure(create())).toBeInstanceOf(AnsweredBefore);
    const given = await findGivenAnswer({ database }, ada, once);
    expect(given?.result).toMatchObject({ id: "uncertain", version: 1, revision: before.revision + 1 });
    expect((await mesh()).revision).toBe(before.revision + 1);
    await database.stop();
    await lossy.stop();
  });

  it("may not be used for anything else, and only by its person", async () => {
    const once = asked("first");
    await createRoute({ ...deps, asked: once }, { id: "reused", spec: route("catalog") }, ada);
    const before = { ...(await mesh()), entries: await entries() };
    const other = { ...deps, asked: { ...once, fingerprint: "second" } };
    expect(await failure(createRoute(other, { id: "second", spec: route("catalog") }, ada))).toMatchObject({
      code: "IDEMPOTENCY_KEY_REUSED",
    });
    expect({ ...(await mesh()), entries: await entries() }).toEqual(before);
    expect(await findGivenAnswer(deps, ada, other.asked)).toBeNull();
    await createRoute(other, { id: "bobs", spec: route("catalog") }, bob);
  });

  it("that was refused keeps no answer: asked again, it is looked at again", async () => {
    const once = asked("create refused");
    await createRoute(deps, { id: "refused", spec: route("catalog") }, ada);
    const attempt = () => createRoute({ ...deps, asked: once }, { id: "refused", spec: route("cart") }, ada);
    expect(await failure(attempt())).toMatchObject({ code: "ALREADY_EXISTS" });
    await removeRoute(deps, { id: "refused", expectedVersion: 1 }, ada);
    expect(await attempt()).toMatchObject({ version: 3, spec: route("cart") });
  });

  it("works for decisions that make no revision, too", async () => {
    const once = asked("hold");
    await setDriftMode({ ...deps, asked: once }, { mode: "hold" }, ada);
    const { decisions } = await mesh();
    expect(await failure(setDriftMode({ ...deps, asked: once }, { mode: "hold" }, ada))).toBeInstanceOf(AnsweredBefore);
    expect((await mesh()).decisions).toBe(decisions);
    expect(await findGivenAnswer(deps, ada, once)).toMatchObject({ result: { mode: "hold" } });
  });

  it("is remembered for a day", async () => {
    const once = asked("create remembered");
    await createRoute({ ...deps, asked: once }, { id: "remembered", spec: route("catalog") }, ada);
    await tidyRecords(deps, { driftDays: 90, nowMs });
    expect(await findGivenAnswer(deps, ada, once)).not.toBeNull();
    nowMs += 24 * 3_600_000 + 1;
    await tidyRecords(deps, { driftDays: 90, nowMs });
    expect(await findGivenAnswer(deps, ada, once)).toBeNull();
  });
});

describe("an edit of more objects than one transaction of ZooKeeper carries", () => {
  it("is refused when it is saved, and changes nothing", async () => {
    const { version } = await createRoute(deps, { id: "wide", spec: route("catalog") }, ada);
    const at = new Date(nowMs);
    const overrides = Array.from({ length: EDIT_LIMITS.documents }, (_, n) => {
      const spec = OverrideSpec.parse({
        target: { kind: "command", routeId: "wide", service: `s${n}` },
        mode: "forced-open",
        reason: "one of many",
        scope: { kind: "fleet" },
        actor: "Ada",
        createdAtMs: nowMs,
        expiresAtMs: null,
      });
      const id = overrideId(spec.target, spec.scope);
      return {
        kind: "overrides",
        id,
        version: 1,
        revision: 1,
        created: null,
        spec,
        hash: specHash(spec),
        at,
        by: "Ada",
      } as const;
    });
    await test.database.transaction((tx) => writeStored(tx, overrides));
    const before = await mesh();
    const refusal = await failure(removeRoute(deps, { id: "wide", expectedVersion: version }, ada));
    expect(refusal).toBeInstanceOf(MeshError);
    expect(refusal).toMatchObject({ code: "EDIT_TOO_LARGE" });
    expect(await mesh()).toEqual(before);
    expect(await listOverrides(deps)).toHaveLength(EDIT_LIMITS.documents);
    await test.database.transaction((tx) =>
      writeStored(
        tx,
        overrides.slice(0, 1).map((row) => ({ ...row, spec: null })),
      ),
    );
    const removed = await removeRoute(deps, { id: "wide", expectedVersion: version }, ada);
    expect(removed.revision).toBe(before.revision + 1);
    expect(await listOverrides(deps)).toEqual([]);
    expect(await verifyAudit(deps)).toMatchObject({ ok: true });
  });
});
