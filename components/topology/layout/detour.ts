import { passes, type BoxGrid } from "./box-grid.ts";
import { corridor } from "./corridor.ts";
import type { Point, Rect } from "./layout-types.ts";

/** Edges pass boxes at this distance, px. */
export const CLEARANCE = 10;
/** Lines nearer by this to a box have to go around it. */
const NEARER = 1;
/** Boxes that the shortest way is looked for around, at most: the effort grows with the cube of their number. */
const OBSTACLES = 6;

/**
 * Shortest way between two points that keeps clear of all boxes: corners of boxes in the way are found one after the other,
 * so that only those are looked at that matter. With many in the way, some way from gap to gap; straight where there is none.
 */
export function detour(from: Point, to: Point, grid: BoxGrid, clearance: number = CLEARANCE): readonly Point[] {
  const obstacles = new Map<number, Rect>();
  let way: readonly Point[] = [from, to];
  for (;;) {
    const hits = hitsOf(way, grid, clearance).filter((key) => !obstacles.has(key));
    if (hits.length === 0) return way;
    if (obstacles.size + hits.length > OBSTACLES) break;
    for (const key of hits) obstacles.set(key, grid.get(key) ?? { x: 0, y: 0, width: 0, height: 0 });
    const next = shortestWay(from, to, [...obstacles.values()], clearance);
    if (next === null) break;
    way = next;
  }
  return corridor(from, to, grid, clearance) ?? [from, to];
}

function hitsOf(way: readonly Point[], grid: BoxGrid, clearance: number): readonly number[] {
  return way.slice(1).flatMap((to, which) => grid.crossedBy(way[which] ?? to, to, clearance - NEARER));
}

/** Dijkstra's way over the corners of the obstacles; null when they shut one end in. */
function shortestWay(from: Point, to: Point, obstacles: readonly Rect[], clearance: number): readonly Point[] | null {
  const corners = obstacles.flatMap(({ x, y, width, height }) =>
    [x - clearance, x + width + clearance].flatMap((cornerX) =>
      [y - clearance, y + height + clearance].map((cornerY) => ({ x: cornerX, y: cornerY })),
    ),
  );
  const points: readonly Point[] = [from, to, ...corners];
  const length = new Float64Array(points.length).fill(Number.POSITIVE_INFINITY);
  const before = new Int32Array(points.length).fill(-1);
  const done = new Uint8Array(points.length);
  length[0] = 0;
  for (;;) {
    const nearest = nearestOpen(length, done);
    const here = points[nearest];
    if (here === undefined) return null;
    if (nearest === 1) break;
    done[nearest] = 1;
    for (const [other, there] of points.entries()) {
      if (done[other] === 1) continue;
      const far = (length[nearest] ?? 0) + Math.hypot(there.x - here.x, there.y - here.y);
      if (far >= (length[other] ?? 0) || obstacles.some((box) => passes(here, there, box, clearance - NEARER)))
        continue;
      length[other] = far;
      before[other] = nearest;
    }
  }
  const way: Point[] = [];
  for (let at = 1; at >= 0; at = before[at] ?? -1) way.push(points[at] ?? to);
  return way.reverse();
}

function nearestOpen(length: Float64Array, done: Uint8Array): number {
  let nearest = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const [point, far] of length.entries()) {
    if (done[point] === 1 || far >= least) continue;
    [nearest, least] = [point, far];
  }
  return nearest;
}
