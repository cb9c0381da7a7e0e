import { seenBy, type Camera, type Size } from "./camera.ts";
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
  readonly marks: Marks;
  readonly bright: ReadonlySet<string> | null;
  readonly camera: Camera;
  readonly size: Size;
  readonly ratio: number;
  readonly flowing: boolean;
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
    paint: ({ scene, palette, marks, bright, camera, size, ratio, flowing }, nowMs) => {
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
      if (marked) paintMarks(context, scene, palette, marks, camera.scale);
      if (flowing) {
        const view = { area: seenBy(camera, size), scale: camera.scale, bright };
        paintFlow(context, scene, palette, view, progress, nowMs - lastFlowMs);
        lastFlowMs = nowMs;
      }
      isEmpty = !marked && !flowing;
    },
  };
}
