import type { BoxGrid } from "./box-grid.ts";
import { CLEARANCE, detour } from "./detour.ts";
import { backwards, moved, type InnerEnds } from "./edge-ends.ts";
import type { PlannedEdge } from "./layout-plan.ts";
import type { Point, Rect } from "./layout-types.ts";
import { PORT_GAP, PORT_MARGIN } from "./spacing.ts";
import { withoutStraightPoints } from "./ways.ts";

/** Ends of edges on the sides of boxes, so that new ones find a place of their own. */
export class UsedPorts {
  readonly #heights = new Map<string, number[]>();

  add(key: string, y: number): void {
    const heights = this.#heights.get(key) ?? [];
    heights.push(y);
    this.#heights.set(key, heights);
  }

  /** The place on a side of a box that is nearest to `wanted` and not yet used; a used one when there is no room. */
  take(key: string, box: Rect, wanted: number): number {
    const top = box.y + Math.min(PORT_MARGIN, box.height / 2);
    const bottom = box.y + box.height - Math.min(PORT_MARGIN, box.height / 2);
    const start = Math.max(top, Math.min(bottom, wanted));
    const used = this.#heights.get(key) ?? [];
    const steps = Math.ceil((bottom - top) / PORT_GAP);
    for (let step = 0; step <= 2 * steps; step += 1) {
      const y = start + (step % 2 === 0 ? 1 : -1) * Math.ceil(step / 2) * PORT_GAP;
      if (y < top || y > bottom || used.some((other) => Math.abs(other - y) < PORT_GAP / 2)) continue;
      this.add(key, y);
      return y;
    }
    return start;
  }
}

export const portKey = (top: number, onRight: boolean): string => `${top.toString()}:${onRight ? "right" : "left"}`;

/** The way of an edge between two boxes that stand anywhere: out of the side that faces the other box, around what is between. */
export function routeBetween(
  edge: PlannedEdge,
  from: Rect,
  to: Rect,
  grid: BoxGrid,
  ends: InnerEnds,
  ports: UsedPorts,
): number[] {
  const straightUp = verticalWay(edge, from, to, grid, ends);
  if (straightUp !== null) return straightUp;
  const leavesRight = to.x >= from.x + from.width || !(to.x + to.width <= from.x);
  const entersRight = leavesRight && to.x < from.x + from.width ? true : !leavesRight;
  const start = endOf(edge, true, leavesRight, from, to, ends, ports);
  const end = endOf(edge, false, entersRight, to, from, ends, ports);
  const a = stepOut(start, leavesRight);
  const b = stepOut(end, entersRight);
  const way = detour(a, b, grid).flatMap(({ x, y }) => [x, y]);
  return withoutStraightPoints([...start, ...way, ...backwards(end)]);
}

/** Boxes right above each other are joined by an upright line. */
function verticalWay(edge: PlannedEdge, from: Rect, to: Rect, grid: BoxGrid, ends: InnerEnds): number[] | null {
  const left = Math.max(from.x, to.x) + PORT_MARGIN;
  const right = Math.min(from.x + from.width, to.x + to.width) - PORT_MARGIN;
  if (left > right || ends.way(edge, true, true).length + ends.way(edge, false, true).length > 0) return null;
  // Calls in both directions run beside each other.
  const x = (left + right) / 2 + (edge.fromTop < edge.toTop ? -1 : 1) * Math.min(PORT_GAP / 2, (right - left) / 2);
  const [startY, endY] = from.y < to.y ? [from.y + from.height, to.y] : [from.y, to.y + to.height];
  const blocked = grid.crossedBy({ x, y: startY }, { x, y: endY }, -0.5).length > 0;
  return blocked ? null : [x, startY, x, endY];
}

/** Points from where the edge ends out to the border of the box at the top. */
function endOf(
  edge: PlannedEdge,
  atCaller: boolean,
  onRight: boolean,
  box: Rect,
  other: Rect,
  ends: InnerEnds,
  ports: UsedPorts,
): number[] {
  const inner = ends.way(edge, atCaller, onRight);
  if (inner.length > 0) return moved(inner, box.x, box.y);
  const key = portKey(atCaller ? edge.fromTop : edge.toTop, onRight);
  return [onRight ? box.x + box.width : box.x, ports.take(key, box, other.y + other.height / 2)];
}

function stepOut(end: readonly number[], onRight: boolean): Point {
  return { x: (end.at(-2) ?? 0) + (onRight ? CLEARANCE : -CLEARANCE), y: end.at(-1) ?? 0 };
}
