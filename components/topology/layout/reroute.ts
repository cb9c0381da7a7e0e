import type { BoxGrid } from "./box-grid.ts";
import { CLEARANCE, detour } from "./detour.ts";
import { backwards, moved, type InnerEnds } from "./edge-ends.ts";
import type { PlannedEdge } from "./layout-plan.ts";
import type { Point, Rect } from "./layout-types.ts";
import { portKey, sideKey, type SidePorts } from "./side-ports.ts";
import { PORT_GAP, PORT_MARGIN } from "./spacing.ts";
import { withoutStraightPoints } from "./ways.ts";

/** An edge that leaves and enters its boxes at their sides. */
interface Sideways {
  readonly edge: PlannedEdge;
  readonly from: Rect;
  readonly to: Rect;
  readonly leavesRight: boolean;
  readonly entersRight: boolean;
}

/**
 * Ways of edges between boxes that stand anywhere (`rects`, and the same in `grid`): out of the sides that face each other,
 * around what is between. Calls between boxes right above each other are upright.
 */
export function routeAnew(
  edges: readonly PlannedEdge[],
  rects: readonly Rect[],
  grid: BoxGrid,
  ends: InnerEnds,
  ports: SidePorts,
): ReadonlyMap<string, readonly number[]> {
  const ways = new Map<string, readonly number[]>();
  const sideways: Sideways[] = [];
  for (const edge of edges) {
    const from = rects[edge.fromTop];
    const to = rects[edge.toTop];
    if (from === undefined || to === undefined) continue;
    const upright = uprightWay(edge, from, to, grid, ends);
    if (upright !== null) ways.set(edge.id, upright);
    // To a box on the left out of the left side; to one above or below, where something is between, around on the right.
    const leavesRight = to.x + to.width > from.x;
    const entersRight = to.x < from.x + from.width;
    if (upright === null) sideways.push({ edge, from, to, leavesRight, entersRight });
  }
  for (const one of sideways) wishForPorts(one, ends, ports);
  const places = ports.places();
  for (const one of sideways) ways.set(one.edge.id, sidewayOf(one, grid, ends, places));
  return ways;
}

function wishForPorts({ edge, from, to, leavesRight, entersRight }: Sideways, ends: InnerEnds, ports: SidePorts): void {
  const start = ends.way(edge, true, leavesRight).at(-1);
  const end = ends.way(edge, false, entersRight).at(-1);
  const startY = from.y + (start ?? from.height / 2);
  const endY = to.y + (end ?? to.height / 2);
  if (start === undefined) ports.wish(sideKey(edge.fromTop, leavesRight), { edge: edge.id, box: from, wanted: endY });
  if (end === undefined) ports.wish(sideKey(edge.toTop, entersRight), { edge: edge.id, box: to, wanted: startY });
}

function sidewayOf(
  { edge, from, to, leavesRight, entersRight }: Sideways,
  grid: BoxGrid,
  ends: InnerEnds,
  places: ReadonlyMap<string, number>,
): readonly number[] {
  /** Points from where the edge ends out to the border of the box at the top. */
  const endOf = (atCaller: boolean, onRight: boolean, box: Rect): number[] => {
    const inner = ends.way(edge, atCaller, onRight);
    if (inner.length > 0) return moved(inner, box.x, box.y);
    const side = sideKey(atCaller ? edge.fromTop : edge.toTop, onRight);
    return [onRight ? box.x + box.width : box.x, places.get(portKey(side, edge.id)) ?? box.y + box.height / 2];
  };
  const start = endOf(true, leavesRight, from);
  const end = endOf(false, entersRight, to);
  const way = detour(stepOut(start, leavesRight), stepOut(end, entersRight), grid).flatMap(({ x, y }) => [x, y]);
  return withoutStraightPoints([...start, ...way, ...backwards(end)]);
}

/** Boxes right above each other are joined by an upright line. */
function uprightWay(edge: PlannedEdge, from: Rect, to: Rect, grid: BoxGrid, ends: InnerEnds): number[] | null {
  const left = Math.max(from.x, to.x) + PORT_MARGIN;
  const right = Math.min(from.x + from.width, to.x + to.width) - PORT_MARGIN;
  if (left > right || ends.way(edge, true, true).length + ends.way(edge, false, true).length > 0) return null;
  // Calls in both directions run beside each other.
  const x = (left + right) / 2 + (edge.fromTop < edge.toTop ? -1 : 1) * Math.min(PORT_GAP / 2, (right - left) / 2);
  const [startY, endY] = from.y < to.y ? [from.y + from.height, to.y] : [from.y, to.y + to.height];
  const blocked = grid.crossedBy({ x, y: startY }, { x, y: endY }, -0.5).length > 0;
  return blocked ? null : [x, startY, x, endY];
}

function stepOut(end: readonly number[], onRight: boolean): Point {
  return { x: (end.at(-2) ?? 0) + (onRight ? CLEARANCE : -CLEARANCE), y: end.at(-1) ?? 0 };
}
