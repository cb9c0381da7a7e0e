import { describe, expect, it } from "vitest";
import type { EdgeShare, TopologyEdge, TopologyNode } from "./topology.ts";
import { differenceOf, type ComparedMoment } from "./topology-difference.ts";

const SILENT = { p50Ms: null, p95Ms: null, p99Ms: null, bytesPerSecond: 0, healthReason: "", breaker: null } as const;

function node(name: string, own: Partial<TopologyNode> = {}): TopologyNode {
  return {
    ...SILENT,
    id: `service:${name}`,
    kind: "service",
    name,
    instances: 2,
    servingAsBackup: false,
    parts: [],
    requestsPerSecond: 50,
    errorRatio: 0,
    health: "healthy",
    ...own,
  };
}

function edge(from: string, to: string, own: Partial<TopologyEdge> = {}): TopologyEdge {
  return {
    ...SILENT,
    id: `service:${from}→service:${to}`,
    from: `service:${from}`,
    to: `service:${to}`,
    configuredOnly: false,
    asFallback: false,
    inFlight: 0,
    routes: [to],
    split: [],
    gateways: [],
    requestsPerSecond: 50,
    errorRatio: 0,
    health: "healthy",
    ...own,
  };
}

function moment(
  nodes: readonly TopologyNode[],
  edges: readonly TopologyEdge[] = [],
  windowMs = 10_000,
): ComparedMoment {
  return { topology: { nodes, edges }, windowMs };
}

function changesOf(before: ComparedMoment, after: ComparedMoment): Record<string, string> {
  return Object.fromEntries(differenceOf(before, after).changes);
}

const share = (subset: string, requestsPerSecond: number): EdgeShare => ({
  subset,
  requestsPerSecond,
  instance: `at-${subset}`,
  errorRatio: 0,
  p95Ms: null,
});

describe("the difference of two moments", () => {
  it("is nothing between a moment and itself", () => {
    const now = moment([node("orders", { p95Ms: 20 })], [edge("cart", "orders", { split: [share("version=1", 50)] })]);
    expect(differenceOf(now, now)).toEqual({ differences: [], changes: new Map(), union: now.topology });
  });

  it("finds what came and what went, and keeps in the picture what went, without traffic", () => {
    const { changes, union } = differenceOf(
      moment([node("cart"), node("old")], [edge("cart", "old")]),
      moment([node("cart"), node("new")], [edge("cart", "new")]),
    );
    expect(Object.fromEntries(changes)).toEqual({
      "service:old": "gone",
      "service:cart→service:old": "gone",
      "service:new": "added",
      "service:cart→service:new": "added",
    });
    const gone = union.nodes.find(({ id }) => id === "service:old");
    expect(gone).toMatchObject({ requestsPerSecond: 0, instances: 0, health: "idle" });
    expect(union.edges.map(({ id }) => id)).toContain("service:cart→service:old");
  });

  it("calls more errors worse, and fewer better, by whole percentage points", () => {
    const at = (errorRatio: number) => moment([node("orders", { errorRatio })]);
    expect(changesOf(at(0.01), at(0.1))).toEqual({ "service:orders": "worse" });
    expect(changesOf(at(0.1), at(0.01))).toEqual({ "service:orders": "better" });
    expect(changesOf(at(0.01), at(0.019))).toEqual({});
  });

  it("does not take the noise of few calls for a change", () => {
    const few = (errorRatio: number) => moment([node("orders", { requestsPerSecond: 0.5, errorRatio })]);
    expect(changesOf(few(0), few(0.2))).toEqual({});
    const rate = (requestsPerSecond: number) => moment([node("orders", { requestsPerSecond })]);
    // 20 and 32 calls in ten seconds: chance makes as much of the same rate.
    expect(changesOf(rate(2), rate(3.2))).toEqual({});
    expect(changesOf(rate(200), rate(320))).toEqual({ "service:orders": "more" });
    expect(changesOf(rate(320), rate(200))).toEqual({ "service:orders": "less" });
  });

  it("trusts a longer span more", () => {
    const over = (requestsPerSecond: number, windowMs: number) =>
      moment([node("orders", { requestsPerSecond })], [], windowMs);
    expect(changesOf(over(2, 60_000), over(3.2, 60_000))).toEqual({ "service:orders": "more" });
  });

  it("calls slower worse, when enough calls were measured at both moments", () => {
    const at = (p95Ms: number, requestsPerSecond = 50) => moment([node("orders", { p95Ms, requestsPerSecond })]);
    expect(changesOf(at(40), at(90))).toEqual({ "service:orders": "worse" });
    expect(changesOf(at(40), at(44))).toEqual({});
    expect(changesOf(at(1), at(3))).toEqual({});
    expect(changesOf(at(40, 1), at(90, 1))).toEqual({});
  });

  it("calls an element worse when its breaker opened, even if its errors became fewer", () => {
    const closed = moment([node("orders", { errorRatio: 0.5, breaker: { state: "closed", override: null } })]);
    const open = moment([node("orders", { errorRatio: 0, breaker: { state: "open", override: null } })]);
    const [difference] = differenceOf(closed, open).differences;
    expect(difference).toMatchObject({ change: "worse", breaker: { after: { state: "open" } } });
    expect(
      changesOf(moment([node("a")]), moment([node("a", { breaker: { state: "closed", override: null } })])),
    ).toEqual({});
  });

  it("lists a breaker that is held closed, though no call is kept away by it", () => {
    const automatic = moment([node("orders", { breaker: { state: "closed", override: null } })]);
    const forced = moment([node("orders", { breaker: { state: "closed", override: "forced-closed" } })]);
    const { differences, changes } = differenceOf(automatic, forced);
    expect(differences).toMatchObject([{ id: "service:orders", change: null }]);
    expect(changes.size).toBe(0);
  });

  it("says how another split was, share by share, and what that did to the subsets", () => {
    const split = (first: number, second: number) =>
      moment(
        [
          node("inventory", {
            parts: [
              { ...share("version=1", first), serving: true, health: "healthy", healthReason: "" },
              { ...share("version=2", second), serving: true, health: "healthy", healthReason: "" },
            ],
          }),
        ],
        [edge("orders", "inventory", { split: [share("version=1", first), share("version=2", second)] })],
      );
    const { differences, changes } = differenceOf(split(40, 10), split(0, 50));
    expect(differences).toMatchObject([
      {
        id: "service:orders→service:inventory",
        change: null,
        split: [
          { subset: "version=1", before: 0.8, after: 0 },
          { subset: "version=2", before: 0.2, after: 1 },
        ],
      },
    ]);
    expect(Object.fromEntries(changes)).toMatchObject({
      "service:inventory/version=1": "less",
      "service:inventory/version=2": "more",
      "service:inventory//at-version=1": "less",
    });
    expect(differenceOf(split(40, 10), split(39, 11)).differences).toEqual([]);
  });

  it("lists the worst first: what fails, what is gone, what has more to do, what got better", () => {
    const before = moment([
      node("better", { errorRatio: 0.5 }),
      node("busy", { requestsPerSecond: 10 }),
      node("gone"),
      node("slightly-worse"),
      node("worst"),
    ]);
    const after = moment([
      node("better"),
      node("busy", { requestsPerSecond: 500 }),
      node("slightly-worse", { errorRatio: 0.1 }),
      node("worst", { errorRatio: 0.9 }),
    ]);
    expect(differenceOf(before, after).differences.map(({ id }) => id)).toEqual([
      "service:worst",
      "service:slightly-worse",
      "service:gone",
      "service:busy",
      "service:better",
    ]);
  });

  it("says how many instances came or went", () => {
    const [difference] = differenceOf(moment([node("a")]), moment([node("a", { instances: 5 })])).differences;
    expect(difference).toMatchObject({ change: null, instances: { before: 2, after: 5 } });
  });
});
