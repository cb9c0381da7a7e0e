import { describe, expect, it } from "vitest";
import { groupServices } from "../model/group-services.ts";
import { testEdge, testNode, testShop } from "../model/test-mesh.ts";
import { treeAction, typedRow } from "./tree-keys.ts";
import { treeRows, wayTo, type TreeSource } from "./tree-rows.ts";
import type { TreeOrder } from "./tree-order.ts";
import { ROW_HEIGHT, visibleRows } from "./visible-rows.ts";

const BY_NAME: TreeOrder = { column: "name", descending: false };
const shop: TreeSource = { topology: testShop(), groups: [], gateways: [] };

function rows(open: readonly string[] = [], order: TreeOrder = BY_NAME, source = shop) {
  return treeRows(source, new Set(open), order);
}

const outline = (all: ReturnType<typeof rows>) => all.map(({ level, label }) => `${level.toString()} ${label}`);

describe("rows of the tree grid", () => {
  it("are the services, and of those opened the calls, subsets and instances", () => {
    expect(outline(rows())).toEqual(["1 orders", "1 Outside", "1 storefront"]);
    expect(outline(rows(["/service:orders", "/service:orders/service:orders/version=2"]))).toEqual([
      "1 orders",
      "2 called by storefront",
      "2 version=1",
      "2 version=2",
      "3 orders-b",
      "3 orders-c",
      "1 Outside",
      "1 storefront",
    ]);
  });

  it("know their place among their siblings, and whether they can be opened", () => {
    const [, call, , second] = rows(["/service:orders"]);
    expect(call).toMatchObject({ position: 1, siblings: 3, open: null, leadsTo: "service:storefront" });
    expect(second).toMatchObject({ position: 3, siblings: 3, open: false, parent: "/service:orders" });
  });

  it("are sorted among siblings, equal ones by name", () => {
    const topology = {
      nodes: ["b", "a", "c"].map((name) => testNode(name, { requestsPerSecond: name === "c" ? 9 : 1 })),
      edges: [],
    };
    expect(outline(rows([], { column: "rate", descending: true }, { ...shop, topology }))).toEqual([
      "1 c",
      "1 a",
      "1 b",
    ]);
  });

  it("hold the members of groups, and tell the way to them", () => {
    const nodes = Array.from({ length: 9 }, (_, at) => testNode(`pay-${at.toString()}`));
    const groups = groupServices({ nodes, budget: 3, expanded: new Set(), keep: new Set(), quietBefore: new Set() });
    const source = { topology: { nodes, edges: [testEdge("pay-0", "pay-1")] }, groups, gateways: [] };
    expect(outline(rows([], BY_NAME, source))).toEqual(["1 pay-…"]);
    const { open, key } = wayTo(source, "service:pay-1");
    expect(rows(open, BY_NAME, source).find((row) => row.key === key)).toMatchObject({ label: "pay-1", level: 2 });
  });

  it("5,000 services with all their calls closed make no rows for calls", () => {
    const nodes = Array.from({ length: 5000 }, (_, at) => testNode(`s${at.toString()}`));
    const edges = nodes.map(({ name }) => testEdge("s0", name));
    expect(rows([], BY_NAME, { topology: { nodes, edges }, groups: [], gateways: [] })).toHaveLength(5000);
  });
});

describe("keys of the tree grid", () => {
  const all = rows(["/service:orders"]);
  const press = (at: number, key: string, shiftKey = false) => treeAction(all, at, { key, shiftKey });

  it("move by rows, to the ends and by pages, and stop there", () => {
    expect(press(0, "ArrowDown")).toEqual({ kind: "move", to: 1 });
    expect(press(0, "ArrowUp")).toBeNull();
    expect(press(0, "End")).toEqual({ kind: "move", to: all.length - 1 });
    expect(press(all.length - 1, "Home")).toEqual({ kind: "move", to: 0 });
    expect(press(0, "PageDown")).toEqual({ kind: "move", to: all.length - 1 });
  });

  it("open, go in, come out and close", () => {
    expect(press(3, "ArrowRight")).toEqual({ kind: "open", key: "/service:orders/service:orders/version=2" });
    expect(press(0, "ArrowRight")).toEqual({ kind: "move", to: 1 });
    expect(press(2, "ArrowLeft")).toEqual({ kind: "move", to: 0 });
    expect(press(0, "ArrowLeft")).toEqual({ kind: "close", key: "/service:orders" });
    expect(press(4, "ArrowLeft")).toBeNull();
    expect(press(4, "*")).toEqual({ kind: "open-siblings", keys: ["/outside", "/service:storefront"] });
  });

  it("walk along calls, select, and open in the drawing", () => {
    expect(press(1, "ArrowRight")).toEqual({ kind: "follow", node: "service:storefront" });
    expect(press(1, "Enter")).toEqual({ kind: "select", element: "service:storefront→service:orders" });
    expect(press(0, " ", true)).toEqual({ kind: "expand", element: "service:orders" });
    expect(press(0, "F5")).toBeNull();
  });

  it("letters go to the next row that begins with them", () => {
    expect(typedRow(all, 0, "o")).toBe(4);
    expect(typedRow(all, 0, "or")).toBe(0);
    expect(typedRow(all, 4, "or")).toBe(0);
    expect(typedRow(all, 0, "zz")).toBe(-1);
  });
});

describe("rows in the document", () => {
  it("are all of a short list, and of a long one those to be seen", () => {
    expect(visibleRows(250, 9000, 400)).toEqual({ start: 0, end: 250 });
    expect(visibleRows(5000, 1000 * ROW_HEIGHT, 10 * ROW_HEIGHT)).toEqual({ start: 988, end: 1022 });
    expect(visibleRows(5000, 0, 400)).toMatchObject({ start: 0 });
    expect(visibleRows(5000, 5000 * ROW_HEIGHT, 400).end).toBe(5000);
  });
});
