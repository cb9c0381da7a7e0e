import type { Point, Rect } from "../layout/layout-types.ts";
import type { Palette } from "./palette.ts";
import { paintCard } from "./paint-node.ts";
import { box, type Pen } from "./pen.ts";
import { traceRounded } from "./polyline.ts";
import type { Scene } from "./scene.ts";

/** What a person is at: drawn over the picture, so that it need not be painted anew. */
export interface Marks {
  readonly selected: string | null;
  readonly focused: string | null;
  readonly hovered: string | null;
  /** A node being dragged, and where its corner would be. */
  readonly dragged: { readonly id: string; readonly at: Point } | null;
}

/** More arrows than this at one node are not told apart any more. */
const MOST_ARROWS = 300;

export function hasMarks(marks: Marks): boolean {
  return marks.selected !== null || marks.focused !== null || marks.hovered !== null || marks.dragged !== null;
}

/** A glow along arrows: what colour and words say beneath it stays to be read. */
function glow(pen: Pen, scene: Scene, edges: readonly number[], color: string, width: number, alpha: number): void {
  pen.globalAlpha = alpha;
  pen.strokeStyle = color;
  pen.lineJoin = "round";
  pen.lineCap = "round";
  pen.beginPath();
  for (const edge of edges.slice(0, MOST_ARROWS)) {
    traceRounded(pen, scene.curveOf(edge));
  }
  // One stroke for all, so that it does not darken where they cross.
  pen.lineWidth = width;
  pen.stroke();
  pen.lineCap = "butt";
  pen.globalAlpha = 1;
}

function ring(pen: Pen, at: Rect, color: string, width: number, gap: number): void {
  const around = [at.x - gap, at.y - gap, at.width + 2 * gap, at.height + 2 * gap] as const;
  box(pen, around, 10 + gap, { stroke: color, width });
}

/** A node with its arrows, or an arrow. `least` is the width of one px of the view. */
function emphasise(pen: Pen, scene: Scene, palette: Palette, id: string, strong: boolean, least: number): void {
  const width = Math.max(9, 5 * least);
  const edge = scene.edgeIndex.get(id);
  if (edge !== undefined) glow(pen, scene, [edge], palette.accent, width, strong ? 0.42 : 0.25);
  const node = scene.nodeIndex.get(id);
  const at = node === undefined ? undefined : scene.boxes[node];
  if (node === undefined || at === undefined) return;
  glow(pen, scene, scene.arrows[node] ?? [], palette.accent, width, strong ? 0.3 : 0.18);
  ring(pen, at, palette.accent, strong ? Math.max(2.5, 2 * least) : Math.max(1.25, least), strong ? 0.5 * least : 0);
}

function focusRing(pen: Pen, scene: Scene, palette: Palette, id: string, least: number): void {
  const node = scene.nodeIndex.get(id);
  const at = node === undefined ? undefined : scene.boxes[node];
  if (at !== undefined) ring(pen, at, palette.accent, 2 * least, 4 * least);
  const edge = scene.edgeIndex.get(id);
  if (edge === undefined) return;
  glow(pen, scene, [edge], palette.accent, Math.max(12, 8 * least), 0.3);
  glow(pen, scene, [edge], palette.accent, 2 * least, 1);
}

/** Where the way from the middle of a box to `from` leaves it. */
function borderTowards({ x, y, width, height }: Rect, from: Point): Point {
  const centre = { x: x + width / 2, y: y + height / 2 };
  const dx = from.x - centre.x;
  const dy = from.y - centre.y;
  const t = Math.min(1, width / 2 / Math.max(1, Math.abs(dx)), height / 2 / Math.max(1, Math.abs(dy)));
  return { x: centre.x + dx * t, y: centre.y + dy * t };
}

/** The node where it would be dropped, with lines to those it is joined to; where it is now, it fades. */
function paintDragged(pen: Pen, scene: Scene, palette: Palette, dragged: NonNullable<Marks["dragged"]>): void {
  const index = scene.nodeIndex.get(dragged.id) ?? -1;
  const node = scene.nodes[index];
  const from = scene.boxes[index];
  if (node === undefined || from === undefined) return;
  const at = { ...from, ...dragged.at };
  pen.globalAlpha = 0.65;
  box(pen, [from.x - 10, from.y - 10, from.width + 20, from.height + 20], 12, { fill: palette.canvas });
  pen.globalAlpha = 1;
  const middle = { x: at.x + at.width / 2, y: at.y + at.height / 2 };
  pen.strokeStyle = palette.accent;
  pen.lineWidth = 1.5;
  pen.setLineDash([4, 4]);
  pen.beginPath();
  for (const edge of (scene.arrows[index] ?? []).slice(0, MOST_ARROWS)) {
    const ends = scene.edges[edge];
    const other = scene.boxes[scene.nodeIndex.get((ends?.from === node.id ? ends.to : ends?.from) ?? "") ?? -1];
    if (other === undefined) continue;
    const end = borderTowards(other, middle);
    pen.moveTo(middle.x, middle.y);
    pen.lineTo(end.x, end.y);
  }
  pen.stroke();
  pen.setLineDash([]);
  if (node.expanded) box(pen, [at.x, at.y, at.width, at.height], 12, { fill: palette.sunken });
  else paintCard(pen, palette, { node, at, pinned: true });
  ring(pen, at, palette.accent, 2, 0);
}

/** Draws the marks; the pen is set to px of the drawing, `scale` px of the view each. */
export function paintMarks(pen: Pen, scene: Scene, palette: Palette, marks: Marks, scale: number): void {
  const least = 1 / scale;
  if (marks.hovered !== null && marks.hovered !== marks.selected && marks.dragged === null) {
    emphasise(pen, scene, palette, marks.hovered, false, least);
  }
  if (marks.selected !== null) emphasise(pen, scene, palette, marks.selected, true, least);
  if (marks.focused !== null) focusRing(pen, scene, palette, marks.focused, least);
  if (marks.dragged !== null) paintDragged(pen, scene, palette, marks.dragged);
}
