import { describe, expect, it } from "vitest";
import type { TopologyEdge, TopologyNode } from "#domain/topology.ts";
import { describeEdge, describeNode } from "./describe.ts";
import { findInTopology, findSelection, neighbourhood } from "./selection.ts";

function node(name: string): TopologyNode {
  return {
    id: `service:${name}`,
    kind: "service",
    name,
    instances: 2,
    requestsPerSecond: 4,
    errorRatio: 0,
    p50Ms: 10,
    p95Ms: 20,
    p99Ms: 30,
    bytesPerSecond: 0,
    parts: [],
    health: "healthy",
    healthReason: "",
    breaker: { state: "closed", override: "forced-open" },
    servingAsBackup: false,
  };
}

function edge(from: string, to: string): TopologyEdge {
  return {
    id: `service:${from}→service:${to}`,
    from: `service:${from}`,
    to: `service:${to}`,
    configuredOnly: false,
    asFallback: false,
    requestsPerSecond: 4,
    errorRatio: 0,
    p50Ms: 10,
    p95Ms: 20,
    p99Ms: 30,
    routes: [`${to}-route`],
    split: [],
    bytesPerSecond: 0,
    inFlight: 0,
    gateways: [],
    health: "healthy",
    healthReason: "",
    breaker: null,
  };
}

const TOPOLOGY = {
  nodes: ["cart", "orders", "payments"].map(node),
  edges: [edge("cart", "orders"), edge("orders", "payments")],
};

describe("what is selected", () => {
  it("is found among nodes and edges, and is nothing once it has left the mesh", () => {
    expect(findSelection(TOPOLOGY, "service:cart")).toMatchObject({ kind: "node" });
    expect(findSelection(TOPOLOGY, "service:cart→service:orders")).toMatchObject({ kind: "edge" });
    expect(findSelection(TOPOLOGY, "service:gone")).toBeNull();
    expect(findSelection(TOPOLOGY, null)).toBeNull();
  });

  it("keeps its neighbours bright and no others", () => {
    expect(neighbourhood(TOPOLOGY, "service:cart")).toEqual(
      new Set(["service:cart", "service:cart→service:orders", "service:orders"]),
    );
    expect(neighbourhood(TOPOLOGY, "service:gone")).toBeNull();
  });
});

describe("findInTopology", () => {
  it("finds services by name and calls by their ends and routes", () => {
    const found = findInTopology(TOPOLOGY, (...words) => words.join(" ").includes("payments"));
    expect(found.nodes.map(({ name }) => name)).toEqual(["payments"]);
    expect(found.edges.map(({ id }) => id)).toEqual(["service:orders→service:payments"]);
  });
});

describe("names for those who do not see the drawing", () => {
  it("tell a node's health, traffic and effective breaker state", () => {
    expect(describeNode(node("orders")).replaceAll("\u00a0", " ")).toBe(
      "orders: healthy, 4.0/s requests, 0 % errors, p95 20 ms, 2 instances, breaker forced open",
    );
  });

  it("tell an arrow that carries nothing from one that does", () => {
    expect(describeEdge({ ...edge("cart", "orders"), configuredOnly: true })).toBe(
      "Calls from cart to orders: configured, no traffic",
    );
  });
});
