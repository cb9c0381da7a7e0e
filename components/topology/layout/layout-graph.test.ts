import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { passes } from "./box-grid.ts";
import { layoutGraph } from "./layout-graph.ts";
import type { GraphLayout, LayoutEdge, LayoutNode, LayoutRequest, Point, Rect } from "./layout-types.ts";
import { overlaps } from "./rects.ts";

const NOTHING = new Map<string, Point>();
const node = (id: string, parent: string | null = null): LayoutNode => ({ id, width: 184, height: 76, parent });
const edge = (from: string, to: string, id: string = `${from}>${to}`): LayoutEdge => ({ id, from, to });

function laidOut(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  { pins = NOTHING, previous = null }: Partial<LayoutRequest> = {},
): GraphLayout {
  return layoutGraph({ nodes, edges, pins, previous });
}

function rectOf(layout: GraphLayout, id: string): Rect {
  const rect = layout.nodes.get(id);
  if (rect === undefined) throw new Error(`${id} is not drawn.`);
  return rect;
}

const size = fc.record({ width: fc.integer({ min: 20, max: 260 }), height: fc.integer({ min: 16, max: 140 }) });

/** Graphs of up to 16 nodes, some inside others, with any edges: to themselves, twice, in circles, to nodes that are not there. */
const graphs = fc
  .array(fc.record({ size, parent: fc.option(fc.nat({ max: 15 }), { freq: 3 }) }), { maxLength: 16 })
  .chain((drafts) => {
    const nodes = drafts.map((draft, which): LayoutNode => {
      const parent = draft.parent !== null && draft.parent < which ? `n${draft.parent.toString()}` : null;
      return { id: `n${which.toString()}`, ...draft.size, parent };
    });
    const end = fc.nat({ max: drafts.length + 1 }).map((which) => `n${which.toString()}`);
    const edges = fc
      .array(fc.tuple(end, end), { maxLength: 40 })
      .map((pairs) => pairs.map(([from, to], which) => edge(from, to, `e${which.toString()}`)));
    return edges.map((all) => ({ nodes, edges: all }));
  });

const topsOf = (nodes: readonly LayoutNode[]): readonly LayoutNode[] => nodes.filter(({ parent }) => parent === null);

/** Pins that do not overlap: each in a cell of its own, larger than any node with what it may hold. */
const pinsFor = (nodes: readonly LayoutNode[]): fc.Arbitrary<ReadonlyMap<string, Point>> =>
  fc
    .uniqueArray(
      fc.record({ which: fc.nat({ max: 15 }), x: fc.integer({ min: -4, max: 4 }), y: fc.integer({ min: -4, max: 4 }) }),
      {
        maxLength: 5,
        selector: ({ x, y }) => `${x.toString()}:${y.toString()}`,
      },
    )
    .map((pins) => {
      const tops = topsOf(nodes);
      return new Map(
        pins.flatMap(({ which, x, y }) => {
          const top = tops[which];
          return top === undefined ? [] : [[top.id, { x: x * 3000 + 17, y: y * 3000 - 5 }] as const];
        }),
      );
    });

function expectNoOverlaps(nodes: readonly LayoutNode[], layout: GraphLayout): void {
  for (const [which, a] of nodes.entries()) {
    for (const b of nodes.slice(which + 1)) {
      if (a.parent === b.parent && overlaps(rectOf(layout, a.id), rectOf(layout, b.id))) {
        throw new Error(
          `${a.id} ${JSON.stringify(rectOf(layout, a.id))} overlaps ${b.id} ${JSON.stringify(rectOf(layout, b.id))}.`,
        );
      }
    }
  }
}

function expectInsideParents(nodes: readonly LayoutNode[], layout: GraphLayout): void {
  for (const { id, parent } of nodes) {
    if (parent === null) continue;
    const [inner, outer] = [rectOf(layout, id), rectOf(layout, parent)];
    expect(inner.x).toBeGreaterThan(outer.x);
    expect(inner.y).toBeGreaterThanOrEqual(outer.y + 28);
    expect(inner.x + inner.width).toBeLessThan(outer.x + outer.width);
    expect(inner.y + inner.height).toBeLessThan(outer.y + outer.height);
  }
}

/** How far a point is from the border of a box. */
function fromBorder({ x, y, width, height }: Rect, px: number, py: number): number {
  const outside = Math.max(x - px, px - x - width, y - py, py - y - height);
  return Math.abs(outside);
}

function expectEndsOnBorders(edges: readonly LayoutEdge[], layout: GraphLayout): void {
  const known = edges.filter(({ from, to }) => layout.nodes.has(from) && layout.nodes.has(to));
  expect([...layout.edges.keys()].sort()).toEqual(known.map(({ id }) => id).sort());
  for (const { id, from, to } of known) {
    const way = layout.edges.get(id) ?? new Float32Array();
    expect(way.length).toBeGreaterThanOrEqual(4);
    expect(way.every((value) => Number.isFinite(value))).toBe(true);
    expect(fromBorder(rectOf(layout, from), way.at(0) ?? Number.NaN, way.at(1) ?? Number.NaN)).toBeLessThan(0.01);
    expect(fromBorder(rectOf(layout, to), way.at(-2) ?? Number.NaN, way.at(-1) ?? Number.NaN)).toBeLessThan(0.01);
  }
}

function expectSound(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[], layout: GraphLayout): void {
  expect([...layout.nodes.keys()].sort()).toEqual(nodes.map(({ id }) => id).sort());
  expectNoOverlaps(nodes, layout);
  expectInsideParents(nodes, layout);
  expectEndsOnBorders(edges, layout);
  for (const value of Object.values(layout.bounds)) expect(Number.isFinite(value)).toBe(true);
}

/** The first services of a chain with calls that leave out some, and calls back. */
function meshAsGiven(all: number, drawn: number): [readonly LayoutNode[], readonly LayoutEdge[]] {
  const id = (which: number): string => `s${which.toString()}`;
  const pairs = Array.from({ length: all }, (_, which) =>
    [1, 2, 7, 13].map((far) => [which, Math.floor(which / 2) + far]),
  );
  const edges = pairs
    .flat()
    .flatMap(([from = 0, to = 0]) => (Math.max(from, to) < drawn ? [edge(id(from), id(to))] : []));
  return [Array.from({ length: drawn }, (_, which) => node(id(which))), edges];
}

function expectNoEdgeThroughBoxes(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  layout: GraphLayout,
): void {
  for (const { id, from, to } of edges) {
    const way = layout.edges.get(id) ?? new Float32Array();
    const others = nodes.filter((other) => other.id !== from && other.id !== to);
    for (let k = 0; k + 3 < way.length; k += 2) {
      const a = { x: way[k] ?? 0, y: way[k + 1] ?? 0 };
      const b = { x: way[k + 2] ?? 0, y: way[k + 3] ?? 0 };
      const hit = others.find((other) => passes(a, b, rectOf(layout, other.id), -1));
      if (hit !== undefined) throw new Error(`${id} passes through ${hit.id}.`);
    }
  }
}

describe("any layout", () => {
  it("draws all nodes apart, inside their parents, and edges from border to border", () => {
    fc.assert(fc.property(graphs, ({ nodes, edges }) => expectSound(nodes, edges, laidOut(nodes, edges))));
  });

  it("is the same for the same graph, whatever order it is given in", () => {
    const mixed = graphs.chain(({ nodes, edges }) =>
      fc.record({
        nodes: fc.constant(nodes),
        edges: fc.constant(edges),
        otherNodes: fc.shuffledSubarray(nodes, { minLength: nodes.length }),
        otherEdges: fc.shuffledSubarray(edges, { minLength: edges.length }),
      }),
    );
    fc.assert(
      fc.property(mixed, ({ nodes, edges, otherNodes, otherEdges }) => {
        expect(laidOut(otherNodes, otherEdges)).toEqual(laidOut(nodes, edges));
      }),
    );
  });

  it("leads no edge through a box that it does not belong to", () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges }) => {
        expectNoEdgeThroughBoxes(topsOf(nodes), edges, laidOut(topsOf(nodes), edges));
      }),
    );
  });
});

describe("a drawing that is there already", () => {
  const changes = fc.tuple(graphs, graphs);

  it("stays where it is when others come and go", () => {
    fc.assert(
      fc.property(changes, ([before, after]) => {
        // The same sizes, and nothing inside: nobody has to make room.
        const plain = (nodes: readonly LayoutNode[]): LayoutNode[] => nodes.map(({ id }) => node(id));
        const drawn = laidOut(plain(before.nodes), before.edges);
        const next = laidOut(plain(after.nodes), after.edges, { previous: drawn });
        for (const { id } of after.nodes.filter((one) => drawn.nodes.has(one.id))) {
          expect(next.nodes.get(id)).toEqual(drawn.nodes.get(id));
        }
        expectSound(plain(after.nodes), after.edges, next);
      }),
    );
  });

  it("is the same object for object when nothing changed", () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges }) => {
        const drawn = laidOut(nodes, edges);
        const again = laidOut(nodes, edges, { previous: drawn });
        expect(again.nodes).toEqual(drawn.nodes);
        expect(again.edges).toEqual(drawn.edges);
      }),
    );
  });

  it("leads edges of what came around what is there", () => {
    const drawn = laidOut(...meshAsGiven(60, 40));
    const [nodes, edges] = meshAsGiven(60, 60);
    expectNoEdgeThroughBoxes(nodes, edges, laidOut(nodes, edges, { previous: drawn }));
    fc.assert(
      fc.property(changes, ([before, after]) => {
        const plain = after.nodes.map(({ id }) => node(id));
        const previous = laidOut(
          before.nodes.map(({ id }) => node(id)),
          before.edges,
        );
        expectNoEdgeThroughBoxes(plain, after.edges, laidOut(plain, after.edges, { previous }));
      }),
    );
  });

  it("makes room for what grew, and stays sound", () => {
    fc.assert(
      fc.property(changes, ([before, after]) => {
        const drawn = laidOut(before.nodes, before.edges);
        expectSound(after.nodes, after.edges, laidOut(after.nodes, after.edges, { previous: drawn }));
      }),
    );
  });

  it("moves nothing but what a grown node reaches", () => {
    const nodes = ["a", "b", "c", "d", "e", "f"].map((id) => node(id));
    const edges = [edge("a", "b"), edge("a", "c"), edge("a", "d"), edge("b", "e"), edge("d", "f")];
    const drawn = laidOut(nodes, edges);
    const column = ["b", "c", "d"].sort((one, other) => rectOf(drawn, one).y - rectOf(drawn, other).y);
    const [top = "", middle = "", bottom = ""] = column;
    const held = [0, 1].map((which) => ({ ...node(`${middle}/${which.toString()}`, middle), width: 150, height: 40 }));
    const next = laidOut([...nodes, ...held], edges, { previous: drawn });
    for (const still of ["a", "e", "f", top]) expect(next.nodes.get(still)).toEqual(drawn.nodes.get(still));
    const grown = rectOf(next, middle);
    expect(grown).toMatchObject({ x: rectOf(drawn, middle).x, y: rectOf(drawn, middle).y });
    expect(rectOf(next, bottom)).toMatchObject({ x: rectOf(drawn, bottom).x, y: grown.y + grown.height + 28 });
  });

  it("gives a new node a place behind its caller and before what it calls", () => {
    const drawn = laidOut([node("a"), node("b"), node("c")], [edge("a", "b"), edge("b", "c")]);
    const next = laidOut(
      ["a", "b", "c", "new"].map((id) => node(id)),
      [edge("a", "b"), edge("b", "c"), edge("a", "new"), edge("new", "c")],
      { previous: drawn },
    );
    expect(rectOf(next, "new").x).toBe(rectOf(drawn, "b").x);
    expect(Math.abs(rectOf(next, "new").y - rectOf(drawn, "b").y)).toBeLessThan(150);
  });

  it("keeps instances where they are in their service when another one joins", () => {
    const held = (which: number): LayoutNode => ({ ...node(`s/${which.toString()}`, "s"), width: 150, height: 40 });
    const drawn = laidOut([node("s"), held(1), held(3)], []);
    const next = laidOut([node("s"), held(1), held(2), held(3)], [], { previous: drawn });
    for (const id of ["s/1", "s/3"]) expect(next.nodes.get(id)).toEqual(drawn.nodes.get(id));
    expect(rectOf(next, "s").height).toBeGreaterThan(rectOf(drawn, "s").height);
  });
});

describe("pins", () => {
  const pinned = graphs.chain(({ nodes, edges }) =>
    fc.record({ nodes: fc.constant(nodes), edges: fc.constant(edges), pins: pinsFor(nodes) }),
  );

  it("are honoured, and the others keep clear of them", () => {
    fc.assert(
      fc.property(pinned, ({ nodes, edges, pins }) => {
        const layout = laidOut(nodes, edges, { pins });
        for (const [id, pin] of pins) expect(layout.nodes.get(id)).toMatchObject(pin);
        expectSound(nodes, edges, layout);
      }),
    );
  });

  it("are honoured in a drawing that is there already, and may lie on each other", () => {
    fc.assert(
      fc.property(pinned, fc.integer({ min: -300, max: 300 }), ({ nodes, edges, pins }, x) => {
        const drawn = laidOut(nodes, edges);
        const near = new Map([...pins].map(([id], which) => [id, { x: x + 40 * which, y: x }]));
        const layout = laidOut(nodes, edges, { pins: near, previous: drawn });
        for (const [id, pin] of near) expect(layout.nodes.get(id)).toMatchObject(pin);
        const others = nodes.filter(({ id }) => !near.has(id));
        expectNoOverlaps(others, layout);
        for (const { id } of topsOf(others)) {
          for (const other of near.keys()) expect(overlaps(rectOf(layout, id), rectOf(layout, other))).toBe(false);
        }
        expectEndsOnBorders(edges, layout);
      }),
    );
  });
});

describe("degenerate graphs", () => {
  const ids = (count: number, prefix = "n"): string[] =>
    Array.from({ length: count }, (_, which) => prefix + which.toString());
  const cases: readonly (readonly [string, readonly string[], readonly LayoutEdge[]])[] = [
    ["nothing", [], []],
    ["one node", ["a"], []],
    ["one node that calls itself twice", ["a"], [edge("a", "a", "1"), edge("a", "a", "2")]],
    [
      "a star of 1,000",
      ids(1000),
      ids(1000)
        .slice(1)
        .map((id) => edge("n0", id)),
    ],
    [
      "1,000 callers of one",
      ids(1000),
      ids(1000)
        .slice(1)
        .map((id) => edge(id, "n0")),
    ],
    ["a chain of 1,000", ids(1000), ids(999).map((id, which) => edge(id, `n${(which + 1).toString()}`))],
    ["a circle of 60", ids(60), ids(60).map((id, which) => edge(id, `n${((which + 1) % 60).toString()}`))],
    ["everybody calls everybody", ids(12), ids(12).flatMap((a) => ids(12).map((b) => edge(a, b)))],
    [
      "20 that call 20",
      [...ids(20, "a"), ...ids(20, "b")],
      ids(20, "a").flatMap((a) => ids(20, "b").map((b) => edge(a, b))),
    ],
    ["the same call three times", ["a", "b"], ["1", "2", "3"].map((id) => edge("a", "b", id))],
    ["300 that nobody calls", ids(300), []],
  ];

  it.each(cases)("%s", (_, names, edges) => {
    const nodes = names.map((id) => node(id));
    expectSound(nodes, edges, laidOut(nodes, edges));
  });

  it("a star of 1,000 is not a column of 1,000", () => {
    const names = ids(1000);
    const { bounds } = laidOut(
      names.map((id) => node(id)),
      names.slice(1).map((id) => edge("n0", id)),
    );
    expect(bounds.height / bounds.width).toBeLessThan(6);
  });
});

describe("what people read from the drawing", () => {
  it("callers stand on the left of what they call", () => {
    const layout = laidOut(
      ["outside", "gateway", "shop", "stock"].map((id) => node(id)),
      [edge("outside", "gateway"), edge("gateway", "shop"), edge("shop", "stock")],
    );
    const xs = ["outside", "gateway", "shop", "stock"].map((id) => rectOf(layout, id).x);
    expect(xs).toEqual(xs.toSorted((a, b) => a - b));
    expect(new Set(xs).size).toBe(4);
  });

  it("gateways stand in one column, whatever they serve", () => {
    const chain = ["outside", "gateway-1", "shop", "orders", "stock"];
    const calls = [...chain.slice(1).map((id, which) => edge(chain[which] ?? "", id)), edge("outside", "gateway-2")];
    const deep = ["stock", "mail"].map((id) => edge("gateway-2", id));
    const ids = [...chain, "gateway-2", "mail"];
    const layout = laidOut(
      ids.map((id) => node(id)),
      [...calls, ...deep, edge("orders", "mail")],
    );
    expect(rectOf(layout, "gateway-2").x).toBe(rectOf(layout, "gateway-1").x);
  });

  it("calls in both directions, and repeated ones, are drawn beside each other", () => {
    const layout = laidOut([node("a"), node("b")], [edge("a", "b", "1"), edge("b", "a", "2"), edge("a", "b", "3")]);
    const heights = ["1", "2", "3"].map((id) => layout.edges.get(id)?.at(1) ?? Number.NaN);
    for (const [which, y] of heights.entries()) {
      for (const other of heights.slice(which + 1)) expect(Math.abs(y - other)).toBeGreaterThan(6);
    }
  });

  it("an edge to an instance ends at the instance", () => {
    const layout = laidOut(
      [node("a"), node("s"), { ...node("s/1", "s"), height: 40 }, { ...node("s/2", "s"), height: 40 }],
      [edge("a", "s/2")],
    );
    const { x, y, height } = rectOf(layout, "s/2");
    expect(layout.edges.get("a>s/2")?.at(-2)).toBeCloseTo(x, 2);
    expect(layout.edges.get("a>s/2")?.at(-1)).toBeCloseTo(y + height / 2, 0);
  });
});
