import { BoxGrid } from "./box-grid.ts";
import type { Rect } from "./layout-types.ts";
import { overlaps } from "./rects.ts";
import { NODE_GAP } from "./spacing.ts";

type Direction = "right" | "left" | "down" | "up";

/** Between a box and one that it pushed sideways: edges run there. */
const SIDE_GAP = 72;

interface Placed {
  readonly now: Rect;
  /** Where it was before it grew or was put elsewhere; null: it has always been here. */
  readonly before: Rect | null;
}

/**
 * Moves boxes out of the way of others so that no two overlap, and as few as can be: pinned ones never move; those that grew
 * stay and push; a pushed one stops where it is free, and pushes on what stands there. Everything else keeps its place.
 * `pushers`: which boxes are pinned or changed, those that must not move first. Returns the new places.
 */
export function makeRoom(
  boxes: ReadonlyMap<number, Placed>,
  pinned: ReadonlySet<number>,
  pushers: readonly number[],
): ReadonlyMap<number, Rect> {
  const waiting = new BoxGrid();
  for (const [key, { now }] of boxes) waiting.set(key, now);
  const settled = new BoxGrid();
  const settle = (key: number, box: Rect): void => {
    waiting.delete(key);
    settled.set(key, box);
  };
  for (const key of pinned) settle(key, boxes.get(key)?.now ?? { x: 0, y: 0, width: 0, height: 0 });
  const rest = [...boxes].flatMap(([key, { now }]) => (pinned.has(key) ? [] : [{ key, now }]));
  rest.sort((a, b) => a.now.y - b.now.y || a.now.x - b.now.x || a.key - b.key);
  const queue = [...pinned, ...pushers.filter((key) => !pinned.has(key)), ...rest.map(({ key }) => key)];
  for (const key of queue) {
    if (waiting.has(key)) {
      const own = boxes.get(key)?.now;
      if (own === undefined) continue;
      const hit = settled.near(own)[0];
      const by = hit === undefined ? undefined : settled.get(hit);
      settle(key, by === undefined ? own : freePlace(own, shortestWayOff(own, by), settled));
    }
    pushFrom(key, boxes, waiting, settled, settle);
  }
  return new Map([...boxes].map(([key, { now }]) => [key, settled.get(key) ?? now]));
}

function pushFrom(
  key: number,
  boxes: ReadonlyMap<number, Placed>,
  waiting: BoxGrid,
  settled: BoxGrid,
  settle: (key: number, box: Rect) => void,
): void {
  const fronts: { readonly box: Rect; readonly way: Direction | null }[] = [
    { box: settled.get(key) ?? { x: 0, y: 0, width: 0, height: 0 }, way: null },
  ];
  const before = boxes.get(key)?.before ?? null;
  for (let front = fronts.shift(); front !== undefined; front = fronts.shift()) {
    const { box, way } = front;
    const hits = waiting.near(box).flatMap((hit) => {
      const own = waiting.get(hit);
      return own === undefined ? [] : [{ hit, own, push: way ?? directionFrom(own, box, before) }];
    });
    // Nearest first, so that those behind are pushed behind them and keep their order.
    hits.sort((a, b) => depthAlong(a.own, a.push) - depthAlong(b.own, b.push) || a.hit - b.hit);
    for (const { hit, own, push } of hits) {
      const place = freePlace(own, push, settled);
      settle(hit, place);
      fronts.push({ box: place, way: push });
    }
  }
}

function depthAlong({ x, y, width, height }: Rect, push: Direction): number {
  if (push === "right") return x;
  if (push === "left") return -(x + width);
  return push === "down" ? y : -(y + height);
}

/** Away from where the pusher was, if that says it; else the shortest way off where it is now. */
function directionFrom(own: Rect, pusher: Rect, before: Rect | null): Direction {
  if (before !== null && overlaps(before, pusher)) {
    if (own.x >= before.x + before.width) return "right";
    if (own.y >= before.y + before.height) return "down";
    if (own.x + own.width <= before.x) return "left";
    if (own.y + own.height <= before.y) return "up";
  }
  return shortestWayOff(own, pusher);
}

function shortestWayOff(own: Rect, other: Rect): Direction {
  const ways: readonly (readonly [Direction, number])[] = [
    ["down", other.y + other.height + NODE_GAP - own.y],
    ["up", own.y + own.height + NODE_GAP - other.y],
    ["right", other.x + other.width + SIDE_GAP - own.x],
    ["left", own.x + own.width + SIDE_GAP - other.x],
  ];
  return ways.reduce((best, way) => (way[1] < best[1] ? way : best))[0];
}

/** The first place along the way that keeps its distance from all settled boxes. */
function freePlace(own: Rect, push: Direction, settled: BoxGrid): Rect {
  const gap = push === "right" || push === "left" ? SIDE_GAP : NODE_GAP;
  let place = own;
  for (;;) {
    const hits = settled.near(place).flatMap((hit) => settled.get(hit) ?? []);
    if (hits.length === 0) return place;
    if (push === "right") place = { ...place, x: Math.max(...hits.map((hit) => hit.x + hit.width + gap)) };
    else if (push === "left") place = { ...place, x: Math.min(...hits.map((hit) => hit.x - gap)) - own.width };
    else if (push === "down") place = { ...place, y: Math.max(...hits.map((hit) => hit.y + hit.height + gap)) };
    else place = { ...place, y: Math.min(...hits.map((hit) => hit.y - gap)) - own.height };
  }
}
