import { pointBetween } from "./edge-path.ts";
import { NODE_HEIGHT, NODE_WIDTH, type GraphLayout, type Point } from "./layout.ts";

/** Room an edge's label takes, px at scale 1. */
export const LABEL_WIDTH = 104;
export const LABEL_HEIGHT = 32;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

function labelBox(centre: Point): Box {
  return { x: centre.x - LABEL_WIDTH / 2, y: centre.y - LABEL_HEIGHT / 2, width: LABEL_WIDTH, height: LABEL_HEIGHT };
}

/** Places a label may take on its edge, best first: the middle of each gap, then a little to either side. */
function candidates(points: readonly Point[]): Point[] {
  // Points come in pairs around columns, so every other stretch, from the first on, lies in a gap.
  const gaps = points.flatMap((from, at) => {
    const to = points[at + 1];
    return at % 2 === 0 && to !== undefined ? [{ from, to }] : [];
  });
  return [0.5, 0.42, 0.58, 0.34, 0.66].flatMap((t) => gaps.map(({ from, to }) => pointBetween(from, to, t)));
}

/** Centre of every edge's label: on its line, clear of nodes and of other labels where that is possible. */
export function placeLabels(layout: GraphLayout): ReadonlyMap<string, Point> {
  const taken: Box[] = [...layout.nodes.values()].map((at) => ({ ...at, width: NODE_WIDTH, height: NODE_HEIGHT }));
  const labels = new Map<string, Point>();
  for (const [id, points] of layout.edges) {
    const rated = candidates(points).map((centre) => ({
      centre,
      cost: taken.reduce((sum, box) => sum + overlap(labelBox(centre), box), 0),
    }));
    const best = rated.find(({ cost }) => cost === 0) ?? rated.toSorted((a, b) => a.cost - b.cost)[0];
    if (best === undefined) continue;
    labels.set(id, best.centre);
    taken.push(labelBox(best.centre));
  }
  return labels;
}
