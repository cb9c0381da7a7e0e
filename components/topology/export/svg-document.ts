import { edgeLook } from "../canvas/drawing-style.ts";
import { labelPlaces, paintLabel } from "../canvas/edge-labels.ts";
import { paintEdges } from "../canvas/paint-edges.ts";
import { paintCard, paintHolder } from "../canvas/paint-node.ts";
import type { Palette } from "../canvas/palette.ts";
import { buildScene, type Scene } from "../canvas/scene.ts";
import type { GraphLayout } from "../layout/layout-types.ts";
import type { GraphModel } from "../model/graph-model.ts";
import { createSvgPen, type MeasureText, type SvgPen } from "./svg-pen.ts";
import { escapeXml } from "./xml.ts";

/** Room around the drawing, px: badges and lines reach a little beyond boxes. */
const MARGIN = 32;

function paintNodes(pen: SvgPen, scene: Scene, palette: Palette): void {
  for (const index of scene.leaves) {
    const node = scene.nodes[index];
    const at = scene.boxes[index];
    if (node === undefined || at === undefined) continue;
    pen.open(node.description);
    paintCard(pen, palette, { node, at, pinned: false });
    pen.close();
  }
}

function paintHolders(pen: SvgPen, scene: Scene, palette: Palette): void {
  for (const index of scene.holders) {
    const node = scene.nodes[index];
    const at = scene.boxes[index];
    if (node === undefined || at === undefined) continue;
    pen.open(node.description);
    paintHolder(pen, palette, { node, at, pinned: false }, 1, true);
    pen.close();
  }
}

/** Each arrow on its own, unlike on the screen: so that one can be taken hold of in a drawing program. */
function paintArrows(pen: SvgPen, scene: Scene, palette: Palette): void {
  for (const index of scene.batches.flatMap(({ edges }) => edges)) {
    const edge = scene.edges[index];
    if (edge === undefined) continue;
    pen.open(edge.description);
    for (const _ of paintEdges(pen, palette, scene, edgeLook(edge), [index], { detail: "full", scale: 1, alpha: 1 }));
    pen.close();
  }
}

function paintLabels(pen: SvgPen, scene: Scene, palette: Palette): void {
  for (const [id, at] of labelPlaces(scene, pen, palette, new Map())) {
    const edge = scene.edges[scene.edgeIndex.get(id) ?? -1];
    if (edge !== undefined) paintLabel(pen, palette, edge, at);
  }
}

/** The whole graph as an SVG file: the look of the screen at scale 1, as vectors and selectable text. */
export function svgDocument(model: GraphModel, layout: GraphLayout, palette: Palette, measure: MeasureText): string {
  const scene = buildScene(model, layout, null);
  const pen = createSvgPen(measure);
  paintHolders(pen, scene, palette);
  paintArrows(pen, scene, palette);
  paintNodes(pen, scene, palette);
  paintLabels(pen, scene, palette);
  const { x, y, width, height } = scene.bounds;
  const full = { width: Math.ceil(width + 2 * MARGIN), height: Math.ceil(height + 2 * MARGIN) };
  const corner = `${Math.floor(x - MARGIN).toString()} ${Math.floor(y - MARGIN).toString()}`;
  const box = `${corner} ${full.width.toString()} ${full.height.toString()}`;
  const size = `width="${full.width.toString()}" height="${full.height.toString()}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="${box}" font-family="${escapeXml(palette.font)}">`,
    `<rect x="${corner.split(" ")[0] ?? "0"}" y="${corner.split(" ")[1] ?? "0"}" width="100%" height="100%" fill="${escapeXml(palette.canvas)}"/>`,
    pen.elements(),
    "</svg>\n",
  ].join("\n");
}
