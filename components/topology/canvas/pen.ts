import type { PathSink } from "./polyline.ts";

/** What the drawing is painted with: a canvas' context, or the writer of an SVG file. */
export interface Pen extends PathSink {
  fillStyle: string | CanvasGradient | CanvasPattern;
  strokeStyle: string | CanvasGradient | CanvasPattern;
  lineWidth: number;
  lineCap: CanvasLineCap;
  lineJoin: CanvasLineJoin;
  globalAlpha: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  beginPath: () => void;
  closePath: () => void;
  arc: (x: number, y: number, radius: number, startAngle: number, endAngle: number) => void;
  rect: (x: number, y: number, width: number, height: number) => void;
  roundRect: (x: number, y: number, width: number, height: number, radii?: number) => void;
  fill: () => void;
  stroke: () => void;
  fillText: (text: string, x: number, y: number) => void;
  measureText: (text: string) => { readonly width: number };
  setLineDash: (segments: number[]) => void;
}

const NO_DASH: number[] = [];

export interface BoxStyle {
  readonly fill?: string;
  readonly stroke?: string;
  readonly width?: number;
  readonly dash?: readonly number[];
}

/** A rounded box. */
export function box(pen: Pen, at: readonly [number, number, number, number], radius: number, style: BoxStyle): void {
  pen.beginPath();
  pen.roundRect(at[0], at[1], at[2], at[3], radius);
  if (style.fill !== undefined) {
    pen.fillStyle = style.fill;
    pen.fill();
  }
  if (style.stroke === undefined) return;
  pen.strokeStyle = style.stroke;
  pen.lineWidth = style.width ?? 1;
  pen.setLineDash(style.dash === undefined ? NO_DASH : [...style.dash]);
  pen.stroke();
  if (style.dash !== undefined) pen.setLineDash(NO_DASH);
}

export interface TextStyle {
  readonly size: number;
  readonly weight?: number;
  readonly color: string;
  readonly align?: "left" | "center" | "right";
  /** Cut with an ellipsis when it is wider, px. */
  readonly most?: number;
}

/** Writes one line on its base line; returns its width. */
export function write(pen: Pen, family: string, text: string, x: number, y: number, style: TextStyle): number {
  const font = `${(style.weight ?? 400).toString()} ${style.size.toString()}px ${family}`;
  if (pen.font !== font) pen.font = font;
  const shown = style.most === undefined ? text : cut(pen, font, text, style.most);
  pen.fillStyle = style.color;
  pen.textAlign = style.align ?? "left";
  pen.fillText(shown, x, y);
  return widthOf(pen, font, shown);
}

/** Measuring is the dearest part of writing, and the same words come again every second. */
const widths = new Map<string, number>();
const cuts = new Map<string, string>();
/** Beyond this the figures of a long session would fill the memory: start over. */
const KEPT = 20_000;

function widthOf(pen: Pen, font: string, text: string): number {
  const key = `${font}\n${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  const { width } = pen.measureText(text);
  if (widths.size >= KEPT) widths.clear();
  widths.set(key, width);
  return width;
}

/** Width of a text, px. */
export function measure(pen: Pen, family: string, text: string, size: number, weight = 400): number {
  const font = `${weight.toString()} ${size.toString()}px ${family}`;
  if (pen.font !== font) pen.font = font;
  return widthOf(pen, font, text);
}

function cut(pen: Pen, font: string, text: string, most: number): string {
  if (widthOf(pen, font, text) <= most) return text;
  const key = `${font}\n${Math.floor(most).toString()}\n${text}`;
  const known = cuts.get(key);
  if (known !== undefined) return known;
  const signs = Array.from(text);
  const isIn = (count: number): boolean => pen.measureText(`${signs.slice(0, count).join("")}…`).width <= most;
  // From where it would be if all letters were equally wide, which is rarely more than a step or two off.
  let fits = Math.max(0, Math.min(signs.length - 1, Math.round((signs.length * most) / widthOf(pen, font, text)) - 1));
  while (fits > 0 && !isIn(fits)) fits -= 1;
  while (fits < signs.length - 1 && isIn(fits + 1)) fits += 1;
  const shown = fits === 0 ? "…" : `${signs.slice(0, fits).join("").trimEnd()}…`;
  if (cuts.size >= KEPT) cuts.clear();
  cuts.set(key, shown);
  return shown;
}
