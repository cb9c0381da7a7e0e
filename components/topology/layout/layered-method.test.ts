import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { edgesToReverse } from "./acyclic.ts";
import { CrossingCounter } from "./crossings.ts";
import { digraph, turned, type Digraph } from "./digraph.ts";
import { copyOrder, shuffle, walkedOrder, type LayerOrder } from "./layer-order.ts";
import { assignLayers, limitWidths, topologicalOrder } from "./layering.ts";
import { layeredGraph, type LayeredGraph } from "./layered-graph.ts";
import { orderLayers } from "./ordering.ts";
import { seededRandom } from "./seeded-random.ts";
import { Sifter } from "./sifting.ts";

const digraphs = fc.integer({ min: 2, max: 20 }).chain((size) =>
  fc.array(fc.tuple(fc.nat({ max: size - 1 }), fc.nat({ max: size - 1 })), { maxLength: 60 }).map((pairs): Digraph => {
    const edges = pairs.filter(([from, to]) => from !== to);
    return digraph(
      size,
      Int32Array.from(edges, ([from]) => from),
      Int32Array.from(edges, ([, to]) => to),
    );
  }),
);

const layered = digraphs.map((graph) => {
  const acyclic = turned(graph, edgesToReverse(graph));
  return layeredGraph(acyclic, assignLayers(acyclic));
});

/** Each pair of links between the same layers, whether it crosses. */
function crossingsByPairs({ left, right, layer }: LayeredGraph, { position }: LayerOrder): number {
  let crossings = 0;
  for (let a = 0; a < left.length; a += 1) {
    for (let b = a + 1; b < left.length; b += 1) {
      const [aLeft = 0, aRight = 0, bLeft = 0, bRight = 0] = [left[a], right[a], left[b], right[b]];
      if (layer[aLeft] !== layer[bLeft]) continue;
      const above = (position[aLeft] ?? 0) - (position[bLeft] ?? 0);
      if (above * ((position[aRight] ?? 0) - (position[bRight] ?? 0)) < 0) crossings += 1;
    }
  }
  return crossings;
}

describe("cycles", () => {
  it("are gone when the marked edges are turned round", () => {
    fc.assert(
      fc.property(digraphs, (graph) => {
        expect(topologicalOrder(turned(graph, edgesToReverse(graph))).toSorted()).toEqual(
          Int32Array.from({ length: graph.size }, (_, node) => node),
        );
      }),
    );
  });

  it("cost no edge of a graph that has none, and at most half of any graph's", () => {
    fc.assert(
      fc.property(digraphs, (graph) => {
        const reversed = edgesToReverse(graph);
        expect(reversed.reduce((sum, mark) => sum + mark, 0)).toBeLessThanOrEqual(graph.from.length / 2);
        expect(edgesToReverse(turned(graph, reversed)).some((mark) => mark === 1)).toBe(false);
      }),
    );
  });
});

describe("layers", () => {
  it("have every edge lead to a higher one, also when they are split", () => {
    fc.assert(
      fc.property(digraphs, fc.integer({ min: 1, max: 4 }), (graph, limit) => {
        const acyclic = turned(graph, edgesToReverse(graph));
        const layer = limitWidths(acyclic, assignLayers(acyclic), limit);
        const spans = Array.from(
          acyclic.from,
          (from, edge) => (layer[acyclic.to[edge] ?? 0] ?? 0) - (layer[from] ?? 0),
        );
        expect(spans.every((span) => span > 0)).toBe(true);
        const widths = Map.groupBy(layer, (one) => one);
        expect([...widths.values()].every((nodes) => nodes.length <= limit)).toBe(true);
      }),
    );
  });
});

describe("crossings", () => {
  it("are counted as by looking at every pair of links", () => {
    fc.assert(
      fc.property(layered, fc.nat(), (graph, seed) => {
        const order = walkedOrder(graph);
        shuffle(order, seededRandom(seed));
        expect(new CrossingCounter(graph).total(order)).toBe(crossingsByPairs(graph, order));
      }),
    );
  });

  it("become fewer by as many as sifting says", () => {
    fc.assert(
      fc.property(layered, fc.nat(), (graph, seed) => {
        const order = walkedOrder(graph);
        shuffle(order, seededRandom(seed));
        const before = crossingsByPairs(graph, order);
        const saved = new Sifter(graph).round(order, Number.POSITIVE_INFINITY);
        expect(crossingsByPairs(graph, order)).toBe(before - saved);
        expect(saved).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("are as few as they can be in small graphs", () => {
    const small = layered.filter(({ items, layers }) => items <= 7 && layers === 2);
    fc.assert(
      fc.property(small, (graph) => {
        const best = Math.min(...allOrders(graph).map((order) => crossingsByPairs(graph, order)));
        expect(crossingsByPairs(graph, orderLayers(graph))).toBe(best);
      }),
      { numRuns: 40 },
    );
  });
});

/** Every order of the items within their layers. */
function allOrders(graph: LayeredGraph): readonly LayerOrder[] {
  let orders = [copyOrder(walkedOrder(graph))];
  for (let place = 0; place < graph.items; place += 1) {
    orders = orders.flatMap((order) => {
      const item = order.items[place] ?? 0;
      const end = order.start[(graph.layer[item] ?? 0) + 1] ?? 0;
      return Array.from({ length: end - place }, (_, step) => swapped(order, graph, place, place + step));
    });
  }
  return orders;
}

function swapped(order: LayerOrder, graph: LayeredGraph, a: number, b: number): LayerOrder {
  const result = copyOrder(order);
  [result.items[a], result.items[b]] = [result.items[b] ?? 0, result.items[a] ?? 0];
  for (const [place, item] of result.items.entries()) {
    result.position[item] = place - (result.start[graph.layer[item] ?? 0] ?? 0);
  }
  return result;
}
