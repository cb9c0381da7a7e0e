import { describe, expect, it } from "vitest";
import { canOpen, drawnElement, drawnElements } from "./drawn-element.ts";
import { buildGraph } from "./model/build-graph.ts";
import { DEFAULT_OPTIONS } from "./model/graph-options.ts";
import { testEdge, testNode, testShop } from "./model/test-mesh.ts";

const shop = buildGraph(testShop(), DEFAULT_OPTIONS, null);
const opened = buildGraph(testShop(), { ...DEFAULT_OPTIONS, expanded: new Set(["service:orders"]) }, null);
const names = ["pay-a", "pay-b", "pay-c", "cart"];
const grouped = buildGraph(
  { nodes: names.map((name) => testNode(name)), edges: [testEdge("cart", "pay-a"), testEdge("pay-a", "pay-b")] },
  { ...DEFAULT_OPTIONS, budget: 2 },
  null,
);

const meant = (element: string, within = element) => ({ element, within });

describe("where an element is drawn", () => {
  it("is its own box or arrow, or that of what it is part of", () => {
    expect(drawnElement(shop, meant("service:orders"))).toBe("service:orders");
    expect(drawnElement(shop, meant("service:orders/version=2", "service:orders"))).toBe("service:orders");
    expect(drawnElement(opened, meant("service:orders/version=2", "service:orders"))).toBe("service:orders/version=2");
    expect(drawnElement(opened, meant("service:storefront→service:orders"))).toBe(
      "service:storefront→service:orders/version=1",
    );
    expect(drawnElement(grouped, meant("service:pay-a"))).toBe("group:pay-");
    expect(drawnElement(shop, meant("service:gone"))).toBeNull();
  });

  it("of what was found is all that stands for it; calls within a closed group are not drawn", () => {
    expect(drawnElements(shop, null)).toBeNull();
    expect(
      drawnElements(grouped, ["service:pay-a", "service:cart→service:pay-a", "service:pay-a→service:pay-b"]),
    ).toEqual(new Set(["group:pay-", "service:cart→group:pay-"]));
  });
});

describe("what can be opened", () => {
  it("has something in it", () => {
    expect([
      canOpen(shop, "service:orders"),
      canOpen(shop, "service:storefront"),
      canOpen(shop, "outside"),
      canOpen(opened, "service:orders/version=2"),
      canOpen(grouped, "group:pay-"),
    ]).toEqual([true, false, false, true, true]);
  });
});
