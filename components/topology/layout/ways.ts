import type { LinkPorts } from "./alignment.ts";
import { at, realAt } from "./cells.ts";
import type { LayeredGraph } from "./layered-graph.ts";

/** What the ways of edges are drawn from. */
interface Placed {
  /** Of each item. */
  readonly centres: Float64Array;
  readonly ports: LinkPorts;
  /** Left and right border of each layer's column. */
  readonly columns: { readonly left: Float64Array; readonly right: Float64Array };
  /** Left border and width of each node. */
  readonly x: Float64Array;
  readonly widths: Float64Array;
}

/** Points nearer to a straight line than this are no bends, px. */
const STRAIGHT = 0.5;

/**
 * Points of an edge from left to right. It crosses columns level, at its bends, and rises or falls only between columns, so
 * that it passes through no box.
 */
export function wayOf(graph: LayeredGraph, edge: number, placed: Placed): number[] {
  const { columns, centres, ports } = placed;
  const points: number[] = [];
  const { start, members } = graph.ways;
  for (let k = at(start, edge); k < at(start, edge + 1); k += 1) {
    const link = at(members, k);
    const from = at(graph.left, link);
    const to = at(graph.right, link);
    const fromY = realAt(centres, from) + realAt(ports.atLeft, link);
    const toY = realAt(centres, to) + realAt(ports.atRight, link);
    if (from < graph.nodes) points.push(realAt(placed.x, from) + realAt(placed.widths, from), fromY);
    points.push(realAt(columns.right, at(graph.layer, from)), fromY);
    points.push(realAt(columns.left, at(graph.layer, to)), toY);
    if (to < graph.nodes) points.push(realAt(placed.x, to), toY);
  }
  return withoutStraightPoints(points);
}

/** Leaves out points that lie on the line between their neighbours. */
export function withoutStraightPoints(points: readonly number[]): number[] {
  const kept = points.slice(0, 2);
  for (let k = 2; k + 1 < points.length; k += 2) {
    const [x, y] = [points[k] ?? 0, points[k + 1] ?? 0];
    const [fromX, fromY] = [kept.at(-2) ?? 0, kept.at(-1) ?? 0];
    const last = k + 3 >= points.length;
    if (!last && isStraight(fromX, fromY, x, y, points[k + 2] ?? 0, points[k + 3] ?? 0)) continue;
    kept.push(x, y);
  }
  return kept;
}

function isStraight(ax: number, ay: number, x: number, y: number, bx: number, by: number): boolean {
  const length = Math.hypot(bx - ax, by - ay);
  if (length < STRAIGHT) return true;
  const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length;
  if (along < 0 || along > length) return false;
  return Math.abs((x - ax) * (by - ay) - (y - ay) * (bx - ax)) / length < STRAIGHT;
}
