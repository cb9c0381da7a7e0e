import { describe, expect, it } from "vitest";
import type { TopologyEdge } from "#domain/topology.ts";
import { neighboursOf } from "./neighbours-of.ts";

function edge(from: string, to: string, change: Partial<TopologyEdge> = {}): TopologyEdge {
  return {
    id: `${from}→${to}`,
    from,
    to,
    configuredOnly: false,
    asFallback: false,
    requestsPerSecond: 1,
    errorRatio: 0,
    p50Ms: 1,
    p95Ms: 1,
    p99Ms: 1,
    bytesPerSecond: 0,
    inFlight: 0,
    routes: [],
    split: [],
    gateways: [],
    health: "healthy",
    healthReason: "",
    breaker: null,
    ...change,
  };
}

describe("neighboursOf", () => {
  it("finds both sides, the worst first and what is only configured last", () => {
    const edges = [
      edge("outside", "service:a", { requestsPerSecond: 90 }),
      edge("service:b", "service:a", { health: "failing" }),
      edge("service:c", "service:a", { configuredOnly: true, health: "idle" }),
      edge("service:a", "service:d", { requestsPerSecond: 2 }),
      edge("service:a", "service:e", { requestsPerSecond: 5 }),
      edge("service:x", "service:ab"),
    ];
    const { callers, called } = neighboursOf({ nodes: [], edges }, "a");
    expect(callers.map(({ name }) => name)).toEqual(["b", "outside", "c"]);
    expect(called.map(({ name }) => name)).toEqual(["e", "d"]);
  });

  it("says of a backup what it answers in the service's place, and of no other", () => {
    const backup = { asFallback: true, configuredOnly: true, requestsPerSecond: 0 };
    const edges = [
      edge("service:orders", "service:payments"),
      edge("service:payments", "service:payments-backup", backup),
      edge("service:orders", "service:payments-backup", { asFallback: true, requestsPerSecond: 4 }),
      edge("service:refunds", "service:payments-backup", { asFallback: true, requestsPerSecond: 9 }),
    ];
    const { callers, called } = neighboursOf({ nodes: [], edges }, "payments");
    expect(called.map(({ standsInPerSecond }) => standsInPerSecond)).toEqual([4]);
    expect(callers.map(({ standsInPerSecond }) => standsInPerSecond)).toEqual([0]);
  });

  it("has a service that calls itself on both sides", () => {
    const { callers, called } = neighboursOf({ nodes: [], edges: [edge("service:a", "service:a")] }, "a");
    expect([callers, called].map((side) => side.map(({ name }) => name))).toEqual([["a"], ["a"]]);
  });
});
