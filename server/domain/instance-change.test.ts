import { describe, expect, it } from "vitest";
import {
  changedSettings,
  effectOfChange,
  InstanceChange,
  leavesNobody,
  type InstanceAction,
} from "./instance-change.ts";
import type { LiveService } from "./live.ts";
import { RouteSpec } from "./route.ts";
import { ServicePolicySpec, settingInForce } from "./service-policy.ts";
import { testService } from "./test-picture.ts";

const NOW_MS = 1_000_000;

const VERSIONS: Readonly<Record<string, string>> = { a: "1", b: "1", c: "2", d: "2" };
const plain = testService("stock", Object.keys(VERSIONS));
const SERVICE: LiveService = {
  ...plain,
  // The last one says of itself that it takes no traffic.
  instances: plain.instances.map((instance) => ({
    ...instance,
    metadata: { version: VERSIONS[instance.id] ?? "" },
    serving: instance.id !== "d",
  })),
  traffic: [{ instance: "c", requestsPerSecond: 4, errorRatio: 0, p95Ms: null }],
};

const routeTo = (id: string, labels: Record<string, string>, weight = 1) => ({
  id,
  version: 1,
  revision: 1,
  updatedAtMs: 0,
  updatedBy: "Ada",
  spec: RouteSpec.parse({
    matches: [{}],
    destinations: [
      { service: "stock", labels, weight },
      { service: "other", weight: 1 },
    ],
  }),
});

const change = (action: InstanceAction, ...instances: string[]): InstanceChange => ({
  service: "stock",
  instances,
  action,
});
const drain = (...instances: string[]) => changedSettings({}, change({ kind: "drain" }, ...instances), []);

describe("settings after a change", () => {
  const plainly = { id: "a", weight: null };
  const heavy = { id: "h", weight: 200 };
  const registered = [plainly, heavy];
  const apply = (before: Parameters<typeof changedSettings>[0], action: InstanceAction, ...ids: string[]) =>
    changedSettings(before, change(action, ...ids), registered);

  it("touch what it names, and keep nothing that is as registered", () => {
    const before = { a: { weight: 50, drained: false }, b: { drained: true } };
    expect(apply(before, { kind: "drain" }, "a", "c")).toEqual({
      a: { weight: 50, drained: true },
      b: { drained: true },
      c: { drained: true },
    });
    expect(apply(before, { kind: "set-weight", weight: 100 }, "a")).toEqual({ b: { drained: true } });
    expect(apply(before, { kind: "undrain" }, "b")).toEqual({ a: { weight: 50, drained: false } });
    expect(apply({}, { kind: "set-weight", weight: 0 }, "__proto__")).toEqual(
      Object.fromEntries([["__proto__", { weight: 0, drained: false }]]),
    );
    expect(apply({}, { kind: "drain" }, "constructor")["constructor"]).toEqual({ drained: true });
    expect(apply({}, { kind: "scale-weight", factor: 2 }, "__proto__")).toEqual(
      Object.fromEntries([["__proto__", { weight: 200, drained: false }]]),
    );
  });

  it("of a drain say nothing of the weight: what is registered meanwhile is in force afterwards", () => {
    const drained = apply({}, { kind: "drain" }, "h");
    expect(drained).toEqual({ h: { drained: true } });
    expect(settingInForce(drained, heavy)).toEqual({ weight: 200, drained: true });
    const lighter = { id: "h", weight: 20 };
    expect(settingInForce(drained, lighter)).toEqual({ weight: 20, drained: true });
    expect(changedSettings(drained, change({ kind: "undrain" }, "h"), [lighter])).toEqual({});
  });

  it("of a weight say nothing of the drain, and give it up for the registered one", () => {
    const set = apply({ h: { drained: true } }, { kind: "set-weight", weight: 30 }, "h");
    expect(set).toEqual({ h: { weight: 30, drained: true } });
    expect(apply(set, { kind: "undrain" }, "h")).toEqual({ h: { weight: 30, drained: false } });
    expect(apply(set, { kind: "unset-weight" }, "h")).toEqual({ h: { drained: true } });
    expect(apply({ h: { weight: 30, drained: false } }, { kind: "unset-weight" }, "h", "a")).toEqual({});
    expect(apply({}, { kind: "set-weight", weight: 200 }, "h")).toEqual({});
    expect(apply({}, { kind: "set-weight", weight: 100 }, "h")).toEqual({ h: { weight: 100, drained: false } });
  });

  it("read a drain of an older version, which names the weight of that moment, and let go of it where it says nothing", () => {
    const { instances } = ServicePolicySpec.parse({
      service: "stock",
      instances: { h: { weight: 200, drained: true }, a: { weight: 70, drained: true } },
    });
    expect(settingInForce(instances, heavy)).toEqual({ weight: 200, drained: true });
    expect(apply(instances, { kind: "undrain" }, "h", "a")).toEqual({ a: { weight: 70, drained: false } });
  });

  it("halve and double what is in force for each, between 1 and the most", () => {
    const before = { a: { weight: 7, drained: true } };
    expect(apply(before, { kind: "scale-weight", factor: 0.5 }, "a", "h", "b")).toEqual({
      a: { weight: 4, drained: true },
      h: { weight: 100, drained: false },
      b: { weight: 50, drained: false },
    });
    const weightOf = (weight: number, factor: 0.5 | 2) =>
      apply({ a: { weight, drained: false } }, { kind: "scale-weight", factor }, "a")["a"]?.weight;
    expect([weightOf(1, 0.5), weightOf(0, 2), weightOf(600, 2)]).toEqual([1, 0, 1000]);
  });

  it("are gone when they are to be forgotten, also of an instance that is", () => {
    const before = { h: { weight: 50, drained: true }, gone: { weight: 1, drained: true } };
    expect(apply(before, { kind: "forget" }, "h", "gone")).toEqual({});
  });

  it("cannot be asked for without an instance, nor with a factor of one's own", () => {
    expect(InstanceChange.safeParse(change({ kind: "drain" })).success).toBe(false);
    expect(InstanceChange.safeParse(change({ kind: "drain" }, "a")).success).toBe(true);
    expect(
      InstanceChange.safeParse({ ...change({ kind: "drain" }, "a"), action: { kind: "scale-weight", factor: 3 } })
        .success,
    ).toBe(false);
  });
});

describe("a change of instances", () => {
  it("tells who stops, what they carry, who is left, and which destinations lose their last", () => {
    const routes = [routeTo("all", {}), routeTo("canary", { version: "2" }), routeTo("idle", { version: "2" }, 0)];
    const effect = effectOfChange(SERVICE, {}, drain("c"), routes, NOW_MS);
    expect(effect).toEqual({
      service: "stock",
      stopping: ["c"],
      rate: 4,
      left: ["a", "b"],
      stranded: [{ routeId: "canary", destination: "stock version=2" }],
    });
    expect(leavesNobody(effect)).toBe(true);
    expect(leavesNobody(effectOfChange(SERVICE, {}, drain("a"), routes, NOW_MS))).toBe(false);
  });

  it("counts among those left neither drained ones, nor those without weight, nor those a gateway has taken out", () => {
    const before = { a: { weight: 0, drained: false } };
    const after = changedSettings(before, change({ kind: "drain" }, "c"), []);
    const standing = {
      gatewayId: "gw-1",
      instance: "b",
      health: "unhealthy",
      ejectedUntilMs: null,
      override: null,
    } as const;
    const service = { ...SERVICE, standings: [{ service: "stock", ejections: 0, worker: null, ...standing }] };
    expect(effectOfChange(SERVICE, before, after, [], NOW_MS).left).toEqual(["b"]);
    const effect = effectOfChange(service, before, after, [], NOW_MS);
    expect([effect.left, leavesNobody(effect)]).toEqual([[], true]);
  });

  it("is not blamed for what has no instance already, nor when it stops nobody", () => {
    expect(effectOfChange(SERVICE, {}, drain("c"), [routeTo("none", { version: "3" })], NOW_MS).stranded).toEqual([]);
    const all = drain("a", "b", "c");
    expect(leavesNobody(effectOfChange(SERVICE, all, drain("a", "b"), [], NOW_MS))).toBe(false);
  });

  it("is blamed only for destinations that one of its instances served", () => {
    const unwell = {
      service: "stock",
      instance: "c",
      gatewayId: "gw-1",
      worker: null,
      ejections: 0,
      health: "unhealthy",
      ejectedUntilMs: null,
      override: null,
    } as const;
    const routes = [routeTo("canary", { version: "2" })];
    const effect = effectOfChange({ ...SERVICE, standings: [unwell] }, {}, drain("a"), routes, NOW_MS);
    expect(effect).toMatchObject({ stopping: ["a"], left: ["b"], stranded: [] });
  });

  it("counts a weight of 0, registered or set, as taking no requests", () => {
    const registered = SERVICE.instances.map((instance) =>
      instance.id === "a" ? { ...instance, weight: 0 } : instance,
    );
    const service = { ...SERVICE, instances: registered };
    expect(effectOfChange(service, {}, drain("a", "b"), [], NOW_MS)).toMatchObject({ stopping: ["b"], left: ["c"] });
    const none = changedSettings({}, change({ kind: "set-weight", weight: 0 }, "b", "c"), registered);
    expect(leavesNobody(effectOfChange(service, {}, none, [], NOW_MS))).toBe(true);
  });
});
