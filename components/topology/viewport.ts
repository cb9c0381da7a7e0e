import type { GraphLayout, Point } from "./layout.ts";

/** What part of the drawing is seen: a point of the drawing is shown at `scale * point + (x, y)`. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const MIN_SCALE = 0.1;
const MAX_SCALE = 2;
const MARGIN = 24;

function clamp(scale: number): number {
  return Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale));
}

/** Zooms by `factor` so that the drawing's point under `anchor` (in screen px) stays there. */
export function zoomAt(view: Viewport, anchor: Point, factor: number): Viewport {
  const scale = clamp(view.scale * factor);
  const ratio = scale / view.scale;
  return { scale, x: anchor.x - (anchor.x - view.x) * ratio, y: anchor.y - (anchor.y - view.y) * ratio };
}

/**
 * Shows the whole drawing, never larger than life. Where that would fall below `leastScale`, that scale is taken
 * instead and the left end is shown, where calls come in.
 */
export function fitTo(bounds: GraphLayout["bounds"], size: Size, leastScale = MIN_SCALE): Viewport {
  if (bounds.width === 0 || size.width === 0 || size.height === 0) return { x: MARGIN, y: MARGIN, scale: 1 };
  const whole = Math.min((size.width - 2 * MARGIN) / bounds.width, (size.height - 2 * MARGIN) / bounds.height, 1);
  const scale = clamp(Math.max(whole, leastScale));
  const centred = (room: number, start: number, length: number): number => (room - length * scale) / 2 - start * scale;
  const x =
    bounds.width * scale > size.width - 2 * MARGIN
      ? MARGIN - bounds.x * scale
      : centred(size.width, bounds.x, bounds.width);
  return { scale, x, y: centred(size.height, bounds.y, bounds.height) };
}
