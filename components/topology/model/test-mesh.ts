import type { NodePart, Topology, TopologyEdge, TopologyNode } from "#domain/topology.ts";

/** For tests: a healthy service that ten calls a second come to, but for what `change` says. */
export function testNode(name: string, change: Partial<TopologyNode> = {}): TopologyNode {
  return {
    id: `service:${name}`,
    kind: "service",
    name,
    instances: 2,
    requestsPerSecond: 10,
    errorRatio: 0,
    p50Ms: 5,
    p95Ms: 20,
    p99Ms: 40,
    bytesPerSecond: 1000,
    health: "healthy",
    healthReason: "",
    breaker: null,
    servingAsBackup: false,
    parts: [],
    ...change,
  };
}

/** For tests: everybody who calls from outside the mesh. */
export function testOutside(): TopologyNode {
  return testNode("outside", { id: "outside", kind: "outside", instances: null });
}

/** For tests: an instance that five calls a second come to. */
export function testPart(subset: string, instance: string, change: Partial<NodePart> = {}): NodePart {
  return {
    subset,
    instance,
    serving: true,
    requestsPerSecond: 5,
    errorRatio: 0,
    p95Ms: 20,
    health: "healthy",
    healthReason: "",
    ...change,
  };
}

/** For tests: ten calls a second from one to another, each named without `service:`; `outside` is outside. */
export function testEdge(from: string, to: string, change: Partial<TopologyEdge> = {}): TopologyEdge {
  const caller = from === "outside" ? from : `service:${from}`;
  return {
    id: `${caller}→service:${to}`,
    from: caller,
    to: `service:${to}`,
    configuredOnly: false,
    asFallback: false,
    requestsPerSecond: 10,
    errorRatio: 0,
    p50Ms: 5,
    p95Ms: 20,
    p99Ms: 40,
    bytesPerSecond: 1000,
    inFlight: 1,
    routes: [to],
    split: [],
    gateways: [],
    health: "healthy",
    healthReason: "",
    breaker: null,
    ...change,
  };
}

/** For tests: the shop, where outside calls `storefront`, and that `orders`, which has two versions. */
export function testShop(): Topology {
  const share = { requestsPerSecond: 5, errorRatio: 0, p95Ms: 20 };
  return {
    nodes: [
      testOutside(),
      testNode("storefront"),
      testNode("orders", {
        parts: [
          testPart("version=1", "orders-a"),
          testPart("version=2", "orders-b"),
          testPart("version=2", "orders-c"),
        ],
      }),
    ],
    edges: [
      testEdge("outside", "storefront", {
        gateways: [
          { gatewayId: "gateway-1", requestsPerSecond: 6, errorRatio: 0 },
          { gatewayId: "gateway-2", requestsPerSecond: 4, errorRatio: 0.5 },
        ],
      }),
      testEdge("storefront", "orders", {
        split: [
          { subset: "version=1", instance: "orders-a", ...share },
          { subset: "version=2", instance: "orders-b", ...share, errorRatio: 0.2 },
          { subset: "version=2", instance: "", requestsPerSecond: 1, errorRatio: 1, p95Ms: null },
        ],
        health: "degraded",
      }),
    ],
  };
}
