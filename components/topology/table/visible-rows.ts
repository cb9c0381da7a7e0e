/** Height of a row, px: all are alike, so that nobody has to measure. */
export const ROW_HEIGHT = 36;

/** Rows beyond the edges that are there already when one scrolls to them. */
const AHEAD = 12;

/** Up to this many rows all are there, for search in the page and for screen readers' own ways. */
const ALL_UP_TO = 250;

/** Rows from `start` up to `end` stand in the document; those before and after are only room. */
export interface RowWindow {
  readonly start: number;
  readonly end: number;
}

/** The rows to be seen in a box of `height` px that is scrolled to `top` px. */
export function visibleRows(count: number, top: number, height: number): RowWindow {
  if (count <= ALL_UP_TO) return { start: 0, end: count };
  const start = Math.max(0, Math.floor(top / ROW_HEIGHT) - AHEAD);
  return { start: Math.min(start, count), end: Math.min(count, Math.ceil((top + height) / ROW_HEIGHT) + AHEAD) };
}
