import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readMesh } from "#db/mesh-repository.ts";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import type { Actor } from "#domain/audit.ts";
import { MeshError } from "#domain/errors.ts";
import type { InstanceAction, InstanceChange } from "#domain/instance-change.ts";
import type { LivePicture } from "#domain/live.ts";
import { RouteSpec } from "#domain/route.ts";
import { testPicture, testService } from "#domain/test-picture.ts";
import { changeInstances, type ChangeInstancesDeps } from "./change-instances.ts";
import { createRoute } from "./create-route.ts";
import { listAudit } from "./list-audit.ts";
import { listServicePolicies } from "./list-service-policies.ts";
import { removeServicePolicy } from "./remove-service-policy.ts";
import { saveServicePolicy } from "./save-service-policy.ts";
import { defaultServicePolicy } from "#domain/service-policy.ts";

const ada: Actor = { kind: "person", id: "ada", name: "Ada" };
const bob: Actor = { kind: "person", id: "bob", name: "Bob" };
const DRAIN = { kind: "drain" } as const;
const DRAINED = { drained: true };

let test: TestDatabase;
let deps: ChangeInstancesDeps;
let picture: LivePicture;

beforeAll(async () => {
  test = await startTestDatabase();
  deps = { database: test.database, live: { current: () => picture } };
  await createRoute(
    deps,
    {
      id: "canary",
      spec: RouteSpec.parse({
        matches: [{}],
        destinations: [{ service: "stock", labels: { version: "2" }, weight: 1 }],
      }),
    },
    ada,
  );
});
afterAll(() => test.stop());
beforeEach(async () => {
  const stock = testService("stock", ["a", "b", "c"]);
  const versions = stock.instances.map((instance) => ({
    ...instance,
    weight: instance.id === "b" ? 200 : null,
    metadata: { version: instance.id === "c" ? "2" : "1" },
  }));
  const departed = [{ id: "gone", address: "10.0.0.9", port: 80, atMs: 0 }];
  picture = testPicture({
    services: [{ ...stock, instances: versions, departed }, testService("cart", ["a", "b"])],
  });
  for (const { id, version } of await listServicePolicies(deps))
    await removeServicePolicy(deps, { id, expectedVersion: version }, ada);
});

const changeOf = (service: string, action: InstanceAction, ...instances: string[]): InstanceChange => ({
  service,
  instances,
  action,
});
const change = (changes: readonly InstanceChange[], { confirmed = false, actor = ada } = {}) =>
  changeInstances(deps, { changes, confirmed }, actor);
const revision = async (): Promise<number> => (await test.database.read(readMesh)).revision;
const settings = async (): Promise<Record<string, unknown>> =>
  Object.fromEntries((await listServicePolicies(deps)).map(({ id, spec }) => [id, spec.instances]));

async function refusal(promise: Promise<unknown>): Promise<MeshError> {
  const error: unknown = await promise.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (error instanceof MeshError) return error;
  throw error;
}

describe("changing instances", () => {
  it("of several services is one revision, with one entry of the log for each; all else of a policy stays", async () => {
    await saveServicePolicy(
      deps,
      { expectedVersion: null, spec: { ...defaultServicePolicy("cart"), slowStartMs: 5000 } },
      bob,
    );
    const before = await revision();
    const saved = await change([changeOf("stock", DRAIN, "a", "b"), changeOf("cart", DRAIN, "b")]);
    expect(await revision()).toBe(before + 1);
    expect(saved.map((row) => [row.id, row.revision])).toEqual([
      ["stock", before + 1],
      ["cart", before + 1],
    ]);
    expect(await settings()).toEqual({
      stock: { a: DRAINED, b: DRAINED },
      cart: { b: DRAINED },
    });
    expect(saved[1]?.spec.slowStartMs).toBe(5000);
    const { entries } = await listAudit(deps, { limit: 2 });
    expect(entries.map(({ summary }) => summary).toSorted()).toEqual(["Drained a, b of stock", "Drained b of cart"]);
    expect(entries.map((entry) => entry.revision)).toEqual([before + 1, before + 1]);
  });

  it("back to what is registered leaves nothing behind, a registered weight included", async () => {
    await change([changeOf("stock", DRAIN, "b")]);
    await change([changeOf("stock", { kind: "undrain" }, "b")]);
    expect(await settings()).toEqual({ stock: {} });
    await change([changeOf("stock", { kind: "scale-weight", factor: 0.5 }, "a", "b")]);
    expect(await settings()).toEqual({
      stock: { a: { weight: 50, drained: false }, b: { weight: 100, drained: false } },
    });
    await change([changeOf("stock", { kind: "scale-weight", factor: 2 }, "a", "b")]);
    expect(await settings()).toEqual({ stock: {} });
    await change([changeOf("stock", { kind: "set-weight", weight: 7 }, "a", "b"), changeOf("cart", DRAIN, "a")]);
    const unset = { kind: "unset-weight" } as const;
    await change([changeOf("stock", unset, "a", "b"), changeOf("cart", unset, "a")]);
    expect(await settings()).toEqual({ stock: {}, cart: { a: DRAINED } });
    const { entries } = await listAudit(deps, { limit: 2 });
    expect(entries.map(({ summary }) => summary)).toContain("Weight as registered for a, b of stock");
  });

  it("through a drain keeps what is registered in force, also what is registered meanwhile", async () => {
    await change([changeOf("stock", DRAIN, "b")]);
    const [stock, ...others] = picture.services;
    picture = testPicture({
      services: [
        ...(stock === undefined
          ? []
          : [{ ...stock, instances: stock.instances.map((one) => ({ ...one, weight: 10 })) }]),
        ...others,
      ],
    });
    await change([changeOf("stock", { kind: "undrain" }, "b")]);
    expect(await settings()).toEqual({ stock: {} });
  });

  it("that leaves nobody for a service is refused whole until it is confirmed", async () => {
    const before = await revision();
    const changes = [changeOf("stock", DRAIN, "a"), changeOf("cart", { kind: "set-weight", weight: 0 }, "a", "b")];
    expect(await refusal(change(changes))).toMatchObject({
      code: "CONFIRMATION_NEEDED",
      detail: "No instance of cart would be left that serves.",
    });
    expect(await revision()).toBe(before);
    expect(await settings()).toEqual({});
    await change(changes, { confirmed: true });
    expect(await settings()).toMatchObject({ stock: { a: DRAINED }, cart: { b: { weight: 0 } } });
  });

  it("that leaves nobody for a route's destination is refused, by name", async () => {
    expect(await refusal(change([changeOf("stock", DRAIN, "c")]))).toMatchObject({
      code: "CONFIRMATION_NEEDED",
      detail: "Nobody would be left for stock version=2 of route canary.",
    });
  });

  it("that nobody knows is refused; one that left, or has a setting, is known", async () => {
    const before = await revision();
    expect(await refusal(change([changeOf("stock", DRAIN, "a", "typo")]))).toMatchObject({
      code: "INVALID_INPUT",
      detail: "stock has no instance typo.",
    });
    expect(await refusal(change([changeOf("stok", DRAIN, "a")]))).toMatchObject({
      code: "INVALID_INPUT",
      detail: "No service stok is registered.",
    });
    expect(await refusal(change([changeOf("stock", DRAIN, "a"), changeOf("stock", DRAIN, "b")]))).toMatchObject({
      code: "INVALID_INPUT",
    });
    expect(await revision()).toBe(before);
    await change([changeOf("stock", DRAIN, "gone")]);
    picture = testPicture({ services: [testService("stock", ["a", "b"])] });
    await change([changeOf("stock", { kind: "forget" }, "gone")]);
    expect(await settings()).toEqual({ stock: {} });
  });

  it("by two people at once keeps both", async () => {
    const before = await revision();
    await Promise.all([
      change([changeOf("stock", DRAIN, "a"), changeOf("cart", DRAIN, "a")]),
      change([changeOf("stock", { kind: "set-weight", weight: 50 }, "c")], { actor: bob }),
    ]);
    expect(await revision()).toBe(before + 2);
    expect(await settings()).toEqual({
      stock: { a: DRAINED, c: { weight: 50, drained: false } },
      cart: { a: DRAINED },
    });
  });

  it("by two people at once never takes out the last two without asking one of them", async () => {
    const outcomes = await Promise.allSettled([
      change([changeOf("cart", DRAIN, "a")]),
      change([changeOf("cart", DRAIN, "b")], { actor: bob }),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const refused = outcomes.find((outcome) => outcome.status === "rejected");
    expect(refused?.reason).toMatchObject({ code: "CONFIRMATION_NEEDED" });
  });
});
