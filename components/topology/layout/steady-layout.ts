import { BoxGrid } from "./box-grid.ts";
import type { InnerEnds } from "./edge-ends.ts";
import { columnsOf, placeAlone, placeBeside } from "./free-place.ts";
import { allPlaces, type LayoutPlan, type PlannedEdge } from "./layout-plan.ts";
import type { Point, Rect } from "./layout-types.ts";
import { makeRoom } from "./make-room.ts";
import { boundsOf, isOnBorder, sameRect } from "./rects.ts";
import { routeAnew } from "./reroute.ts";
import { SidePorts, sideKey } from "./side-ports.ts";

/** What was drawn: boxes and ways by id. */
export interface Drawn {
  readonly nodes: ReadonlyMap<string, Rect>;
  readonly edges: ReadonlyMap<string, ArrayLike<number>>;
}

/**
 * Places of the boxes at the top when most are to stay where they are drawn: pinned ones go where they were put, those that
 * are in their way or in that of grown ones move aside, new ones take free places beside their neighbours.
 */
export function keepPlaces(plan: LayoutPlan, pins: ReadonlyMap<string, Point>, drawn: Drawn): readonly Rect[] {
  const known = new Map<number, { readonly now: Rect; readonly before: Rect | null }>();
  const pinned = new Set<number>();
  const pushers: number[] = [];
  for (const [top, { id, width, height }] of plan.boxes.entries()) {
    const before = drawn.nodes.get(id);
    const pin = pins.get(id);
    if (pin !== undefined) pinned.add(top);
    const corner = pin ?? before;
    if (corner === undefined) continue;
    const now = { x: corner.x, y: corner.y, width, height };
    known.set(top, { now, before: before ?? null });
    if (before !== undefined && (width > before.width || height > before.height)) pushers.push(top);
  }
  const places = new Map(makeRoom(known, pinned, pushers));
  placeNew(plan, places);
  return plan.boxes.map((box, top) => places.get(top) ?? { x: 0, y: 0, width: box.width, height: box.height });
}

/** New boxes one after the other, those first that are joined to something that has its place. */
function placeNew({ boxes, edges }: LayoutPlan, places: Map<number, Rect>): void {
  const taken = new BoxGrid();
  for (const [top, rect] of places) taken.set(top, rect);
  const callers = new Map<number, number[]>();
  const callees = new Map<number, number[]>();
  for (const { fromTop, toTop } of edges) {
    if (fromTop === toTop) continue;
    append(callers, toTop, fromTop);
    append(callees, fromTop, toTop);
  }
  const placed = (tops: readonly number[] | undefined): Rect[] =>
    [...new Set(tops)].flatMap((top) => places.get(top) ?? []);
  const columns = columnsOf(places.values());
  const isAlone = (top: number): boolean => !callers.has(top) && !callees.has(top);
  const unplaced = boxes.flatMap((_, top) => (places.has(top) ? [] : [top]));
  let waiting = unplaced.filter((top) => !isAlone(top));
  let bounds = boundsOf(places.values());
  while (waiting.length > 0) {
    const joined = waiting.filter((top) =>
      [...(callers.get(top) ?? []), ...(callees.get(top) ?? [])].some((other) => places.has(other)),
    );
    // Nothing of what is left is joined to what is drawn: the first one is the beginning of a part of its own.
    const next = joined.length > 0 ? joined : waiting.slice(0, 1);
    for (const top of next) {
      const box = boxes[top];
      if (box === undefined) continue;
      const rect = placeBeside(box, placed(callers.get(top)), placed(callees.get(top)), columns, bounds, taken);
      places.set(top, rect);
      taken.set(top, rect);
      bounds = boundsOf([bounds, rect]);
    }
    waiting = waiting.filter((top) => !places.has(top));
  }
  const joined = boundsOf([...places].flatMap(([top, rect]) => (isAlone(top) ? [] : [rect])));
  for (const top of unplaced.filter(isAlone)) {
    const box = boxes[top];
    if (box === undefined) continue;
    const rect = placeAlone(box, joined, taken);
    places.set(top, rect);
    taken.set(top, rect);
  }
}

function append(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key) ?? [];
  list.push(value);
  lists.set(key, list);
}

/** Ways of edges between boxes at the top: as drawn where nothing changed, else led anew around all boxes. */
export function keepWays(
  plan: LayoutPlan,
  rects: readonly Rect[],
  ends: InnerEnds,
  drawn: Drawn,
): ReadonlyMap<string, ArrayLike<number>> {
  const now = allPlaces(plan, rects);
  const grid = new BoxGrid();
  const changed = new BoxGrid();
  for (const [top, rect] of rects.entries()) {
    grid.set(top, rect);
    if (!isStill(plan.boxes[top]?.id, now, drawn)) changed.set(top, rect);
  }
  const sameInside = plan.boxes.map(({ inside }) => [...inside.keys()].every((id) => isStill(id, now, drawn)));
  const endStays = (top: number, end: string): boolean =>
    !changed.has(top) && (plan.boxes[top]?.id === end || sameInside[top] === true);
  const ways = new Map<string, ArrayLike<number>>();
  const ports = new SidePorts();
  const anew: PlannedEdge[] = [];
  for (const edge of plan.edges) {
    const { fromTop, toTop, from, to } = edge;
    if (fromTop === toTop) continue;
    const way = drawn.edges.get(edge.id);
    const stays = endStays(fromTop, from) && endStays(toTop, to);
    if (!stays || way === undefined || !joins(way, now.get(from), now.get(to)) || meets(way, changed)) anew.push(edge);
    else {
      ways.set(edge.id, way);
      notePorts(fromTop, rects[fromTop], way[0] ?? 0, way[1] ?? 0, ports);
      notePorts(toTop, rects[toTop], way[way.length - 2] ?? 0, way[way.length - 1] ?? 0, ports);
    }
  }
  for (const [id, way] of routeAnew(anew, rects, grid, ends, ports)) ways.set(id, way);
  return ways;
}

function isStill(id: string | undefined, now: ReadonlyMap<string, Rect>, drawn: Drawn): boolean {
  const before = drawn.nodes.get(id ?? "");
  const place = now.get(id ?? "");
  return before !== undefined && place !== undefined && sameRect(before, place);
}

/** Whether the way runs from the one box to the other: an edge's id may have come to mean another one. */
function joins(way: ArrayLike<number>, from: Rect | undefined, to: Rect | undefined): boolean {
  if (from === undefined || to === undefined || way.length < 4) return false;
  return (
    isOnBorder(from, way[0] ?? 0, way[1] ?? 0) && isOnBorder(to, way[way.length - 2] ?? 0, way[way.length - 1] ?? 0)
  );
}

function notePorts(top: number, rect: Rect | undefined, x: number, y: number, ports: SidePorts): void {
  if (rect !== undefined) ports.use(sideKey(top, x > rect.x + rect.width / 2), y);
}

/** Whether a way comes through one of the boxes. */
function meets(way: ArrayLike<number>, boxes: BoxGrid): boolean {
  for (let k = 0; k + 3 < way.length; k += 2) {
    const from = { x: way[k] ?? 0, y: way[k + 1] ?? 0 };
    const to = { x: way[k + 2] ?? 0, y: way[k + 3] ?? 0 };
    if (boxes.crossedBy(from, to, 0).length > 0) return true;
  }
  return false;
}
