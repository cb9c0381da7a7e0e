import { BoxGrid } from "./box-grid.ts";
import { detour } from "./detour.ts";
import type { PlannedEdge } from "./layout-plan.ts";
import type { Rect } from "./layout-types.ts";
import { selfCall } from "./self-calls.ts";
import { CHILD_GAP } from "./spacing.ts";
import { withoutStraightPoints } from "./ways.ts";

const CLEARANCE = CHILD_GAP / 2 - 1;

/**
 * The way of an edge that stays within one box at the top: of a node to itself (the n-th of it), to what it holds or what
 * holds it, or between two inside. `within`: all that stands in that box.
 */
export function innerWay(
  edge: PlannedEdge,
  rects: ReadonlyMap<string, Rect>,
  within: Iterable<string>,
  nth: number,
): number[] | undefined {
  const from = rects.get(edge.from);
  const to = rects.get(edge.to);
  if (from === undefined || to === undefined) return undefined;
  if (edge.from === edge.to) return selfCall(from, nth);
  if (contains(from, to)) return [from.x, middle(to), to.x, middle(to)];
  if (contains(to, from)) return [from.x, middle(from), to.x, middle(from)];
  const grid = new BoxGrid();
  let key = 0;
  for (const id of within) {
    const rect = rects.get(id);
    const other = rect !== undefined && !contains(rect, from) && !contains(rect, to);
    if (other && !contains(from, rect) && !contains(to, rect)) grid.set(key++, rect);
  }
  return besideEachOther(from, to, grid);
}

const middle = ({ y, height }: Rect): number => y + height / 2;

function contains(outer: Rect, inner: Rect): boolean {
  return (
    outer.x <= inner.x &&
    outer.y <= inner.y &&
    outer.x + outer.width >= inner.x + inner.width &&
    outer.y + outer.height >= inner.y + inner.height
  );
}

/** Out of the sides that face each other; of boxes in one column both on the right. */
function besideEachOther(from: Rect, to: Rect, grid: BoxGrid): number[] {
  const leavesRight = to.x + to.width > from.x;
  const entersRight = to.x < from.x + from.width;
  const start = sideOf(from, leavesRight);
  const end = sideOf(to, entersRight);
  const a = { x: start.x + (leavesRight ? CLEARANCE : -CLEARANCE), y: start.y };
  const b = { x: end.x + (entersRight ? CLEARANCE : -CLEARANCE), y: end.y };
  grid.set(-1, from);
  grid.set(-2, to);
  return withoutStraightPoints([start, ...detour(a, b, grid, CLEARANCE), end].flatMap(({ x, y }) => [x, y]));
}

const sideOf = (rect: Rect, onRight: boolean): { readonly x: number; readonly y: number } => ({
  x: onRight ? rect.x + rect.width : rect.x,
  y: middle(rect),
});
