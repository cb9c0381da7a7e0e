import { describe, expect, it } from "vitest";
import { assignColumns, type GraphEdge } from "./columns.ts";
import { placeLabels, LABEL_HEIGHT, LABEL_WIDTH } from "./labels.ts";
import { graphKey, layoutTopology, NODE_HEIGHT, NODE_WIDTH, type GraphLayout } from "./layout.ts";

function edge(from: string, to: string): GraphEdge {
  return { id: `${from}→${to}`, from, to };
}

const SHOP = [
  edge("outside", "storefront"),
  edge("storefront", "catalog"),
  edge("storefront", "cart"),
  edge("storefront", "orders"),
  edge("cart", "catalog"),
  edge("orders", "payments"),
  edge("orders", "payments-backup"),
  edge("orders", "inventory"),
  edge("cart", "inventory"),
];
const SHOP_NODES = ["outside", "storefront", "catalog", "cart", "orders", "payments", "payments-backup", "inventory"];

function overlaps(layout: GraphLayout): string[] {
  const nodes = [...layout.nodes];
  return nodes.flatMap(([a, at], index) =>
    nodes
      .slice(index + 1)
      .filter(([, other]) => Math.abs(at.x - other.x) < NODE_WIDTH && Math.abs(at.y - other.y) < NODE_HEIGHT)
      .map(([b]) => `${a} and ${b}`),
  );
}

function columnOrder(layout: GraphLayout, x: number): string[] {
  return [...layout.nodes]
    .filter(([, at]) => at.x === x)
    .toSorted((a, b) => a[1].y - b[1].y)
    .map(([id]) => id);
}

describe("layoutTopology", () => {
  it("draws every caller left of what it calls", () => {
    const layout = layoutTopology(SHOP_NODES, SHOP);
    for (const { from, to } of SHOP) {
      expect(layout.nodes.get(from)?.x, `${from} → ${to}`).toBeLessThan(layout.nodes.get(to)?.x ?? 0);
    }
  });

  it("never draws one node over another", () => {
    const many = Array.from({ length: 40 }, (_, at) => `s${at.toString()}`);
    const edges = many.slice(1).map((to, at) => edge(many[Math.floor(at / 3)] ?? "s0", to));
    expect(overlaps(layoutTopology([...many, "loose-1", "loose-2"], edges))).toEqual([]);
    expect(overlaps(layoutTopology(SHOP_NODES, SHOP))).toEqual([]);
  });

  it("gives the same drawing whatever order the graph is listed in", () => {
    const one = layoutTopology(SHOP_NODES, SHOP);
    const other = layoutTopology(SHOP_NODES.toReversed(), SHOP.toReversed());
    // `toEqual` compares maps without regard to their order.
    expect(other.nodes).toEqual(one.nodes);
    expect(graphKey(SHOP_NODES, SHOP)).toBe(graphKey(SHOP_NODES.toReversed(), SHOP.toReversed()));
  });

  it("leaves nodes in their order when a service joins", () => {
    const before = layoutTopology(SHOP_NODES, SHOP);
    const after = layoutTopology([...SHOP_NODES, "reviews"], [...SHOP, edge("storefront", "reviews")], before);
    for (const x of new Set([...before.nodes.values()].map((at) => at.x))) {
      const kept = columnOrder(after, x).filter((id) => before.nodes.has(id));
      expect(kept).toEqual(columnOrder(before, x));
    }
    expect(overlaps(after)).toEqual([]);
  });

  it("leaves nodes in their place when a service that nothing needs room for leaves", () => {
    const before = layoutTopology(SHOP_NODES, SHOP);
    const nodes = SHOP_NODES.filter((id) => id !== "payments-backup");
    const after = layoutTopology(
      nodes,
      SHOP.filter((link) => link.to !== "payments-backup"),
      before,
    );
    for (const id of nodes) expect(after.nodes.get(id)?.y, id).toBeCloseTo(before.nodes.get(id)?.y ?? NaN, 6);
  });

  it("draws calls that go in a circle, and calls to oneself", () => {
    const circle = [edge("a", "b"), edge("b", "c"), edge("c", "a"), edge("c", "c")];
    const layout = layoutTopology(["a", "b", "c"], circle);
    expect(layout.nodes.size).toBe(3);
    expect(layout.edges.has("c→a")).toBe(true);
    expect(layout.edges.get("c→a")?.at(-1)?.x).toBe((layout.nodes.get("a")?.x ?? 0) + NODE_WIDTH);
    expect(overlaps(layout)).toEqual([]);
  });

  it("draws nothing for an empty mesh, and ignores edges to nodes it does not have", () => {
    expect(layoutTopology([], []).bounds).toEqual({ x: 0, y: 0, width: 0, height: 0 });
    expect(layoutTopology(["a"], [edge("a", "gone")]).edges.size).toBe(0);
  });

  it("leads a long edge around the nodes between its ends", () => {
    const edges = [edge("a", "b"), edge("b", "c"), edge("a", "c")];
    const layout = layoutTopology(["a", "b", "c"], edges);
    const b = layout.nodes.get("b");
    const through = (layout.edges.get("a→c") ?? []).filter(
      (point) => b !== undefined && point.x >= b.x && point.x <= b.x + NODE_WIDTH,
    );
    expect(through.length).toBe(2);
    for (const point of through) expect(point.y < (b?.y ?? 0) || point.y > (b?.y ?? 0) + NODE_HEIGHT).toBe(true);
  });
});

describe("assignColumns", () => {
  it("puts a service after the last of its callers", () => {
    const { columnOf } = assignColumns(["a", "b", "c"], [edge("a", "c"), edge("a", "b"), edge("b", "c")]);
    expect(Object.fromEntries(columnOf)).toEqual({ a: 0, b: 1, c: 2 });
  });
});

describe("placeLabels", () => {
  it("keeps labels of the shop clear of each other", () => {
    const labels = [...placeLabels(layoutTopology(SHOP_NODES, SHOP)).values()];
    const clashes = labels.flatMap((a, at) =>
      labels.slice(at + 1).filter((b) => Math.abs(a.x - b.x) < LABEL_WIDTH && Math.abs(a.y - b.y) < LABEL_HEIGHT),
    );
    expect(labels).toHaveLength(SHOP.length);
    expect(clashes).toEqual([]);
  });
});
