import type { Pen } from "../canvas/pen.ts";
import { escapeXml } from "./xml.ts";

/** Widths of texts, which only a browser knows. */
export type MeasureText = (font: string, text: string) => number;

/** A pen that writes SVG instead of painting. */
export interface SvgPen extends Pen {
  /** What is written until `close` belongs together and is explained by `title`. */
  open: (title: string) => void;
  close: () => void;
  /** Elements written so far. */
  elements: () => string;
}

/** Two digits after the point are finer than anyone can see. */
function figure(value: number): string {
  return (Math.round(value * 100) / 100).toString();
}

function colorOf(style: Pen["fillStyle"]): string {
  return typeof style === "string" ? style : "none";
}

const ANCHORS: Readonly<Record<CanvasTextAlign, string>> = {
  left: "start",
  start: "start",
  center: "middle",
  right: "end",
  end: "end",
};

/** `600 13px Geist, sans-serif` as its parts. */
function fontOf(font: string): { readonly weight: string; readonly size: string } {
  const [, weight = "400", size = "13"] = /^(\d+) ([\d.]+)px /.exec(font) ?? [];
  return { weight, size };
}

/** The part of the canvas' interface that the painters use, written as SVG elements; lengths are px of the drawing. */
class SvgWriter implements SvgPen {
  fillStyle: Pen["fillStyle"] = "#000";
  strokeStyle: Pen["strokeStyle"] = "#000";
  lineWidth = 1;
  lineCap: CanvasLineCap = "butt";
  lineJoin: CanvasLineJoin = "miter";
  globalAlpha = 1;
  font = "400 13px sans-serif";
  textAlign: CanvasTextAlign = "left";
  textBaseline: CanvasTextBaseline = "alphabetic";
  readonly #written: string[] = [];
  readonly #measure: MeasureText;
  #path: string[] = [];
  #dash: readonly number[] = [];

  constructor(measure: MeasureText) {
    this.#measure = measure;
  }

  beginPath(): void {
    this.#path = [];
  }

  closePath(): void {
    this.#path.push("Z");
  }

  moveTo(x: number, y: number): void {
    this.#path.push(`M${figure(x)} ${figure(y)}`);
  }

  lineTo(x: number, y: number): void {
    this.#path.push(`L${figure(x)} ${figure(y)}`);
  }

  quadraticCurveTo(cx: number, cy: number, x: number, y: number): void {
    this.#path.push(`Q${figure(cx)} ${figure(cy)} ${figure(x)} ${figure(y)}`);
  }

  /** Whole circles only, which is all that the painters draw. */
  arc(x: number, y: number, radius: number): void {
    const r = figure(radius);
    this.#path.push(`M${figure(x + radius)} ${figure(y)}A${r} ${r} 0 1 1 ${figure(x - radius)} ${figure(y)}`);
    this.#path.push(`A${r} ${r} 0 1 1 ${figure(x + radius)} ${figure(y)}Z`);
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#path.push(`M${figure(x)} ${figure(y)}h${figure(width)}v${figure(height)}h${figure(-width)}Z`);
  }

  roundRect(x: number, y: number, width: number, height: number, radii = 0): void {
    const r = Math.min(radii, width / 2, height / 2);
    const turn = (dx: number, dy: number): string => `a${figure(r)} ${figure(r)} 0 0 1 ${figure(dx)} ${figure(dy)}`;
    this.#path.push(
      `M${figure(x + r)} ${figure(y)}h${figure(width - 2 * r)}${turn(r, r)}v${figure(height - 2 * r)}${turn(-r, r)}`,
      `h${figure(2 * r - width)}${turn(-r, -r)}v${figure(2 * r - height)}${turn(r, -r)}Z`,
    );
  }

  fill(): void {
    this.#put(`<path d="${this.#path.join("")}" fill="${escapeXml(colorOf(this.fillStyle))}"${this.#opacity()}/>`);
  }

  stroke(): void {
    const dash = this.#dash.length === 0 ? "" : ` stroke-dasharray="${this.#dash.map(figure).join(" ")}"`;
    const cap = this.lineCap === "butt" ? "" : ` stroke-linecap="${this.lineCap}"`;
    const join = this.lineJoin === "miter" ? "" : ` stroke-linejoin="${this.lineJoin}"`;
    const line = `stroke="${escapeXml(colorOf(this.strokeStyle))}" stroke-width="${figure(this.lineWidth)}"`;
    this.#put(`<path d="${this.#path.join("")}" fill="none" ${line}${cap}${join}${dash}${this.#opacity()}/>`);
  }

  fillText(text: string, x: number, y: number): void {
    const { weight, size } = fontOf(this.font);
    const anchor = ANCHORS[this.textAlign];
    const type = `font-size="${size}"${weight === "400" ? "" : ` font-weight="${weight}"`}`;
    const align = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
    const color = escapeXml(colorOf(this.fillStyle));
    const at = `x="${figure(x)}" y="${figure(y)}"`;
    this.#put(`<text ${at} ${type}${align} fill="${color}"${this.#opacity()}>${escapeXml(text)}</text>`);
  }

  measureText(text: string): { readonly width: number } {
    return { width: this.#measure(this.font, text) };
  }

  setLineDash(segments: number[]): void {
    this.#dash = segments;
  }

  open(title: string): void {
    this.#put(`<g><title>${escapeXml(title)}</title>`);
  }

  close(): void {
    this.#put("</g>");
  }

  elements(): string {
    return this.#written.join("\n");
  }

  #put(element: string): void {
    this.#written.push(element);
  }

  #opacity(): string {
    return this.globalAlpha >= 1 ? "" : ` opacity="${figure(this.globalAlpha)}"`;
  }
}

/** A pen whose strokes are kept as SVG elements. */
export function createSvgPen(measure: MeasureText): SvgPen {
  return new SvgWriter(measure);
}
