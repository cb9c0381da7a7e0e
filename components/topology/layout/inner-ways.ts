import type { Box } from "./expanded-box.ts";
import type { Rect } from "./layout-types.ts";
import { CHILD_GAP } from "./spacing.ts";

/**
 * Points from the side of a node inside `box` out to the same side of the box, from the box's top-left corner: level where
 * nothing stands in the way, else along the lane above or below the node. `shift` moves the end from the side's middle, px.
 */
export function wayOut(box: Box, id: string, onRight: boolean, shift: number): number[] {
  const rect = box.inside.get(id);
  if (rect === undefined) return [];
  let y = rect.y + rect.height / 2 + shift;
  const points = [sideOf(rect, onRight), y];
  let inner = id;
  for (let holder = box.holders.get(inner); holder !== undefined; holder = box.holders.get(inner)) {
    const own = box.inside.get(inner) ?? rect;
    const outer = box.inside.get(holder) ?? { x: 0, y: 0, width: box.width, height: box.height };
    const border = sideOf(outer, onRight);
    const siblings = siblingsOf(box, holder, inner);
    const start = sideOf(own, onRight);
    if (!isClear(siblings, start, border, y)) {
      const lane = laneBeside(siblings, own, start, border, shift);
      if (lane !== null) {
        const turn = start + ((onRight ? 1 : -1) * CHILD_GAP) / 2;
        points.push(turn, y, turn, lane);
        y = lane;
      }
    }
    points.push(border, y);
    inner = holder;
  }
  return points;
}

const sideOf = ({ x, width }: Rect, onRight: boolean): number => (onRight ? x + width : x);

function siblingsOf(box: Box, holder: string, id: string): readonly Rect[] {
  return [...box.inside].flatMap(([other, rect]) => (other !== id && box.holders.get(other) === holder ? [rect] : []));
}

function isClear(rects: readonly Rect[], from: number, to: number, y: number): boolean {
  const [left, right] = [Math.min(from, to), Math.max(from, to)];
  return rects.every(
    (rect) => rect.x >= right || rect.x + rect.width <= left || rect.y >= y || rect.y + rect.height <= y,
  );
}

function laneBeside(siblings: readonly Rect[], own: Rect, start: number, border: number, shift: number): number | null {
  const aside = Math.max(-4, Math.min(4, shift / 3));
  const lanes = [own.y - CHILD_GAP / 2 + aside, own.y + own.height + CHILD_GAP / 2 + aside];
  return lanes.find((lane) => isClear(siblings, start, border, lane)) ?? null;
}
