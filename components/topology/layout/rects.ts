import type { Rect } from "./layout-types.ts";

/** Whether two boxes have more than their borders in common; with `gap`, whether they are nearer than that. */
export function overlaps(a: Rect, b: Rect, gap: number = 0): boolean {
  return (
    a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap
  );
}

export function sameRect(a: Rect, b: Rect): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

/** Whether a point is on the border of a box, give or take what 32 bits round off. */
export function isOnBorder({ x, y, width, height }: Rect, pointX: number, pointY: number): boolean {
  return Math.abs(Math.max(x - pointX, pointX - x - width, y - pointY, pointY - y - height)) < 0.05;
}

/** Smallest box around points given as x, y, x, y … and boxes. Nothing at all: an empty box at 0, 0. */
export function boundsOf(rects: Iterable<Rect>, lines: Iterable<ArrayLike<number>> = []): Rect {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, width, height } of rects) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  for (const line of lines) {
    for (let k = 0; k + 1 < line.length; k += 2) {
      const [x, y] = [line[k] ?? 0, line[k + 1] ?? 0];
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x);
      bottom = Math.max(bottom, y);
    }
  }
  if (left > right) return { x: 0, y: 0, width: 0, height: 0 };
  return { x: left, y: top, width: right - left, height: bottom - top };
}
