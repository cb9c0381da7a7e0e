import type { Point, Rect } from "./layout-types.ts";
import { overlaps } from "./rects.ts";

/** About a node and the room around it, px. */
const CELL = 256;
/** More than there are cells above each other in any drawing that people look at. */
const ROWS = 1_000_003;
const PIECE = 2 * CELL;

/** Boxes by where they are, so that those near a place are found without looking at all. */
export class BoxGrid {
  readonly #cells = new Map<number, Set<number>>();
  readonly #boxes = new Map<number, Rect>();

  set(key: number, box: Rect): void {
    this.delete(key);
    this.#boxes.set(key, box);
    for (const cell of cellsOf(box, 0)) {
      const keys = this.#cells.get(cell) ?? new Set();
      keys.add(key);
      this.#cells.set(cell, keys);
    }
  }

  delete(key: number): void {
    const box = this.#boxes.get(key);
    if (box === undefined) return;
    for (const cell of cellsOf(box, 0)) this.#cells.get(cell)?.delete(key);
    this.#boxes.delete(key);
  }

  get(key: number): Rect | undefined {
    return this.#boxes.get(key);
  }

  has(key: number): boolean {
    return this.#boxes.has(key);
  }

  /** Keys of boxes that overlap the place, or are nearer to it than `gap`, in ascending order. */
  near(place: Rect, gap: number = 0): readonly number[] {
    const found = new Set<number>();
    for (const cell of cellsOf(place, gap)) {
      for (const key of this.#cells.get(cell) ?? []) {
        const box = this.#boxes.get(key);
        if (box !== undefined && overlaps(box, place, gap)) found.add(key);
      }
    }
    return [...found].sort((a, b) => a - b);
  }

  /** Keys of boxes that a line comes nearer to than `clearance`, in ascending order. */
  crossedBy(from: Point, to: Point, clearance: number): readonly number[] {
    const found = new Set<number>();
    // Piece by piece: the box around the whole of a long slanting line holds far more than the line passes.
    const pieces = Math.max(1, Math.ceil(Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y)) / PIECE));
    for (let piece = 0; piece < pieces; piece += 1) {
      const [a, b] = [piece / pieces, (piece + 1) / pieces];
      const [x, y] = [from.x + (to.x - from.x) * a, from.y + (to.y - from.y) * a];
      const [endX, endY] = [from.x + (to.x - from.x) * b, from.y + (to.y - from.y) * b];
      const around = {
        x: Math.min(x, endX),
        y: Math.min(y, endY),
        width: Math.abs(endX - x),
        height: Math.abs(endY - y),
      };
      for (const key of this.near(around, clearance)) {
        const box = this.#boxes.get(key);
        if (box !== undefined && passes(from, to, box, clearance)) found.add(key);
      }
    }
    return [...found].sort((one, other) => one - other);
  }
}

/** Whether a line comes nearer than `clearance` to a box. */
export function passes(from: Point, to: Point, box: Rect, clearance: number): boolean {
  let [enter, leave] = [0, 1];
  const sides = [
    [from.x, to.x - from.x, box.x - clearance, box.x + box.width + clearance],
    [from.y, to.y - from.y, box.y - clearance, box.y + box.height + clearance],
  ] as const;
  for (const [start, delta, low, high] of sides) {
    if (Math.abs(delta) < 1e-9) {
      if (start <= low || start >= high) return false;
      continue;
    }
    const [a, b] = [(low - start) / delta, (high - start) / delta];
    enter = Math.max(enter, Math.min(a, b));
    leave = Math.min(leave, Math.max(a, b));
  }
  return enter < leave - 1e-9;
}

/** Numbers of the cells that a place touches. Two far apart may share one, which only means looking at more boxes. */
function cellsOf({ x, y, width, height }: Rect, gap: number): readonly number[] {
  const cells: number[] = [];
  for (let column = Math.floor((x - gap) / CELL); column * CELL <= x + width + gap; column += 1) {
    for (let row = Math.floor((y - gap) / CELL); row * CELL <= y + height + gap; row += 1) {
      cells.push(column * ROWS + row);
    }
  }
  return cells;
}
