import { describe, expect, it } from "vitest";
import { changedSettings, effectOfChange, leavesNobody, takesRequests } from "./instance-change.ts";
import type { LiveService } from "./live.ts";
import { RouteSpec } from "./route.ts";
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

const drain = (...instances: string[]) => changedSettings({}, { service: "stock", instances, drained: true });

describe("a change of instances", () => {
  it("touches what it names, and keeps nothing that is as usual", () => {
    const before = { a: { weight: 50, drained: false }, b: { weight: 100, drained: true } };
    expect(changedSettings(before, { service: "stock", instances: ["a", "c"], drained: true })).toEqual({
      a: { weight: 50, drained: true },
      b: { weight: 100, drained: true },
      c: { weight: 100, drained: true },
    });
    expect(changedSettings(before, { service: "stock", instances: ["a", "b"], weight: 100, drained: false })).toEqual(
      {},
    );
    expect(changedSettings({}, { service: "stock", instances: ["__proto__"], weight: 0 })).toEqual(
      Object.fromEntries([["__proto__", { weight: 0, drained: false }]]),
    );
  });

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
    const after = changedSettings(before, { service: "stock", instances: ["c"], drained: true });
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

  it("sends no requests to an instance that says it takes none, whatever policy says", () => {
    expect(takesRequests({ d: { weight: 100, drained: false } }, { id: "d", serving: false })).toBe(false);
  });
});
