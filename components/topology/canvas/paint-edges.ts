import type { Detail, EdgeLook } from "./drawing-style.ts";
import type { Palette } from "./palette.ts";
import type { Pen } from "./pen.ts";
import { traceHead, traceRounded, traceSharp } from "./polyline.ts";
import type { Scene } from "./scene.ts";

/** Lines in one stroke: enough to save calls, few enough for the rasteriser to sort their edges quickly. */
const PER_STROKE = 48;
const THIN_PER_STROKE = 160;
/** From so far off that boxes are spots, no more lines than this are drawn: those left out could not be told apart. */
const MOST_LINES = 12_000;

/** Smaller than this, only arrows that matter have heads. */
const HEADS_FROM = 0.3;
/** Smaller than this, corners look the same rounded or not. */
const ROUNDED_FROM = 0.2;

export interface EdgeStyle {
  readonly detail: Detail;
  readonly scale: number;
  /** Of all arrows of this pass, 0 … 1. */
  readonly alpha: number;
}

/** Width in px of the drawing: never less than a hair on the screen, and no more from far off. */
function widthAt(look: EdgeLook, { detail, scale }: EdgeStyle): number {
  if (detail === "spot") return (look.rank >= 3 ? 1.3 : 0.9) / scale;
  return Math.max(look.width, 0.9 / scale);
}

/** Length of an arrow head, px of the drawing. */
function headLength(look: EdgeLook): number {
  return 7 + look.width;
}

function setLook(pen: Pen, palette: Palette, look: EdgeLook, style: EdgeStyle): void {
  const width = widthAt(look, style);
  pen.strokeStyle = palette[look.ink];
  pen.fillStyle = palette[look.ink];
  pen.lineWidth = width;
  pen.lineJoin = "round";
  const stretch = style.detail === "full" ? 1 : 0.5 / style.scale;
  pen.setLineDash(
    look.dash === null || style.detail === "spot" ? [] : look.dash.map((part) => part * Math.max(1, stretch)),
  );
}

/** Draws arrows of one look; gives way after each stroke. */
export function* paintEdges(
  pen: Pen,
  palette: Palette,
  scene: Scene,
  look: EdgeLook,
  edges: readonly number[],
  style: EdgeStyle,
): Generator<undefined> {
  if (edges.length === 0) return;
  const thin = style.detail === "spot";
  const curves = style.scale >= ROUNDED_FROM;
  const wayOf = (edge: number): Float32Array | undefined => (curves ? scene.curveOf(edge) : scene.ways[edge]);
  const step = thin ? THIN_PER_STROKE : PER_STROKE;
  for (let from = 0; from < edges.length; from += step) {
    // Others may have drawn in between.
    setLook(pen, palette, look, style);
    pen.globalAlpha = style.alpha;
    const part = edges.slice(from, from + step);
    pen.beginPath();
    for (const edge of part) {
      const way = wayOf(edge);
      if (way === undefined) continue;
      if (curves) traceRounded(pen, way);
      else traceSharp(pen, way);
    }
    pen.stroke();
    pen.setLineDash([]);
    if (!thin && (style.scale >= HEADS_FROM || look.rank >= 3)) {
      pen.beginPath();
      for (const edge of part) {
        const way = wayOf(edge);
        if (way !== undefined) traceHead(pen, way, Math.max(headLength(look), 5 / style.scale));
      }
      pen.fill();
    }
    pen.globalAlpha = 1;
    yield;
  }
}

/** How many of `count` quiet arrows of `total` are drawn from far off. */
export function thinned(count: number, total: number): number {
  return total <= MOST_LINES ? count : Math.ceil((count * MOST_LINES) / total);
}

/** How strongly quiet arrows are drawn from far off: the more there are, the fainter, so that trouble still stands out. */
export function quietAlpha(total: number): number {
  return Math.min(1, Math.max(0.16, 24 / Math.sqrt(Math.max(1, total))));
}
