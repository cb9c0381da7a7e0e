import type { Rect } from "../layout/layout-types.ts";

/** Finds what lies near a place among many boxes without looking at all of them. */
export interface SpatialGrid {
  /** Calls `found` once for each item whose cells `box` touches: a superset of those that it overlaps. */
  query: (box: Rect, found: (item: number) => void) => void;
}

/** More cells than this make the grid slower to build than to look without it. */
const CELLS_PER_SIDE = 96;

interface Cells {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly columns: number;
  readonly rows: number;
}

function cellsFor(bounds: Rect, leastCell: number): Cells {
  const size = Math.max(leastCell, Math.max(bounds.width, bounds.height) / CELLS_PER_SIDE, 1);
  return {
    x: bounds.x,
    y: bounds.y,
    size,
    columns: Math.max(1, Math.ceil(bounds.width / size)),
    rows: Math.max(1, Math.ceil(bounds.height / size)),
  };
}

function clamp(value: number, most: number): number {
  return value < 0 ? 0 : value > most ? most : value;
}

/** Calls `visit` for each cell that left … right, top … bottom touches; what lies outside belongs to the outermost ones. */
function eachCell(
  cells: Cells,
  [left, top, right, bottom]: readonly [number, number, number, number],
  visit: (cell: number) => void,
): void {
  const firstColumn = clamp(Math.floor((left - cells.x) / cells.size), cells.columns - 1);
  const lastColumn = clamp(Math.floor((right - cells.x) / cells.size), cells.columns - 1);
  const firstRow = clamp(Math.floor((top - cells.y) / cells.size), cells.rows - 1);
  const lastRow = clamp(Math.floor((bottom - cells.y) / cells.size), cells.rows - 1);
  for (let row = firstRow; row <= lastRow; row += 1) {
    for (let column = firstColumn; column <= lastColumn; column += 1) visit(row * cells.columns + column);
  }
}

/** Calls `cover` with each box (left, top, right, bottom) that an item covers. */
type Coverage = (item: number, cover: (left: number, top: number, right: number, bottom: number) => void) => void;

/**
 * Builds the grid of `count` items. An item may cover several boxes (a polyline covers one for each stretch), so that a
 * long slanted line is not found everywhere within its corners.
 */
export function spatialGrid(bounds: Rect, count: number, coverage: Coverage, leastCell = 64): SpatialGrid {
  const cells = cellsFor(bounds, leastCell);
  const starts = new Uint32Array(cells.columns * cells.rows + 1);
  const each = (visit: (cell: number, item: number) => void): void => {
    for (let item = 0; item < count; item += 1) {
      coverage(item, (left, top, right, bottom) => {
        eachCell(cells, [left, top, right, bottom], (cell) => visit(cell, item));
      });
    }
  };
  each((cell) => {
    starts[cell + 1] = (starts[cell + 1] ?? 0) + 1;
  });
  for (let cell = 1; cell < starts.length; cell += 1) starts[cell] = (starts[cell] ?? 0) + (starts[cell - 1] ?? 0);
  const items = new Uint32Array(starts.at(-1) ?? 0);
  const next = starts.slice();
  each((cell, item) => {
    const place = next[cell] ?? 0;
    items[place] = item;
    next[cell] = place + 1;
  });

  const seen = new Uint32Array(count);
  let query = 0;
  return {
    query: (box, found) => {
      query += 1;
      eachCell(cells, [box.x, box.y, box.x + box.width, box.y + box.height], (cell) => {
        const end = starts[cell + 1] ?? 0;
        for (let place = starts[cell] ?? 0; place < end; place += 1) {
          const item = items[place] ?? 0;
          if (seen[item] === query) continue;
          seen[item] = query;
          found(item);
        }
      });
    },
  };
}
