import { CrossingCounter } from "./crossings.ts";
import type { LayeredGraph } from "./layered-graph.ts";
import { copyOrder, shuffle, walkedOrder, type LayerOrder } from "./layer-order.ts";
import { seededRandom } from "./seeded-random.ts";
import { Sifter } from "./sifting.ts";
import { Sweeper } from "./sweeping.ts";

/** Links looked at in sweeps and in sifting, at most: counted instead of timed, so that the same graph is drawn the same. */
const SWEEP_WORK = 3_000_000;
const SIFT_WORK = 12_000_000;
const STARTS = 6;
/** Sweeps without a better drawing after which a start is given up. */
const PATIENCE = 4;

/** An order of each layer with few crossings: the best of several starts, swept from side to side and then sifted. */
export function orderLayers(graph: LayeredGraph): LayerOrder {
  const counter = new CrossingCounter(graph);
  const first = walkedOrder(graph);
  let best = { order: first, crossings: counter.total(first) };
  const perSweep = 2 * graph.left.length + graph.items;
  const sweeps = Math.max(2, Math.floor(SWEEP_WORK / (2 * perSweep)));
  const random = seededRandom(graph.items);
  for (let start = 0, used = 0; start < STARTS && used < sweeps && best.crossings > 0; start += 1) {
    const order = copyOrder(first);
    if (start > 0) shuffle(order, random);
    const reached = sweepUntilSettled(graph, order, counter, Math.min(sweeps - used, Math.ceil(sweeps / 2)));
    used += reached.sweeps;
    if (reached.crossings < best.crossings) best = reached;
  }
  if (best.crossings > 0) siftUntilSettled(graph, best.order);
  return best.order;
}

interface Reached {
  readonly order: LayerOrder;
  readonly crossings: number;
  readonly sweeps: number;
}

function sweepUntilSettled(graph: LayeredGraph, order: LayerOrder, counter: CrossingCounter, limit: number): Reached {
  const sweeper = new Sweeper(graph);
  let best = copyOrder(order);
  let crossings = counter.total(order);
  let patience = PATIENCE;
  let sweep = 0;
  for (; sweep < limit && patience > 0 && crossings > 0; sweep += 1) {
    sweeper.sweep(order, sweep % 2 === 0, sweep % 4 >= 2);
    const now = counter.total(order);
    patience -= 1;
    if (now >= crossings) continue;
    [crossings, best, patience] = [now, copyOrder(order), PATIENCE];
  }
  return { order: best, crossings, sweeps: sweep };
}

function siftUntilSettled(graph: LayeredGraph, order: LayerOrder): void {
  const sifter = new Sifter(graph);
  let saved = 1;
  while (saved > 0 && sifter.work < SIFT_WORK) saved = sifter.round(order, SIFT_WORK - sifter.work);
}
