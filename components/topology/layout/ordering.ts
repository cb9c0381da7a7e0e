import { CrossingCounter } from "./crossings.ts";
import type { LayeredGraph } from "./layered-graph.ts";
import { copyOrder, shuffle, walkedOrder, type LayerOrder } from "./layer-order.ts";
import { seededRandom } from "./seeded-random.ts";
import { Sifter } from "./sifting.ts";
import { Sweeper } from "./sweeping.ts";

/** Links looked at in sweeps, and in sifting, at most: counted instead of timed, so that the same graph is drawn the same. */
const SWEEP_WORK = 1_500_000;
const SIFT_WORK = 2_500_000;
/** Sweeps of one start: what later ones win is little. */
const SWEEPS = 24;
const STARTS = 16;

/**
 * An order of each layer with few crossings: of several starts, swept from side to side, the best ones are sifted as far as
 * the work allows, and the best of those is taken.
 */
export function orderLayers(graph: LayeredGraph): LayerOrder {
  const counter = new CrossingCounter(graph);
  const swept = sweptOrders(graph, counter);
  const sifter = new Sifter(graph);
  for (const one of swept) {
    if (one.crossings === 0 || sifter.work >= SIFT_WORK) break;
    let saved = 1;
    while (saved > 0 && sifter.work < SIFT_WORK) {
      saved = sifter.round(one.order, SIFT_WORK - sifter.work);
      one.crossings -= saved;
    }
  }
  return swept.reduce((best, one) => (one.crossings < best.crossings ? one : best)).order;
}

interface Swept {
  readonly order: LayerOrder;
  crossings: number;
}

/** Those with fewest crossings first. */
function sweptOrders(graph: LayeredGraph, counter: CrossingCounter): readonly [Swept, ...Swept[]] {
  const sweeper = new Sweeper(graph);
  const random = seededRandom(graph.items);
  const first = walkedOrder(graph);
  const affordable = Math.max(4, Math.floor(SWEEP_WORK / (2 * graph.left.length + graph.items)));
  const starts = Math.max(1, Math.min(STARTS, Math.floor(affordable / SWEEPS)));
  const swept: [Swept, ...Swept[]] = [{ order: first, crossings: counter.total(first) }];
  for (let start = 0; start < starts && swept[0].crossings > 0; start += 1) {
    const order = copyOrder(first);
    if (start > 0) shuffle(order, random);
    for (let sweep = 0; sweep < Math.min(SWEEPS, affordable); sweep += 1) {
      sweeper.sweep(order, sweep % 2 === 0, sweep === 0 ? "left" : "both");
    }
    swept.push({ order, crossings: counter.total(order) });
  }
  return swept.sort((a, b) => a.crossings - b.crossings);
}
