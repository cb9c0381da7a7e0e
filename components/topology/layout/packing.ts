import type { Point, Rect } from "./layout-types.ts";

/** Width to height that a whole drawing aims at: a screen's. */
const ASPECT = 1.6;

/**
 * Where drawings of separate parts go: largest first, in rows as wide as the largest one or as a screen-shaped whole.
 * Returns how far each is moved.
 */
export function packParts(parts: readonly Rect[], gap: number): readonly Point[] {
  const order = parts.map((_, which) => which);
  const size = (which: number): number => (parts[which]?.width ?? 0) * (parts[which]?.height ?? 0);
  order.sort((a, b) => size(b) - size(a) || a - b);
  const area = parts.reduce((sum, { width, height }) => sum + (width + gap) * (height + gap), 0);
  const rowWidth = Math.max(Math.sqrt(area * ASPECT), ...parts.map(({ width }) => width));
  const moves: Point[] = parts.map(() => ({ x: 0, y: 0 }));
  let [x, y, rowHeight] = [0, 0, 0];
  for (const which of order) {
    const part = parts[which];
    if (part === undefined) continue;
    if (x > 0 && x + part.width > rowWidth) [x, y, rowHeight] = [0, y + rowHeight + gap, 0];
    moves[which] = { x: Math.round(x - part.x), y: Math.round(y - part.y) };
    x += part.width + gap;
    rowHeight = Math.max(rowHeight, part.height);
  }
  return moves;
}

/** A block of boxes that belong to nothing: rows, no wider than `rowWidth` or than a screen-shaped block needs. */
export function tidyBlock(
  sizes: readonly { readonly width: number; readonly height: number }[],
  rowWidth: number,
  gap: number,
): readonly Point[] {
  const area = sizes.reduce((sum, { width, height }) => sum + (width + gap) * (height + gap), 0);
  const limit = Math.max(rowWidth, Math.sqrt(area * ASPECT));
  let [x, y, rowHeight] = [0, 0, 0];
  return sizes.map(({ width, height }) => {
    if (x > 0 && x + width > limit) [x, y, rowHeight] = [0, y + rowHeight + gap, 0];
    const place = { x, y };
    x += width + gap;
    rowHeight = Math.max(rowHeight, height);
    return place;
  });
}
