import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import type { Actor } from "#domain/audit.ts";
import { MeshError } from "#domain/errors.ts";
import type { LivePicture } from "#domain/live.ts";
import { OverrideDraft } from "#domain/override.ts";
import { ServicePolicySpec } from "#domain/service-policy.ts";
import { testBreaker, testPicture, testService } from "#domain/test-picture.ts";
import { expireOverrides } from "./expire-overrides.ts";
import { extendOverride } from "./extend-override.ts";
import { forceBreaker, type ForceDeps } from "./force-breaker.ts";
import { liftOverride } from "./lift-override.ts";
import { listAudit } from "./list-audit.ts";
import { listOverrides } from "./list-overrides.ts";
import { saveServicePolicy } from "./save-service-policy.ts";

const ada: Actor = { kind: "person", id: "ada", name: "Ada" };
const bob: Actor = { kind: "person", id: "bob", name: "Bob" };

let test: TestDatabase;
let deps: ForceDeps;
let nowMs = Date.parse("2026-11-23T12:00:00Z");
let picture: LivePicture;

beforeAll(async () => {
  test = await startTestDatabase();
  deps = {
    database: test.database,
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    live: { current: () => picture },
    forceConfirmRps: 10,
  };
});
afterAll(() => test.stop());
beforeEach(() => {
  picture = testPicture({
    breakers: [testBreaker({ offeredPerSecond: 12 })],
    services: [testService("cart", ["a", "b"])],
  });
});

const draftOf = (draft: Partial<OverrideDraft>): OverrideDraft =>
  OverrideDraft.parse({
    target: { kind: "instance", service: "cart", instance: "a" },
    mode: "forced-open",
    reason: "it smokes",
    durationMs: 60_000,
    ...draft,
  });

async function refusal(promise: Promise<unknown>): Promise<MeshError> {
  const error: unknown = await promise.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (error instanceof MeshError) return error;
  throw error;
}

const latest = async () => (await listAudit(deps, { limit: 1 })).entries[0];

describe("holding an instance", () => {
  it("leaves before, after and reason in the log: set, replaced, extended by another, expired", async () => {
    const set = await forceBreaker(deps, draftOf({}), ada);
    expect(set).toMatchObject({ id: "instance:cart:a@fleet", spec: { actor: "Ada", expiresAtMs: nowMs + 60_000 } });
    expect(set.spec).not.toHaveProperty("confirmed");
    expect(await latest()).toMatchObject({
      action: "override.set",
      target: "overrides/instance:cart:a@fleet",
      summary: "Forced out: instance a of cart on all gateways, for 1 min: it smokes",
      before: null,
      after: set.spec,
    });

    const replaced = await forceBreaker(deps, draftOf({ mode: "forced-closed", reason: "false alarm" }), bob);
    expect(await latest()).toMatchObject({ before: set.spec, after: { mode: "forced-closed", actor: "Bob" } });
    expect(await listOverrides(deps)).toHaveLength(1);

    nowMs += 10_000;
    await extendOverride(deps, { id: set.id, byMs: 900_000 }, ada);
    expect(await latest()).toMatchObject({
      action: "override.extend",
      actor: ada,
      summary: "Extended by 15 min: instance a of cart on all gateways",
      before: replaced.spec,
      after: { ...replaced.spec, expiresAtMs: (replaced.spec.expiresAtMs ?? 0) + 900_000 },
    });

    nowMs += 50_000;
    expect(await expireOverrides(deps)).toBe(0);
    nowMs += 900_000;
    expect(await expireOverrides(deps)).toBe(1);
    expect(await latest()).toMatchObject({
      action: "override.expire",
      summary: "Time is up, back to automatic: instance a of cart on all gateways",
      before: { reason: "false alarm" },
      after: null,
    });
  });

  it("is refused for one that nobody registered, unless the registry was never read", async () => {
    const typo = draftOf({ target: { kind: "instance", service: "cart", instance: "aa" } });
    expect(await refusal(forceBreaker(deps, typo, ada))).toMatchObject({
      code: "INVALID_INPUT",
      detail: "cart has no instance aa.",
      field: "target.instance",
    });
    const gone = [{ id: "aa", address: "10.0.0.1", port: 1, atMs: 0 }];
    picture = testPicture({ services: [testService("cart", ["a", "b"], { departed: gone })] });
    const { id } = await forceBreaker(deps, typo, ada);
    await liftOverride(deps, { id }, ada);
    picture = testPicture({ registryReadAtMs: 0 });
    await liftOverride(deps, { id: (await forceBreaker(deps, typo, ada)).id }, ada);
  });

  it("has to be confirmed when nobody else would serve", async () => {
    const target = { kind: "instance", service: "cart", instance: "b" } as const;
    const instances = { a: { drained: true } };
    const spec = ServicePolicySpec.parse({ service: "cart", instances });
    await saveServicePolicy(deps, { expectedVersion: null, spec }, ada);
    expect(await refusal(forceBreaker(deps, draftOf({ target }), ada))).toMatchObject({
      code: "CONFIRMATION_NEEDED",
      detail: "It is the last instance of cart that serves.",
      field: "confirmed",
    });
    await forceBreaker(deps, draftOf({ target, mode: "forced-closed" }), ada);
    await forceBreaker(deps, draftOf({ target, confirmed: true }), ada);
  });
});

describe("forcing a breaker that carries much", () => {
  const target = { kind: "command", routeId: "checkout", service: "payments" } as const;

  it("has to be confirmed, by whichever client", async () => {
    expect(await refusal(forceBreaker(deps, draftOf({ target }), ada))).toMatchObject({
      code: "CONFIRMATION_NEEDED",
      detail: "It affects 12.0 requests per second.",
    });
    await forceBreaker(deps, draftOf({ target, confirmed: true }), ada);
    await forceBreaker({ ...deps, forceConfirmRps: 12.5 }, draftOf({ target }), ada);
    expect(await refusal(forceBreaker({ ...deps, forceConfirmRps: 0 }, draftOf({ target }), ada))).toMatchObject({
      code: "CONFIRMATION_NEEDED",
    });
  });
});

describe("more time for an override", () => {
  it("is not for one that has ended or never ends", async () => {
    const { id } = await forceBreaker(deps, draftOf({ durationMs: 1000 }), ada);
    nowMs += 1000;
    expect(await refusal(extendOverride(deps, { id, byMs: 1000 }, ada))).toMatchObject({ code: "NOT_FOUND" });
    await forceBreaker(deps, draftOf({ durationMs: null, confirmed: true }), ada);
    expect(await refusal(extendOverride(deps, { id, byMs: 1000 }, ada))).toMatchObject({ code: "INVALID_INPUT" });
  });
});
