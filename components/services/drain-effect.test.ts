import { describe, expect, it } from "vitest";
import type { LiveService } from "#domain/live.ts";
import { RouteSpec } from "#domain/route.ts";
import { testInstance } from "#domain/test-instance.ts";
import { drainEffect, takesRequests } from "./drain-effect.ts";

function instance(id: string, version: string, serving = true): LiveService["instances"][number] {
  return testInstance({ id, service: "stock", metadata: { version }, serving });
}

const SERVICE: LiveService = {
  name: "stock",
  instances: [instance("a", "1"), instance("b", "1"), instance("c", "2"), instance("d", "2", false)],
  unreadable: [],
  traffic: [{ instance: "c", requestsPerSecond: 4, errorRatio: 0, p95Ms: null }],
  standings: [],
  departed: [],
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

describe("drainEffect", () => {
  it("names who is left, and the destinations that nobody is left for", () => {
    const routes = [routeTo("all", {}), routeTo("canary", { version: "2" }), routeTo("idle", { version: "2" }, 0)];
    expect(drainEffect(SERVICE, {}, routes, "c")).toEqual({
      rate: 4,
      others: ["a", "b"],
      stranded: [{ routeId: "canary", destination: "stock version=2" }],
    });
  });

  it("counts neither drained instances nor those without weight among those left", () => {
    const settings = { a: { weight: 100, drained: true }, b: { weight: 0, drained: false } };
    const { others, stranded } = drainEffect(SERVICE, settings, [routeTo("all", {})], "c");
    expect(others).toEqual([]);
    expect(stranded.map(({ routeId }) => routeId)).toEqual(["all"]);
  });

  it("does not blame a drain for what has no instance already", () => {
    expect(drainEffect(SERVICE, {}, [routeTo("none", { version: "3" })], "c").stranded).toEqual([]);
  });
});

describe("takesRequests", () => {
  it("needs the instance to serve, whatever policy says", () => {
    expect(takesRequests({ d: { weight: 100, drained: false } }, instance("d", "2", false))).toBe(false);
  });

  it("needs one that speaks HTTP and is not leaving; a registered weight of 0 gives way to a person's", () => {
    const one = instance("a", "1");
    expect(takesRequests({}, one)).toBe(true);
    expect(takesRequests({}, { ...one, protocol: "dubbo" })).toBe(false);
    expect(takesRequests({}, { ...one, protocol: "rest" })).toBe(true);
    expect(takesRequests({}, { ...one, presence: "leaving" })).toBe(false);
    expect(takesRequests({}, { ...one, presence: "unconfirmed" })).toBe(true);
    expect(takesRequests({}, { ...one, weight: 0 })).toBe(false);
    expect(takesRequests({ a: { weight: 100, drained: false } }, { ...one, weight: 0 })).toBe(true);
  });
});
