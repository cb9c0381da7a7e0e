import type { Point, Rect } from "../layout/layout-types.ts";
import { overlap, type Size } from "./camera.ts";
import { lengthOf, pointAlong } from "./polyline.ts";

export interface LabelWish {
  readonly id: string;
  readonly size: Size;
  readonly way: Float32Array;
}

export interface LabelRequest {
  /** Most important first: the later ones go without where there is no room. */
  readonly labels: readonly LabelWish[];
  /** What no label may cover. */
  readonly obstacles: readonly Rect[];
  /** Where labels are now: those whose place is still on their line and free keep it. */
  readonly kept: ReadonlyMap<string, Rect>;
}

/** Places on the line that are tried, as shares of its length, best first. */
const SHARES = [0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72, 0.22, 0.78];
/** Room left free around a label, px of the drawing. */
const GAP = 3;
const CELL = 96;

/** Boxes that are taken, by the cells they touch. */
class TakenPlaces {
  readonly #cells = new Map<number, Rect[]>();

  isFree(box: Rect): boolean {
    for (const key of cellsOf(box)) {
      if (this.#cells.get(key)?.some((taken) => overlap(taken, box)) === true) return false;
    }
    return true;
  }

  take(box: Rect): void {
    for (const key of cellsOf(box)) {
      const cell = this.#cells.get(key);
      if (cell === undefined) this.#cells.set(key, [box]);
      else cell.push(box);
    }
  }
}

function* cellsOf({ x, y, width, height }: Rect): Generator<number> {
  for (let column = Math.floor(x / CELL); column <= Math.floor((x + width) / CELL); column += 1) {
    for (let row = Math.floor(y / CELL); row <= Math.floor((y + height) / CELL); row += 1) yield column * 1e5 + row;
  }
}

function around(centre: Point, { width, height }: Size): Rect {
  return { x: centre.x - width / 2, y: centre.y - height / 2, width, height };
}

function widened({ x, y, width, height }: Rect): Rect {
  return { x: x - GAP, y: y - GAP, width: width + 2 * GAP, height: height + 2 * GAP };
}

/** The earlier place with the label's present size, when its line still is where it was. */
function keptPlace(wish: LabelWish, length: number, kept: Rect | undefined): Rect | null {
  if (kept === undefined) return null;
  const centre = { x: kept.x + kept.width / 2, y: kept.y + kept.height / 2 };
  const stands = SHARES.some((share) => {
    const point = pointAlong(wish.way, length * share);
    return Math.abs(point.x - centre.x) < 0.5 && Math.abs(point.y - centre.y) < 0.5;
  });
  return stands ? around(centre, wish.size) : null;
}

function firstFree(wish: LabelWish, taken: TakenPlaces, kept: Rect | undefined): Rect | null {
  const length = lengthOf(wish.way);
  const earlier = keptPlace(wish, length, kept);
  if (earlier !== null && taken.isFree(widened(earlier))) return earlier;
  for (const share of SHARES) {
    const box = around(pointAlong(wish.way, length * share), wish.size);
    if (taken.isFree(widened(box))) return box;
  }
  return null;
}

/** Boxes of the labels that have room, by id: each on its line, clear of obstacles and of each other. */
export function placeLabels({ labels, obstacles, kept }: LabelRequest): Map<string, Rect> {
  const taken = new TakenPlaces();
  for (const obstacle of obstacles) taken.take(obstacle);
  const placed = new Map<string, Rect>();
  for (const wish of labels) {
    const box = firstFree(wish, taken, kept.get(wish.id));
    if (box === null) continue;
    taken.take(box);
    placed.set(wish.id, box);
  }
  return placed;
}
