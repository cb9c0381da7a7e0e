import type { Point } from "./layout.ts";

function bezier(from: Point, to: Point): { readonly c1: Point; readonly c2: Point } {
  const reach = (to.x - from.x) / 2;
  return { c1: { x: from.x + reach, y: from.y }, c2: { x: to.x - reach, y: to.y } };
}

function coordinates(point: Point): string {
  return `${point.x.toFixed(1)} ${point.y.toFixed(1)}`;
}

/** SVG path through the points: level where it meets a node or crosses a column, curved in the gaps. */
export function edgePath(points: readonly Point[]): string {
  const [start, ...rest] = points;
  if (start === undefined) return "";
  let from = start;
  const segments = rest.map((to) => {
    const { c1, c2 } = bezier(from, to);
    from = to;
    return `C ${coordinates(c1)} ${coordinates(c2)} ${coordinates(to)}`;
  });
  return [`M ${coordinates(start)}`, ...segments].join(" ");
}

/** Point of the curve between two points of an edge, at `t` of 0 … 1. */
export function pointBetween(from: Point, to: Point, t: number): Point {
  const { c1, c2 } = bezier(from, to);
  const s = 1 - t;
  const at = (a: number, b: number, c: number, d: number): number =>
    s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
  return { x: at(from.x, c1.x, c2.x, to.x), y: at(from.y, c1.y, c2.y, to.y) };
}
