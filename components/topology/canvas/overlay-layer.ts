import type { Rect } from "../layout/layout-types.ts";
import { overlap, seenBy, type Camera, type Size } from "./camera.ts";
import { LABELS_FROM } from "./drawing-style.ts";
import type { LabelPlaces } from "./edge-labels.ts";
import { paintFlow, type Progress } from "./flow.ts";
import type { Palette } from "./palette.ts";
import { hasMarks, paintMarks, type Marks } from "./paint-marks.ts";
import type { Scene } from "./scene.ts";

/** What changes often and is little: marks, and the dots that flow. */
export interface OverlayLayer {
  paint: (view: OverlayView, nowMs: number) => void;
}

export interface OverlayView {
  readonly scene: Scene;
  readonly palette: Palette;
  /** Of the picture beneath. */
  readonly labels: LabelPlaces;
  readonly marks: Marks;
  readonly bright: ReadonlySet<string> | null;
  readonly camera: Camera;
  readonly size: Size;
  readonly ratio: number;
  readonly flowing: boolean;
}

/** Dots pass beneath the words on their arrow, as the arrow does: over them, nobody could read a figure. */
function clearLabels(context: CanvasRenderingContext2D, labels: LabelPlaces, area: Rect): void {
  for (const at of labels.values()) {
    if (overlap(at, area)) context.clearRect(at.x, at.y, at.width, at.height);
  }
}

/** Draws on a canvas that lies over the picture and lets it through. Null where there is no 2D context. */
export function createOverlayLayer(canvas: HTMLCanvasElement): OverlayLayer | null {
  const context = canvas.getContext("2d");
  if (context === null) return null;
  const progress: Progress = new Map();
  let isEmpty = true;
  canvas.style.visibility = "hidden";
  let lastFlowMs = 0;

  return {
    paint: ({ scene, palette, labels, marks, bright, camera, size, ratio, flowing }, nowMs) => {
      const width = Math.round(size.width * ratio);
      const height = Math.round(size.height * ratio);
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
        canvas.style.width = `${size.width.toString()}px`;
        canvas.style.height = `${size.height.toString()}px`;
      }
      const marked = hasMarks(marks);
      if (isEmpty && !marked && !flowing) return;
      // Even a canvas with nothing on it is blended with each frame.
      canvas.style.visibility = marked || flowing ? "visible" : "hidden";
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, width, height);
      const scale = camera.scale * ratio;
      context.setTransform(scale, 0, 0, scale, camera.x * ratio, camera.y * ratio);
      if (flowing) {
        const area = seenBy(camera, size);
        paintFlow(context, scene, palette, { area, scale: camera.scale, bright }, progress, nowMs - lastFlowMs);
        if (camera.scale >= LABELS_FROM) clearLabels(context, labels, area);
        lastFlowMs = nowMs;
      }
      if (marked) paintMarks(context, scene, palette, marks, camera.scale);
      isEmpty = !marked && !flowing;
    },
  };
}
