import type { Rect } from "../layout/layout-types.ts";
import type { GraphEdge } from "../model/graph-model.ts";
import type { Size } from "./camera.ts";
import { BREAKER_INKS, CHANGE_STYLES, edgeWeight, HEALTH_INKS, isSick, notableBreaker } from "./drawing-style.ts";
import { placeLabels } from "./label-placement.ts";
import type { Ink, Palette } from "./palette.ts";
import { box, measure, write, type Pen } from "./pen.ts";
import type { Scene } from "./scene.ts";
import { sign, type ShapeName } from "./shapes.ts";

const FONT_SIZE = 11;
const LINE_HEIGHT = 14;
const PAD = 5;
const SIGN = 12;
/** Widths are rounded up to this, so that a label keeps its place while its figures change. */
const WIDTH_STEP = 12;
/** Of more labels nobody reads any, and placing them would take longer than a frame. */
const MOST_LABELS = 4000;

/** Signs on an arrow: of its breaker, and of how it differs from the moment compared with. */
function signsOf(edge: GraphEdge): { readonly sign: ShapeName; readonly ink: Ink }[] {
  const state = notableBreaker(edge.breaker);
  return [
    ...(state === null ? [] : [{ sign: state, ink: BREAKER_INKS[state] }]),
    ...(edge.change === null ? [] : [CHANGE_STYLES[edge.change]]),
  ];
}

function hasLabel(edge: GraphEdge): boolean {
  return edge.label.length > 0 || edge.change !== null || notableBreaker(edge.breaker) !== null;
}

function sizeOf(pen: Pen, palette: Palette, edge: GraphEdge): Size {
  const text = Math.max(
    0,
    ...edge.label.map((line, at) => measure(pen, palette.font, line, FONT_SIZE, at === 0 ? 600 : 400)),
  );
  const signs = signsOf(edge).length * (SIGN + 3);
  return {
    width: Math.ceil((text + signs + 2 * PAD) / WIDTH_STEP) * WIDTH_STEP,
    height: Math.max(1, edge.label.length) * LINE_HEIGHT + 6,
  };
}

/** Where the labels of a scene are, by id of their arrow. */
export type LabelPlaces = ReadonlyMap<string, Rect>;

/** Places the labels of a scene; `kept` are those of the scene before. */
export function labelPlaces(scene: Scene, pen: Pen, palette: Palette, kept: LabelPlaces): LabelPlaces {
  const wanted = scene.edges
    .map((edge, at) => ({ edge, at, weight: edgeWeight(edge) }))
    .filter(({ edge }) => hasLabel(edge))
    // Who has a place goes first among the ordinary ones: labels that take turns are worse than a label missing.
    .sort((a, b) => rank(b.weight, kept.has(b.edge.id)) - rank(a.weight, kept.has(a.edge.id)) || b.weight - a.weight)
    .slice(0, MOST_LABELS);
  return placeLabels({
    labels: wanted.map(({ edge, at }) => ({
      id: edge.id,
      size: sizeOf(pen, palette, edge),
      way: scene.curveOf(at),
    })),
    obstacles: [
      ...scene.leaves.flatMap((at) => scene.boxes[at] ?? []),
      ...scene.holders.flatMap((at) => {
        const holder = scene.boxes[at];
        return holder === undefined ? [] : [{ ...holder, height: 34 }];
      }),
    ],
    kept,
  });
}

function rank(weight: number, isKept: boolean): number {
  return (weight >= 5e5 ? 2 : 0) + (isKept ? 1 : 0);
}

/** The words and signs of an arrow, over a patch that keeps lines from running through them. */
export function paintLabel(pen: Pen, palette: Palette, edge: GraphEdge, at: Rect): void {
  const signs = signsOf(edge);
  const widths = edge.label.map((line, row) => measure(pen, palette.font, line, FONT_SIZE, row === 0 ? 600 : 400));
  const marks = signs.length * (SIGN + 3);
  // Only as wide as its words, so that a short level line is not hidden altogether.
  const width = Math.min(at.width, Math.max((widths[0] ?? 0) + marks, ...widths) + 2 * PAD);
  const alpha = pen.globalAlpha;
  pen.globalAlpha = alpha * 0.94;
  const left = at.x + (at.width - width) / 2;
  box(pen, [left, at.y, width, at.height], 5, { fill: palette.canvas });
  pen.globalAlpha = alpha;
  const start = at.x + at.width / 2 - ((widths[0] ?? -3) + marks) / 2;
  for (const [index, mark] of signs.entries()) {
    sign(pen, mark.sign, start + index * (SIGN + 3), at.y + 4, SIGN, palette[mark.ink]);
  }
  const sick = isSick(edge.health);
  for (const [row, line] of edge.label.entries()) {
    const center = at.x + at.width / 2 + (row === 0 ? marks / 2 : 0);
    write(pen, palette.font, line, center, at.y + 13.5 + row * LINE_HEIGHT, {
      size: FONT_SIZE,
      weight: row === 0 ? 600 : 400,
      color: row > 0 ? palette.ink2 : sick ? palette[HEALTH_INKS[edge.health]] : palette.ink,
      align: "center",
    });
  }
}
