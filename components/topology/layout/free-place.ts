import type { BoxGrid } from "./box-grid.ts";
import type { Rect } from "./layout-types.ts";
import { COLUMN_GAP, NODE_GAP, PART_GAP } from "./spacing.ts";

/** Left borders nearer to each other than this are one column, px. */
const SAME_COLUMN = 24;
/** Rows of boxes that are joined to nothing are as wide as the rest, or as this, px. */
const NARROWEST_ROW = 800;

/** Left borders of the columns that the boxes stand in, from the left. */
export function columnsOf(boxes: Iterable<Rect>): number[] {
  const columns: number[] = [];
  for (const x of [...boxes].map((box) => box.x).sort((a, b) => a - b)) {
    if (x - (columns.at(-1) ?? Number.NEGATIVE_INFINITY) >= SAME_COLUMN) columns.push(x);
  }
  return columns;
}

/**
 * A free place for a new box: in the first column behind its callers, or the last one before those it calls, level with
 * their middle or as near to it as there is room. Without either it goes below `bounds`.
 */
export function placeBeside(
  { width, height }: { readonly width: number; readonly height: number },
  callers: readonly Rect[],
  callees: readonly Rect[],
  columns: readonly number[],
  bounds: Rect,
  taken: BoxGrid,
): Rect {
  const neighbours = [...callers, ...callees];
  if (neighbours.length === 0) {
    return { width, height, x: bounds.x, y: Math.round(bounds.y + bounds.height + PART_GAP) };
  }
  const middle = neighbours.reduce((sum, rect) => sum + rect.y + rect.height / 2, 0) / neighbours.length;
  const x = columnFor(width, callers, callees, columns);
  return nearestRow({ width, height, x, y: Math.round(middle - height / 2) }, taken);
}

function columnFor(
  width: number,
  callers: readonly Rect[],
  callees: readonly Rect[],
  columns: readonly number[],
): number {
  const behind = Math.max(...callers.map((rect) => rect.x + rect.width));
  const before = Math.min(...callees.map((rect) => rect.x));
  if (callers.length > 0) {
    const room = behind + COLUMN_GAP / 3;
    return columns.find((x) => x >= room) ?? Math.round(behind + COLUMN_GAP);
  }
  const room = before - COLUMN_GAP / 3 - width;
  return columns.findLast((x) => x <= room) ?? Math.round(before - COLUMN_GAP - width);
}

/** The place itself, or the nearest one above or below it where the box keeps its distance from all others. */
function nearestRow(wanted: Rect, taken: BoxGrid): Rect {
  const below = slide(wanted, taken, 1);
  const above = slide(wanted, taken, -1);
  return below.y - wanted.y <= wanted.y - above.y ? below : above;
}

function slide(wanted: Rect, taken: BoxGrid, down: 1 | -1): Rect {
  let place = wanted;
  for (;;) {
    const hits = taken.near(place, NODE_GAP).flatMap((hit) => taken.get(hit) ?? []);
    if (hits.length === 0) return place;
    const y =
      down === 1
        ? Math.max(...hits.map((hit) => hit.y + hit.height)) + NODE_GAP
        : Math.min(...hits.map((hit) => hit.y)) - NODE_GAP - wanted.height;
    place = { ...place, y };
  }
}

/** A free place for a box that is joined to nothing: in the first row below `joined`, where all is that has edges, with room. */
export function placeAlone(
  { width, height }: { readonly width: number; readonly height: number },
  joined: Rect,
  taken: BoxGrid,
): Rect {
  const right = joined.x + Math.max(joined.width, NARROWEST_ROW);
  for (let y = Math.round(joined.y + joined.height + PART_GAP); ; y += height + NODE_GAP) {
    for (let { x } = joined; x === joined.x || x + width <= right; x += width + NODE_GAP) {
      const place = { x, y, width, height };
      if (taken.near(place, NODE_GAP - 1).length === 0) return place;
    }
  }
}
