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

/** An order of each layer with few crossings: the best of several starts, each swept from side to side and then sifted. */
export function orderLayers(graph: LayeredGraph): LayerOrder {
  const counter = new CrossingCounter(graph);
  const sweeper = new Sweeper(graph);
  const sifter = new Sifter(graph);
  const random = seededRandom(graph.items);
  const first = walkedOrder(graph);
  const affordable = Math.max(4, Math.floor(SWEEP_WORK / (2 * graph.left.length + graph.items)));
  const starts = Math.max(1, Math.min(STARTS, Math.floor(affordable / SWEEPS)));
  let best = first;
  let least = counter.total(first);
  for (let start = 0; start < starts && least > 0; start += 1) {
    const order = copyOrder(first);
    if (start > 0) shuffle(order, random);
    for (let sweep = 0; sweep < Math.min(SWEEPS, affordable); sweep += 1) {
      sweeper.sweep(order, sweep % 2 === 0, sweep === 0 ? "left" : "both");
    }
    siftUntilSettled(sifter, order, SIFT_WORK / starts);
    const crossings = counter.total(order);
    if (crossings < least) [least, best] = [crossings, order];
  }
  return best;
}

function siftUntilSettled(sifter: Sifter, order: LayerOrder, budget: number): void {
  const end = sifter.work + budget;
  let saved = 1;
  while (saved > 0 && sifter.work < end) saved = sifter.round(order, end - sifter.work);
}
