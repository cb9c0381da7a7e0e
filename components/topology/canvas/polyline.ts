import type { Point } from "../layout/layout-types.ts";

/** What a line is traced on: a canvas, or the writer of an SVG path. */
export interface PathSink {
  moveTo: (x: number, y: number) => void;
  lineTo: (x: number, y: number) => void;
  quadraticCurveTo: (cx: number, cy: number, x: number, y: number) => void;
}

/** Largest radius of a corner, px of the drawing. */
const CORNER = 28;

function at(points: Float32Array, index: number): number {
  return points[index] ?? 0;
}

/** Traces x, y, x, y … with corners rounded as far as the stretches beside them allow. */
export function traceRounded(sink: PathSink, points: Float32Array): void {
  const last = points.length - 2;
  if (last < 2) return;
  sink.moveTo(at(points, 0), at(points, 1));
  for (let i = 2; i < last; i += 2) {
    const x = at(points, i);
    const y = at(points, i + 1);
    const inX = x - at(points, i - 2);
    const inY = y - at(points, i - 1);
    const outX = at(points, i + 2) - x;
    const outY = at(points, i + 3) - y;
    const inLength = Math.hypot(inX, inY);
    const outLength = Math.hypot(outX, outY);
    const radius = Math.min(CORNER, inLength / 2, outLength / 2);
    if (radius < 0.5) {
      sink.lineTo(x, y);
    } else {
      sink.lineTo(x - (inX / inLength) * radius, y - (inY / inLength) * radius);
      sink.quadraticCurveTo(x, y, x + (outX / outLength) * radius, y + (outY / outLength) * radius);
    }
  }
  sink.lineTo(at(points, last), at(points, last + 1));
}

/** Traces it with sharp corners: when it is too small for one to see the difference. */
export function traceSharp(sink: PathSink, points: Float32Array): void {
  sink.moveTo(at(points, 0), at(points, 1));
  for (let i = 2; i + 1 < points.length; i += 2) sink.lineTo(at(points, i), at(points, i + 1));
}

/** Length of the polyline, px of the drawing. */
export function lengthOf(points: Float32Array): number {
  let length = 0;
  for (let i = 2; i + 1 < points.length; i += 2) {
    length += Math.hypot(at(points, i) - at(points, i - 2), at(points, i + 1) - at(points, i - 1));
  }
  return length;
}

/** The point `distance` px along it from its start; its end when that is further. */
export function pointAlong(points: Float32Array, distance: number): Point {
  let left = distance;
  for (let i = 2; i + 1 < points.length; i += 2) {
    const x = at(points, i - 2);
    const y = at(points, i - 1);
    const dx = at(points, i) - x;
    const dy = at(points, i + 1) - y;
    const length = Math.hypot(dx, dy);
    if (left <= length && length > 0) return { x: x + (dx * left) / length, y: y + (dy * left) / length };
    left -= length;
  }
  return { x: at(points, points.length - 2), y: at(points, points.length - 1) };
}

/** Square of the distance from a point to a stretch from a to b. */
function squareToStretch(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const square = dx * dx + dy * dy;
  const t = square === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / square));
  return (px - ax - t * dx) ** 2 + (py - ay - t * dy) ** 2;
}

/** How far a point is from the polyline, px of the drawing; infinite when it has no points. */
export function distanceTo(points: Float32Array, point: Point): number {
  let least = points.length >= 2 ? (point.x - at(points, 0)) ** 2 + (point.y - at(points, 1)) ** 2 : Infinity;
  for (let i = 2; i + 1 < points.length; i += 2) {
    const square = squareToStretch(
      point.x,
      point.y,
      at(points, i - 2),
      at(points, i - 1),
      at(points, i),
      at(points, i + 1),
    );
    if (square < least) least = square;
  }
  return Math.sqrt(least);
}

/** Traces an arrow head of this length that ends where the polyline ends; on its own path, to be filled. */
export function traceHead(sink: PathSink, points: Float32Array, length: number): void {
  const x = at(points, points.length - 2);
  const y = at(points, points.length - 1);
  // From a little way back: the very last stretch may be too short to say where the line comes from.
  let i = points.length - 4;
  while (i > 0 && Math.hypot(x - at(points, i), y - at(points, i + 1)) < 1) i -= 2;
  if (i < 0) return;
  const dx = x - at(points, i);
  const dy = y - at(points, i + 1);
  const way = Math.hypot(dx, dy);
  if (way === 0) return;
  const ux = (dx / way) * length;
  const uy = (dy / way) * length;
  sink.moveTo(x, y);
  sink.lineTo(x - ux - uy * 0.5, y - uy + ux * 0.5);
  sink.lineTo(x - ux + uy * 0.5, y - uy - ux * 0.5);
  sink.lineTo(x, y);
}
