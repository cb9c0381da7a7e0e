import { paintScene, type Picture } from "../canvas/paint-scene.ts";
import { labelPlaces } from "../canvas/edge-labels.ts";
import type { Palette } from "../canvas/palette.ts";
import { buildScene } from "../canvas/scene.ts";
import type { GraphLayout, Rect } from "../layout/layout-types.ts";
import type { GraphModel } from "../model/graph-model.ts";

/** Px of the image per px of the drawing, where the image does not become too large. */
const SCALE = 2;
/** Browsers refuse larger canvases: Chromium and Firefox sides beyond 32,767 px, Safari areas beyond 16,777,216 px. */
const MOST_SIDE = 16_000;
const MOST_AREA = 16_000_000;
const MARGIN = 32;

/** The scale at which an image of this part of the drawing is made: 2, or what the browser still takes. */
export function imageScale({ width, height }: Rect): number {
  return Math.min(SCALE, MOST_SIDE / Math.max(width, height), Math.sqrt(MOST_AREA / (width * height)));
}

/** The graph, or the part of it within `area`, as a PNG file. Rejects where the browser cannot make one. */
export async function pngImage(
  model: GraphModel,
  layout: GraphLayout,
  palette: Palette,
  area: Rect | null,
): Promise<Blob> {
  const scene = buildScene(model, layout, null);
  const { x, y, width, height } = area ?? widened(scene.bounds);
  const scale = imageScale({ x, y, width, height });
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) throw new Error("This browser cannot draw images.");
  context.fillStyle = palette.canvas;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.setTransform(scale, 0, 0, scale, -x * scale, -y * scale);
  const picture: Picture = {
    scene,
    palette,
    labels: labelPlaces(scene, context, palette, new Map()),
    pinned: new Set(),
    bright: null,
    // An image is looked at from close by: cards are drawn in full as long as they can be read at all.
    scale: scale >= 0.5 ? 1 : scale,
    area: { x, y, width, height },
  };
  for (const _ of paintScene(context, picture));
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error("The browser could not write the image."));
      else resolve(blob);
    }, "image/png");
  });
}

function widened({ x, y, width, height }: Rect): Rect {
  return { x: x - MARGIN, y: y - MARGIN, width: width + 2 * MARGIN, height: height + 2 * MARGIN };
}
