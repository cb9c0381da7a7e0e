import type { Rect } from "../layout/layout-types.ts";
import type { GraphNode } from "../model/graph-model.ts";
import { holds, overlap } from "./camera.ts";
import { detailAt, HEALTH_INKS, LABELS_FROM, type Detail } from "./drawing-style.ts";
import { paintLabel, type LabelPlaces } from "./edge-labels.ts";
import { paintEdges, quietAlpha, thinned } from "./paint-edges.ts";
import { paintBrief, paintCard, paintHolder } from "./paint-node.ts";
import type { Ink, Palette } from "./palette.ts";
import type { Pen } from "./pen.ts";
import type { Scene } from "./scene.ts";

/** One picture to be painted. */
export interface Picture {
  readonly scene: Scene;
  readonly palette: Palette;
  readonly labels: LabelPlaces;
  readonly pinned: ReadonlySet<string>;
  /** What stays bright while others are dimmed; null: all. */
  readonly bright: ReadonlySet<string> | null;
  /** Px of the view per px of the drawing. */
  readonly scale: number;
  /** Part of the drawing that is painted. */
  readonly area: Rect;
}

const DIM_EDGE = 0.14;
const DIM_NODE = 0.32;
const NODES_PER_STEP = 12;

/** Which elements lie within the picture's area; null: all. */
function within(area: Rect, bounds: Rect, count: number, grid: Scene["nodeGrid"]): Uint8Array | null {
  if (holds(area, bounds)) return null;
  const found = new Uint8Array(count);
  grid.query(area, (item) => {
    found[item] = 1;
  });
  return found;
}

function* paintAllEdges(pen: Pen, picture: Picture, detail: Detail): Generator<undefined> {
  const { scene, palette, bright, scale } = picture;
  const seen = within(picture.area, scene.bounds, scene.edges.length, scene.edgeGrid);
  const isSeen = (edge: number): boolean => seen === null || seen[edge] === 1;
  const isBright = (edge: number): boolean => bright?.has(scene.edges[edge]?.id ?? "") ?? true;
  const parts = scene.batches.map(({ look, edges }) => ({ look, edges: seen === null ? edges : edges.filter(isSeen) }));
  const total = parts.reduce((sum, { edges }) => sum + edges.length, 0);
  const faint = detail === "spot" ? quietAlpha(total) : detail === "brief" ? Math.max(0.6, quietAlpha(total)) : 1;
  if (bright !== null) {
    for (const { look, edges } of parts) {
      const dim = edges.filter((edge) => !isBright(edge));
      const some = detail === "spot" ? dim.slice(0, thinned(dim.length, total)) : dim;
      yield* paintEdges(pen, palette, scene, look, some, { detail, scale, alpha: DIM_EDGE * faint });
    }
  }
  for (const { look, edges } of parts) {
    const lit = bright === null ? edges : edges.filter(isBright);
    const quiet = look.rank < 3;
    const some = detail === "spot" && quiet ? lit.slice(0, thinned(lit.length, total)) : lit;
    const alpha = quiet && bright === null ? faint : detail === "spot" && bright === null ? Math.max(0.7, faint) : 1;
    yield* paintEdges(pen, palette, scene, look, some, { detail, scale, alpha });
  }
}

/** Far off: all boxes of one health in one go. */
function* paintSpots(pen: Pen, picture: Picture, nodes: readonly number[]): Generator<undefined> {
  const { scene, palette, bright, scale } = picture;
  const least = 3 / scale;
  const inks = Map.groupBy(nodes, (at) => spotKey(scene.nodes[at], bright));
  for (const key of [...inks.keys()].sort(
    (a, b) => SPOT_ORDER.indexOf(a.ink) - SPOT_ORDER.indexOf(b.ink) || a.alpha - b.alpha,
  )) {
    const group = inks.get(key) ?? [];
    for (let from = 0; from < group.length; from += 400) {
      pen.beginPath();
      for (const at of group.slice(from, from + 400)) {
        const box = scene.boxes[at];
        if (box === undefined) continue;
        const width = Math.max(least, box.width);
        const height = Math.max(least, box.height);
        pen.rect(box.x, box.y, width, height);
      }
      // First the ground, so that lines do not show through.
      pen.fillStyle = palette.canvas;
      pen.fill();
      pen.globalAlpha = key.alpha;
      pen.fillStyle = palette[key.ink];
      pen.fill();
      pen.globalAlpha = 1;
      yield;
    }
  }
}

interface SpotKey {
  readonly ink: Ink;
  readonly alpha: number;
}
const SPOT_ORDER: readonly Ink[] = ["off", "good", "warn", "bad"];
/** What is well is softer, so that what is not stands out among thousands. */
const BRIGHT_SPOTS = new Map<Ink, SpotKey>(
  SPOT_ORDER.map((ink) => [ink, { ink, alpha: ink === "off" || ink === "good" ? 0.5 : 1 }]),
);
const DIM_SPOTS = new Map<Ink, SpotKey>(SPOT_ORDER.map((ink) => [ink, { ink, alpha: 0.2 }]));
const NO_SPOT: SpotKey = { ink: "off", alpha: 0.6 };

function spotKey(node: GraphNode | undefined, bright: ReadonlySet<string> | null): SpotKey {
  if (node === undefined) return NO_SPOT;
  const keys = bright === null || bright.has(node.id) ? BRIGHT_SPOTS : DIM_SPOTS;
  return keys.get(HEALTH_INKS[node.health]) ?? NO_SPOT;
}

function* paintLeaves(pen: Pen, picture: Picture, detail: Detail): Generator<undefined> {
  const { scene, palette, bright, scale, pinned } = picture;
  const seen = within(picture.area, scene.bounds, scene.nodes.length, scene.nodeGrid);
  const nodes = seen === null ? scene.leaves : scene.leaves.filter((at) => seen[at] === 1);
  if (detail === "spot") {
    yield* paintSpots(pen, picture, nodes);
    return;
  }
  let painted = 0;
  for (const index of nodes) {
    const node = scene.nodes[index];
    const at = scene.boxes[index];
    if (node === undefined || at === undefined) continue;
    pen.globalAlpha = bright === null || bright.has(node.id) ? 1 : DIM_NODE;
    const paint = { node, at, pinned: pinned.has(node.id) };
    if (detail === "full") paintCard(pen, palette, paint);
    else paintBrief(pen, palette, paint, scale);
    pen.globalAlpha = 1;
    painted += 1;
    if (painted % NODES_PER_STEP === 0) yield;
  }
}

function paintHolders(pen: Pen, { scene, palette, pinned, scale }: Picture, detail: Detail): void {
  for (const index of scene.holders) {
    const node = scene.nodes[index];
    const at = scene.boxes[index];
    if (node === undefined || at === undefined) continue;
    paintHolder(pen, palette, { node, at, pinned: pinned.has(node.id) }, scale, detail !== "spot");
  }
}

function* paintLabels(pen: Pen, { scene, palette, labels, bright, area }: Picture): Generator<undefined> {
  let painted = 0;
  for (const [id, at] of labels) {
    const edge = scene.edges[scene.edgeIndex.get(id) ?? -1];
    if (edge === undefined || !overlap(at, area)) continue;
    pen.globalAlpha = bright === null || bright.has(id) ? 1 : DIM_EDGE;
    paintLabel(pen, palette, edge, at);
    pen.globalAlpha = 1;
    painted += 1;
    if (painted % NODES_PER_STEP === 0) yield;
  }
}

/** Paints the picture in small steps: whoever runs them may stop between any two and go on later. */
export function* paintScene(pen: Pen, picture: Picture): Generator<undefined> {
  const detail = detailAt(picture.scale);
  pen.textBaseline = "alphabetic";
  paintHolders(pen, picture, detail);
  yield* paintAllEdges(pen, picture, detail);
  yield* paintLeaves(pen, picture, detail);
  if (picture.scale >= LABELS_FROM) yield* paintLabels(pen, picture);
}
