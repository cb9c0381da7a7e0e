import { detailAt, edgeWeight } from "./drawing-style.ts";
import type { Rect } from "../layout/layout-types.ts";
import type { Palette } from "./palette.ts";
import type { Pen } from "./pen.ts";
import { lengthOf, pointAlong } from "./polyline.ts";
import type { Scene } from "./scene.ts";

/** More dots than this say no more, and cost. */
const MOST_DOTS = 420;
const MOST_PER_EDGE = 7;
const RADIUS = 2.4;

/** Px per second: swift for calls of a few ms, slow for those of a second and more. */
export function flowSpeed(p95Ms: number | null): number {
  return Math.min(150, Math.max(26, 170 - 45 * Math.log10(1 + (p95Ms ?? 20))));
}

/** Dots on an arrow of this length: more for more traffic, by magnitude. */
export function dotCount(requestsPerSecond: number, length: number): number {
  if (requestsPerSecond <= 0) return 0;
  const wanted = 1 + Math.log2(1 + requestsPerSecond) * (length / 400);
  return Math.max(1, Math.min(MOST_PER_EDGE, Math.round(wanted)));
}

/** Whether the n-th dot of an arrow stands for a failed call: of many dots, `errorRatio` do; the same one always. */
export function isErrorDot(ordinal: number, errorRatio: number): boolean {
  if (errorRatio <= 0) return false;
  const mixed = Math.imul(ordinal ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  return ((mixed ^ (mixed >>> 13)) >>> 0) % 1000 < errorRatio * 1000;
}

/** How far the first dot of each arrow has come, px since it began; kept so that a change of speed makes no dot jump. */
export type Progress = Map<string, number>;

/** Moves the dots of what is seen by `passedMs` and draws them. */
export function paintFlow(
  pen: Pen,
  scene: Scene,
  palette: Palette,
  view: { readonly area: Rect; readonly scale: number; readonly bright: ReadonlySet<string> | null },
  progress: Progress,
  passedMs: number,
): void {
  if (detailAt(view.scale) === "spot") return;
  const seen: number[] = [];
  scene.edgeGrid.query(view.area, (edge) => {
    const one = scene.edges[edge];
    if (one !== undefined && one.requestsPerSecond > 0 && !one.configuredOnly && (view.bright?.has(one.id) ?? true)) {
      seen.push(edge);
    }
  });
  const busiest = seen.length > MOST_DOTS / 3 ? seen.sort((a, b) => weight(scene, b) - weight(scene, a)) : seen;
  const good: number[] = [];
  const bad: number[] = [];
  for (const edge of busiest) {
    addDots(scene, edge, progress, passedMs, good, bad);
    if (good.length + bad.length > 2 * MOST_DOTS) break;
  }
  dots(pen, good, palette.ink2, RADIUS);
  dots(pen, bad, palette.bad, RADIUS + 0.6);
}

function weight(scene: Scene, edge: number): number {
  const one = scene.edges[edge];
  return one === undefined ? 0 : edgeWeight(one);
}

function addDots(
  scene: Scene,
  edge: number,
  progress: Progress,
  passedMs: number,
  good: number[],
  bad: number[],
): void {
  const one = scene.edges[edge];
  if (one === undefined) return;
  const way = scene.curveOf(edge);
  const length = lengthOf(way);
  const spacing = length / dotCount(one.requestsPerSecond, length);
  // A start of its own for each, else all dots leave in step.
  const begun = progress.get(one.id) ?? (edge * 37) % 100;
  const offset = begun + (flowSpeed(one.p95Ms) * Math.min(100, passedMs)) / 1000;
  progress.set(one.id, offset);
  for (let ordinal = Math.floor(offset / spacing); offset - ordinal * spacing <= length; ordinal -= 1) {
    const { x, y } = pointAlong(way, offset - ordinal * spacing);
    (isErrorDot(ordinal, one.errorRatio) ? bad : good).push(x, y);
  }
}

function dots(pen: Pen, places: readonly number[], color: string, radius: number): void {
  if (places.length === 0) return;
  pen.fillStyle = color;
  pen.beginPath();
  for (let i = 0; i + 1 < places.length; i += 2) {
    const x = places[i] ?? 0;
    const y = places[i + 1] ?? 0;
    pen.moveTo(x + radius, y);
    pen.arc(x, y, radius, 0, Math.PI * 2);
  }
  pen.fill();
}
