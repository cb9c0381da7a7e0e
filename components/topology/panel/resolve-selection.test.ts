import { describe, expect, it } from "vitest";
import { buildGraph } from "../model/build-graph.ts";
import { DEFAULT_OPTIONS, type GraphOptions } from "../model/graph-options.ts";
import { testEdge, testNode, testShop } from "../model/test-mesh.ts";
import { resolveSelection, titleOf } from "./resolve-selection.ts";

const shop = testShop();

function resolve(id: string | null, change: Partial<GraphOptions> = {}, topology = shop) {
  return resolveSelection(id, topology, buildGraph(topology, { ...DEFAULT_OPTIONS, ...change }, null));
}

describe("what is selected", () => {
  it.each([
    ["outside", "node", "Outside"],
    ["service:orders", "node", "orders"],
    ["service:storefront→service:orders", "edge", "storefront → orders"],
    ["service:orders/version=2", "part", "version=2"],
    ["service:orders/version=2/orders-c", "part", "orders-c"],
    ["gateway:gateway-1", "gateway", "gateway-1"],
  ])("%s is a %s", (id, kind, title) => {
    const selection = resolve(id);
    expect(selection?.kind).toBe(kind);
    expect(selection === null ? "" : titleOf(selection)).toBe(title);
  });

  it("an arrow to an instance is the calls behind it", () => {
    const expanded = new Set(["service:orders"]);
    expect(resolve("service:storefront→service:orders/version=2", { expanded })).toMatchObject({
      kind: "edge",
      edge: { id: "service:storefront→service:orders" },
    });
  });

  it("a group, and the calls between it and others", () => {
    const nodes = ["pay-a", "pay-b", "pay-c", "cart"].map((name) => testNode(name));
    const topology = { nodes, edges: [testEdge("cart", "pay-a"), testEdge("cart", "pay-b")] };
    expect(resolve("group:pay-", { budget: 2 }, topology)).toMatchObject({ kind: "group" });
    const calls = resolve("service:cart→group:pay-", { budget: 2 }, topology);
    expect(calls).toMatchObject({ kind: "calls", title: "cart → pay-…", edges: [{}, {}] });
  });

  it("nothing, and what is gone, is null", () => {
    expect([resolve(null), resolve("service:gone"), resolve("service:orders/version=9")]).toEqual([null, null, null]);
  });
});
