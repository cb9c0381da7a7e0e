import type { DrawnGraph } from "./drawing-graphs.ts";
import { madeUpGraph, secondLater } from "./drawing-graphs.ts";

/** What each rendition has to offer to be measured. */
export interface Rendition {
  /** Hands it the graph, as a page would when data came. */
  readonly show: (graph: DrawnGraph) => void;
  /** True once everything of the graph it was handed last is in the page, or painted. */
  readonly isShown: () => boolean;
  /** Moves the view by so many px and zooms by this factor around its middle, as a person's hand would. */
  readonly move: (dx: number, dy: number, factor: number) => void;
}

/** What a bench page answers to. */
export interface DrawingBench {
  readonly firstPaint: (nodes: number, edges: number) => Promise<number>;
  readonly delta: (seed: number) => Promise<number>;
  /** Times between frames while the view pans and zooms for `ms`. */
  readonly frames: (ms: number) => Promise<number[]>;
}

function nextFrame(): Promise<number> {
  return new Promise((resolve) => {
    requestAnimationFrame(resolve);
  });
}

/** ms from handing the graph over until a frame that shows it has been presented. */
async function untilShown(rendition: Rendition, graph: DrawnGraph): Promise<number> {
  const started = performance.now();
  rendition.show(graph);
  do await nextFrame();
  while (!rendition.isShown());
  // The frame in which it came is presented before the next one begins.
  await nextFrame();
  return performance.now() - started;
}

/** Hand over the rendition to be measured: `window.bench` is there from then on. */
export function offer(rendition: Rendition): void {
  let shown: DrawnGraph | null = null;
  const bench: DrawingBench = {
    firstPaint: (nodes, edges) => {
      shown = madeUpGraph(nodes, edges);
      return untilShown(rendition, shown);
    },
    delta: (seed) => {
      if (shown === null) throw new Error("Nothing is shown yet.");
      shown = secondLater(shown, seed);
      return untilShown(rendition, shown);
    },
    frames: async (ms) => {
      const times: number[] = [];
      const started = await nextFrame();
      let last = started;
      for (let step = 0; last - started < ms; step += 1) {
        const turn = step / 30;
        // A pan in circles for two seconds, then a zoom in and out, over and over.
        const zooms = Math.floor(turn / 4) % 2 === 1;
        rendition.move(Math.cos(turn) * 9, Math.sin(turn) * 6, zooms ? 1 + Math.cos(turn * 1.57) * 0.012 : 1);
        const now = await nextFrame();
        times.push(now - last);
        last = now;
      }
      return times;
    },
  };
  Object.assign(window, { bench });
}
