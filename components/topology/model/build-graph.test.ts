import { assert, integer, property, record, array, constantFrom, boolean } from "fast-check";
import { describe, expect, it } from "vitest";
import type { Topology } from "#domain/topology.ts";
import { buildGraph } from "./build-graph.ts";
import { DEFAULT_OPTIONS, EDGE_FIGURES, type GraphOptions } from "./graph-options.ts";
import { testEdge, testNode, testOutside, testShop } from "./test-mesh.ts";

function draw(topology: Topology, change: Partial<GraphOptions> = {}) {
  return buildGraph(topology, { ...DEFAULT_OPTIONS, ...change }, null);
}

const ids = (elements: readonly { readonly id: string }[]): readonly string[] => elements.map(({ id }) => id);

describe("boxes and arrows", () => {
  it("are the mesh's own, each with a sentence that says what is drawn", () => {
    const { model } = draw(testShop());
    expect(ids(model.nodes)).toEqual(["outside", "service:storefront", "service:orders"]);
    expect(ids(model.edges)).toEqual(["outside→service:storefront", "service:storefront→service:orders"]);
    expect(model.nodes[1]?.description).toBe(
      "storefront: healthy, 2 instances, 10.0/s requests, 0\u00a0% errors, p95 20\u00a0ms",
    );
    expect(model.edges[0]?.label).toEqual(["10.0/s · 0\u00a0% err", "p95 20\u00a0ms"]);
  });

  it("labels show the figures that were chosen, in that order, and leave out what nobody knows", () => {
    const labels = (chosen: GraphOptions["labels"]) => draw(testShop(), { labels: chosen }).model.edges[1]?.label;
    expect(labels([])).toEqual([]);
    expect(labels(["share", "bytes", "p50"])).toEqual(["100\u00a0% of calls · 1.0\u00a0kB/s", "p50 5\u00a0ms"]);
    const expanded = draw(testShop(), { labels: EDGE_FIGURES, expanded: new Set(["service:orders"]) });
    expect(expanded.model.edges[1]?.label.join(" ")).not.toMatch(/kB|p50|p99/u);
  });

  it("a service opened shows its subsets, and a subset its instances; arrows end where the calls went", () => {
    const { model } = draw(testShop(), { expanded: new Set(["service:orders", "service:orders/version=2"]) });
    expect(model.nodes.slice(2).map(({ id, parent, expanded }) => [id, parent, expanded])).toEqual([
      ["service:orders", null, true],
      ["service:orders/version=1", "service:orders", false],
      ["service:orders/version=2", "service:orders", true],
      ["service:orders/version=2/orders-b", "service:orders/version=2", false],
      ["service:orders/version=2/orders-c", "service:orders/version=2", false],
    ]);
    expect(model.edges.slice(1).map(({ to, requestsPerSecond, health }) => [to, requestsPerSecond, health])).toEqual([
      ["service:orders/version=1", 5, "healthy"],
      ["service:orders/version=2/orders-b", 5, "degraded"],
      ["service:orders/version=2", 1, "degraded"],
    ]);
    expect(model.edges[1]?.description).toContain("from storefront to version=1 of orders");
  });

  it("gateways stand between outside and what they call, each with its own share", () => {
    const { model } = draw(testShop(), { gateways: true });
    expect(model.edges.slice(0, 4).map(({ id, requestsPerSecond }) => [id, requestsPerSecond])).toEqual([
      ["outside→gateway:gateway-1", 6],
      ["gateway:gateway-1→service:storefront", 6],
      ["outside→gateway:gateway-2", 4],
      ["gateway:gateway-2→service:storefront", 4],
    ]);
    expect(model.nodes.filter(({ kind }) => kind === "gateway")).toHaveLength(2);
  });

  it("what is configured only, and who is idle, can be left out", () => {
    const mesh = {
      nodes: [testOutside(), testNode("a"), testNode("b", { requestsPerSecond: 0, health: "idle" })],
      edges: [testEdge("outside", "a"), testEdge("a", "b", { configuredOnly: true, requestsPerSecond: 0 })],
    };
    expect(draw(mesh).model.edges[1]?.label).toEqual([]);
    expect(ids(draw(mesh, { configured: false }).model.edges)).toEqual(["outside→service:a"]);
    expect(ids(draw(mesh, { idle: false }).model.nodes)).toEqual(["outside", "service:a"]);
    expect(ids(draw(mesh, { idle: false, keep: new Set(["service:b"]) }).model.nodes)).toContain("service:b");
  });

  it("what did not change since the last drawing is the same object", () => {
    const before = draw(testShop());
    const shop = testShop();
    const same = buildGraph(testShop(), DEFAULT_OPTIONS, before);
    expect(same.model).toBe(before.model);
    const nodes = shop.nodes.map((node) => (node.name === "orders" ? { ...node, requestsPerSecond: 11 } : node));
    const after = buildGraph({ ...shop, nodes }, DEFAULT_OPTIONS, before);
    expect(after.model.nodes[1]).toBe(before.model.nodes[1]);
    expect(after.model.nodes[2]).not.toBe(before.model.nodes[2]);
    expect(after.model.edges).toBe(before.model.edges);
  });
});

const many = (start: string, count: number, from = 0) =>
  Array.from({ length: count }, (_, at) =>
    testNode(`${start}${(from + at).toString()}`, { requestsPerSecond: at + 1 }),
  );

describe("a mesh beyond the budget", () => {
  it("is drawn in groups by the start of names, largest first, until half the budget is drawn", () => {
    const nodes = [...many("pay-", 6), ...many("cart-", 4), ...many("mail-", 3), testNode("solo")];
    const { model } = draw({ nodes, edges: [] }, { budget: 13 });
    expect(model.nodes.map(({ label }) => label)).toEqual(["mail-0", "mail-1", "mail-2", "solo", "pay-…", "cart-…"]);
    expect(model.nodes[4]).toMatchObject({ id: "group:pay-", note: "6 services", requestsPerSecond: 21, p95Ms: 20 });
    expect(model.nodes[4]?.description).toContain("p95 at most 20");
  });

  it("has the quietest in one box that says how many, when names tell nothing", () => {
    const { model } = draw({ nodes: many("s", 20), edges: [] }, { budget: 5 });
    expect(model.nodes.map(({ label }) => label)).toEqual(["s16", "s17", "s18", "s19", "+16 more"]);
  });

  it("shows who is not well, and who a person works with, by themselves", () => {
    const nodes = many("s", 20).map((node) => (node.name === "s3" ? { ...node, health: "failing" as const } : node));
    const { model } = draw({ nodes, edges: [] }, { budget: 5, keep: new Set(["service:s4"]) });
    expect(model.nodes.map(({ label }) => label)).toEqual(["s3", "s4", "s18", "s19", "+16 more"]);
  });

  it("opens a group in its own box, and what is beyond the budget even there in another", () => {
    const topology = { nodes: many("s", 20), edges: [testEdge("s0", "s19")] };
    const open = draw(topology, { budget: 5, expanded: new Set(["group:+"]) });
    const shown = open.model.nodes.filter(({ parent }) => parent === "group:+");
    expect(shown.map(({ label }) => label)).toEqual(["s15", "s14", "s13", "s12", "s11", "+11 more"]);
    expect(open.model.edges[0]).toMatchObject({ from: "group:++", to: "service:s19" });
    const twice = draw(topology, { budget: 5, expanded: new Set(["group:+", "group:++"]) });
    expect(twice.model.nodes.at(-1)).toMatchObject({ label: "+6 more", parent: "group:++" });
  });

  it("keeps the quietest together while their rates go up and down a little", () => {
    const nodes = many("s", 20);
    const before = draw({ nodes, edges: [] }, { budget: 5 });
    const busier = nodes.map((node) => (node.name === "s15" ? { ...node, requestsPerSecond: 18 } : node));
    const after = buildGraph({ nodes: busier, edges: [] }, { ...DEFAULT_OPTIONS, budget: 5 }, before);
    expect(ids(after.model.nodes)).toEqual(ids(before.model.nodes));
    const busiest = nodes.map((node) => (node.name === "s15" ? { ...node, requestsPerSecond: 50 } : node));
    expect(
      ids(buildGraph({ nodes: busiest, edges: [] }, { ...DEFAULT_OPTIONS, budget: 5 }, before).model.nodes),
    ).toContain("service:s15");
  });

  it("leaves nothing out and loses no call, whatever the mesh", () => {
    const meshes = record({
      names: array(
        constantFrom("pay-a", "pay-b", "pay-c", "pay-d", "x.A", "x.B", "x.C", "solo", "one", "two", "three"),
        {
          minLength: 1,
        },
      ).map((names) => [...new Set(names)]),
      calls: array(record({ from: integer({ min: 0, max: 20 }), to: integer({ min: 0, max: 20 }) })),
      budget: integer({ min: 1, max: 12 }),
      opened: boolean(),
      gateways: boolean(),
    });
    assert(
      property(meshes, ({ names, calls, budget, opened, gateways }) => {
        const nodes = [testOutside(), ...names.map((name) => testNode(name))];
        const edges = new Map(
          calls.map(({ from, to }) => {
            const edge = testEdge(names[from] ?? "outside", names[to % names.length] ?? "solo");
            return [edge.id, edge];
          }),
        );
        const expanded = new Set(opened ? ["group:+", "group:pay-", "group:++"] : []);
        const { model, placeOf } = draw({ nodes, edges: [...edges.values()] }, { budget, expanded, gateways });
        const boxes = new Set(ids(model.nodes));
        expect(boxes.size).toBe(model.nodes.length);
        for (const { id } of nodes) expect(boxes).toContain(placeOf.get(id));
        for (const { parent } of model.nodes) expect([null, ...boxes]).toContain(parent);
        for (const { from, to } of model.edges) expect([boxes.has(from), boxes.has(to)]).toEqual([true, true]);
        const drawn = model.edges.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0);
        const within = [...edges.values()].filter(
          ({ from, to }) => from !== to && placeOf.get(from) === placeOf.get(to),
        ).length;
        expect(drawn).toBeCloseTo((edges.size - within) * 10);
      }),
      { numRuns: 300 },
    );
  });
});
