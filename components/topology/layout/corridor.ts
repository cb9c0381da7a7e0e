import type { BoxGrid } from "./box-grid.ts";
import type { Point, Rect } from "./layout-types.ts";

/** Boxes that one edge is led past, at most. */
const MOST = 64;
/** Boxes that stand on each other without room between them, at most, before another way is looked for. */
const STACK = 40;

/**
 * A way to the right (or to the left) that keeps clear of all boxes: towards its end until a box is in the way, then through
 * the nearest gap above or below it. Not the shortest, but found in time that grows only with the boxes passed. Null when
 * there is no such gap, or the end is right above or below the beginning.
 */
export function corridor(from: Point, to: Point, grid: BoxGrid, clearance: number): readonly Point[] | null {
  const ahead = Math.sign(to.x - from.x);
  const way: Point[] = [from];
  let here = from;
  for (let step = 0; step < MOST && ahead !== 0; step += 1) {
    const box = firstAhead(here, to, ahead, grid, clearance - 1);
    if (box === null) return [...way, to];
    const [enter, leave] =
      ahead > 0
        ? [box.x - clearance, box.x + box.width + clearance]
        : [box.x + box.width + clearance, box.x - clearance];
    const middle = box.x + box.width / 2;
    const wanted = here.y + ((to.y - here.y) * (middle - here.x)) / (to.x - here.x);
    const y = nearestGap(box, wanted, grid, clearance);
    // Behind the end, or no way forward: the box stands beside the end.
    if (y === null || (leave - to.x) * ahead > 0 || (enter - here.x) * ahead < 0) return null;
    way.push({ x: enter, y }, { x: leave, y });
    here = { x: leave, y };
  }
  return null;
}

function firstAhead(here: Point, to: Point, ahead: number, grid: BoxGrid, clearance: number): Rect | null {
  const hits = grid.crossedBy(here, to, clearance).flatMap((key) => grid.get(key) ?? []);
  const near = ({ x, width }: Rect): number => (ahead > 0 ? x : -(x + width));
  return hits.length === 0 ? null : hits.reduce((first, hit) => (near(hit) < near(first) ? hit : first));
}

/** The height nearest to `wanted` at which a level line passes the box, and those above and below it, at a distance. */
function nearestGap(box: Rect, wanted: number, grid: BoxGrid, clearance: number): number | null {
  const above = slide(box, -1, grid, clearance);
  const below = slide(box, 1, grid, clearance);
  if (above === null || below === null) return above ?? below;
  return Math.abs(above - wanted) <= Math.abs(below - wanted) ? above : below;
}

function slide(box: Rect, down: 1 | -1, grid: BoxGrid, clearance: number): number | null {
  const [left, right] = [box.x - clearance, box.x + box.width + clearance];
  const beyond = (rects: readonly Rect[]): number =>
    down === 1
      ? Math.max(...rects.map((rect) => rect.y + rect.height)) + clearance
      : Math.min(...rects.map((rect) => rect.y)) - clearance;
  let y = beyond([box]);
  for (let step = 0; step < STACK; step += 1) {
    const line = [
      { x: left, y },
      { x: right, y },
    ] as const;
    const hits = grid.crossedBy(...line, clearance - 1).flatMap((key) => grid.get(key) ?? []);
    if (hits.length === 0) return y;
    y = beyond(hits);
  }
  return null;
}
