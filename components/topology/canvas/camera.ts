import type { Point, Rect } from "../layout/layout-types.ts";

/** What part of the drawing is seen: its point `p` is shown at `scale * p + (x, y)`, in CSS px of the view. */
export interface Camera extends Point {
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const LEAST_SCALE = 0.002;
const GREATEST_SCALE = 2;
/** Room kept around what is brought into view, px. */
const MARGIN = 28;
/** Of that, below: for the buttons that lie over the drawing's lower edge. */
const MARGIN_BELOW = 60;
/** Below this the names on boxes cannot be read. */
const READABLE_SCALE = 0.3;

function within(scale: number): number {
  return Math.min(GREATEST_SCALE, Math.max(LEAST_SCALE, scale));
}

/** Zooms by `factor` so that what is under `anchor` (in px of the view) stays there. */
export function zoomAt(camera: Camera, anchor: Point, factor: number): Camera {
  const scale = within(camera.scale * factor);
  const ratio = scale / camera.scale;
  return { scale, x: anchor.x - (anchor.x - camera.x) * ratio, y: anchor.y - (anchor.y - camera.y) * ratio };
}

/** Moves what is seen by so many px of the view. */
export function panBy(camera: Camera, dx: number, dy: number): Camera {
  return { scale: camera.scale, x: camera.x + dx, y: camera.y + dy };
}

/** Room kept free on each side, px of the view. */
export interface Margins {
  readonly around: number;
  readonly below: number;
}

const VIEW_MARGINS: Margins = { around: MARGIN, below: MARGIN_BELOW };

/**
 * Shows all of `bounds`, never larger than life. Where that would fall below `leastScale`, that scale is taken instead
 * and the left end is shown, where calls come in.
 */
export function fitTo(bounds: Rect, size: Size, leastScale = LEAST_SCALE, margins = VIEW_MARGINS): Camera {
  const { around, below } = margins;
  if (bounds.width <= 0 || bounds.height <= 0 || size.width <= 0 || size.height <= 0) {
    return { x: around, y: around, scale: 1 };
  }
  const room = { width: Math.max(1, size.width - 2 * around), height: Math.max(1, size.height - around - below) };
  const whole = Math.min(room.width / bounds.width, room.height / bounds.height, 1);
  const scale = within(Math.max(whole, leastScale));
  const centred = (length: number, start: number, extent: number): number =>
    around + (length - extent * scale) / 2 - start * scale;
  const isWider = bounds.width * scale > room.width + 0.5;
  return {
    scale,
    x: isWider ? around - bounds.x * scale : centred(room.width, bounds.x, bounds.width),
    y: centred(room.height, bounds.y, bounds.height),
  };
}

/** Point of the drawing under a point of the view. */
export function toDrawing(camera: Camera, at: Point): Point {
  return { x: (at.x - camera.x) / camera.scale, y: (at.y - camera.y) / camera.scale };
}

/** Part of the drawing that a view of this size shows, and `margin` px of the view around it. */
export function seenBy(camera: Camera, size: Size, margin = 0): Rect {
  const { x, y } = toDrawing(camera, { x: -margin, y: -margin });
  return { x, y, width: (size.width + 2 * margin) / camera.scale, height: (size.height + 2 * margin) / camera.scale };
}

/** Where a box of the drawing is shown, in px of the view. */
export function inView(camera: Camera, box: Rect): Rect {
  const { scale } = camera;
  return {
    x: box.x * scale + camera.x,
    y: box.y * scale + camera.y,
    width: box.width * scale,
    height: box.height * scale,
  };
}

/** How far [start, start + length] must move to lie within [MARGIN, room − MARGIN]; its start wins when it is too long. */
function shift(start: number, length: number, room: number): number {
  if (start < MARGIN || length > room - 2 * MARGIN) return MARGIN - start;
  return Math.min(0, room - MARGIN - (start + length));
}

/**
 * The nearest camera that shows `box`: the same object when it is in view already, else moved no further than needed;
 * closer when its name could not be read.
 */
export function reveal(camera: Camera, size: Size, box: Rect): Camera {
  const shown = inView(camera, box);
  const isIn =
    shown.x >= 0 && shown.y >= 0 && shown.x + shown.width <= size.width && shown.y + shown.height <= size.height;
  if (isIn) return camera;
  if (camera.scale < READABLE_SCALE) {
    const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    return { scale: 0.8, x: size.width / 2 - centre.x * 0.8, y: size.height / 2 - centre.y * 0.8 };
  }
  return panBy(camera, shift(shown.x, shown.width, size.width), shift(shown.y, shown.height, size.height));
}

/** On the way from one camera to another, `t` of 0 … 1: the scale changes evenly to the eye. */
export function between(from: Camera, to: Camera, t: number): Camera {
  if (t >= 1) return to;
  const scale = from.scale * (to.scale / from.scale) ** t;
  // Where scales differ, the offset follows the scale, so that both arrive together and nothing swings.
  const u = Math.abs(to.scale - from.scale) < 1e-6 ? t : (scale - from.scale) / (to.scale - from.scale);
  return { scale, x: from.x + (to.x - from.x) * u, y: from.y + (to.y - from.y) * u };
}

/** True when two boxes share any area. */
export function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** True when `outer` holds all of `inner`. */
export function holds(outer: Rect, inner: Rect): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

/** What two boxes share; of no width or height when that is nothing. */
export function common(a: Rect, b: Rect): Rect {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x);
  const height = Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y);
  return { x, y, width, height };
}
