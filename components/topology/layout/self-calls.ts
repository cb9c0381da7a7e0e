import type { Rect } from "./layout-types.ts";
import { LOOP_RISE, PORT_MARGIN } from "./spacing.ts";

/** Way of a call of a node to itself: out at its right side, over its corner, in at its top. The n-th one goes further out. */
export function selfCall(rect: Rect, nth: number): number[] {
  const out = LOOP_RISE - 4 + Math.min(nth, 3) * 5 - 8;
  const right = rect.x + rect.width;
  const y = rect.y + Math.min(rect.height / 3, PORT_MARGIN);
  const x = right - Math.min(rect.width / 3, 2 * PORT_MARGIN);
  return [right, y, right + out, y, right + out, rect.y - out, x, rect.y - out, x, rect.y];
}
