import type { Pen } from "./pen.ts";

/** Strokes of a sign on a field of 24 × 24: circles and lines (x, y, x, y …), in the manner of the console's icons. */
interface Shape {
  readonly circles?: readonly (readonly [x: number, y: number, radius: number])[];
  readonly lines?: readonly (readonly number[])[];
  readonly dash?: readonly number[];
  /** Filled instead of stroked. */
  readonly solid?: boolean;
}

export const SHAPES = {
  healthy: { circles: [[12, 12, 10]], lines: [[8, 12.2, 11, 15.2, 16.2, 9.4]] },
  degraded: {
    lines: [
      [12, 3.2, 22, 20.6, 2, 20.6, 12, 3.2],
      [12, 9.5, 12, 13.6],
      [12, 17, 12, 17.2],
    ],
  },
  failing: {
    circles: [[12, 12, 10]],
    lines: [
      [12, 7, 12, 12.6],
      [12, 16.4, 12, 16.6],
    ],
  },
  idle: { circles: [[12, 12, 10]], dash: [4.2, 3.6] },
  outside: {
    circles: [[12, 12, 10]],
    lines: [
      [2, 12, 22, 12],
      [12, 2, 8.6, 6.4, 7.6, 12, 8.6, 17.6, 12, 22],
      [12, 2, 15.4, 6.4, 16.4, 12, 15.4, 17.6, 12, 22],
    ],
  },
  gateway: {
    lines: [
      [3, 9, 19, 9],
      [14.5, 4.5, 19, 9, 14.5, 13.5],
      [21, 16, 5, 16],
      [9.5, 11.5, 5, 16, 9.5, 20.5],
    ],
  },
  backup: {
    circles: [
      [12, 12, 10],
      [12, 12, 4],
    ],
    lines: [
      [4.9, 4.9, 9.2, 9.2],
      [14.8, 14.8, 19.1, 19.1],
      [14.8, 9.2, 19.1, 4.9],
      [4.9, 19.1, 9.2, 14.8],
    ],
  },
  open: {
    lines: [
      [13, 2, 4, 14, 11.4, 14, 11, 22, 20, 10, 12.6, 10, 13, 2],
      [3, 3, 21, 21],
    ],
  },
  "half-open": {
    circles: [
      [12, 12, 10],
      [12, 12, 3],
    ],
  },
  "forced-open": {
    lines: [
      [7.9, 2, 16.1, 2, 22, 7.9, 22, 16.1, 16.1, 22, 7.9, 22, 2, 16.1, 2, 7.9, 7.9, 2],
      [15, 9, 9, 15],
      [9, 9, 15, 15],
    ],
  },
  "forced-closed": {
    lines: [
      [4, 11, 20, 11, 20, 21, 4, 21, 4, 11],
      [7.5, 11, 7.5, 7.5, 9, 4.2, 12, 3, 15, 4.2, 16.5, 7.5, 16.5, 11],
    ],
  },
  closed: { lines: [[13, 2, 4, 14, 11.4, 14, 11, 22, 20, 10, 12.6, 10, 13, 2]] },
  pin: {
    lines: [
      [9, 3, 15, 3],
      [10, 3, 10, 10, 6.5, 15.5, 17.5, 15.5, 14, 10, 14, 3],
      [12, 15.5, 12, 22],
    ],
  },
  expand: { lines: [[9, 6, 15, 12, 9, 18]] },
  collapse: { lines: [[6, 9, 12, 15, 18, 9]] },
  plus: {
    lines: [
      [12, 5, 12, 19],
      [5, 12, 19, 12],
    ],
  },
  minus: { lines: [[5, 12, 19, 12]] },
  up: {
    lines: [
      [12, 19, 12, 5],
      [6, 11, 12, 5, 18, 11],
    ],
  },
  down: {
    lines: [
      [12, 5, 12, 19],
      [6, 13, 12, 19, 18, 13],
    ],
  },
  worse: { lines: [[5, 8, 19, 8, 12, 18, 5, 8]], solid: true },
  better: { lines: [[5, 16, 19, 16, 12, 6, 5, 16]], solid: true },
} as const satisfies Record<string, Shape>;

export type ShapeName = keyof typeof SHAPES;

/** A sign as paths of SVG on a field of 24 × 24, and whether they are filled. */
export function shapePaths(name: ShapeName): { readonly paths: readonly string[]; readonly solid: boolean } {
  const shape: Shape = SHAPES[name];
  const circles = (shape.circles ?? []).map(
    ([cx, cy, radius]) =>
      `M${cx - radius} ${cy}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`,
  );
  const lines = (shape.lines ?? []).map((line) => `M${line.join(" ")}`);
  return { paths: [...circles, ...lines], solid: shape.solid === true };
}

function trace(pen: Pen, shape: Shape, x: number, y: number, unit: number): void {
  pen.beginPath();
  for (const [cx, cy, radius] of shape.circles ?? []) {
    pen.moveTo(x + (cx + radius) * unit, y + cy * unit);
    pen.arc(x + cx * unit, y + cy * unit, radius * unit, 0, Math.PI * 2);
  }
  for (const line of shape.lines ?? []) {
    for (let i = 0; i + 1 < line.length; i += 2) {
      const toX = x + (line[i] ?? 0) * unit;
      const toY = y + (line[i + 1] ?? 0) * unit;
      if (i === 0) pen.moveTo(toX, toY);
      else pen.lineTo(toX, toY);
    }
  }
}

/** Draws a sign with its top-left corner at x, y. */
export function sign(pen: Pen, name: ShapeName, x: number, y: number, size: number, color: string): void {
  const shape: Shape = SHAPES[name];
  const unit = size / 24;
  trace(pen, shape, x, y, unit);
  if (shape.solid === true) {
    pen.fillStyle = color;
    pen.fill();
    return;
  }
  pen.strokeStyle = color;
  pen.lineWidth = 2 * unit;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  if (shape.dash !== undefined) pen.setLineDash(shape.dash.map((part) => part * unit));
  pen.stroke();
  if (shape.dash !== undefined) pen.setLineDash([]);
  pen.lineCap = "butt";
}
