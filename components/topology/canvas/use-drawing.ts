"use client";

import { useCallback, useState, type RefCallback, type RefObject } from "react";
import { createDrawing, type Drawing } from "./drawing.ts";
import { readPalette } from "./palette.ts";

/** More device px per CSS px than this cannot be told apart, but cost four times as much. */
const MOST_RATIO = 2;

export interface DrawingElements {
  readonly front: RefObject<HTMLCanvasElement | null>;
  readonly back: RefObject<HTMLCanvasElement | null>;
  readonly overlay: RefObject<HTMLCanvasElement | null>;
}

/** Calls `changed` when the theme changes: by a class of the page, or with the system. */
function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["class", "data-theme", "style"] });
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    dark.removeEventListener("change", changed);
  };
}

/** Keeps the drawing as large as its frame, and still while that is not on the screen. */
function watchFrame(frame: HTMLElement, drawing: Drawing): () => void {
  const resize = (): void => {
    const ratio = Math.min(MOST_RATIO, Math.max(1, window.devicePixelRatio));
    drawing.resize({ width: frame.clientWidth, height: frame.clientHeight }, ratio);
  };
  let intersects = true;
  const show = (): void => drawing.setVisible(intersects && document.visibilityState === "visible");
  const sizes = new ResizeObserver(resize);
  sizes.observe(frame);
  const sight = new IntersectionObserver(([entry]) => {
    intersects = entry?.isIntersecting ?? true;
    show();
  });
  sight.observe(frame);
  document.addEventListener("visibilitychange", show);
  window.addEventListener("resize", resize);
  resize();
  return () => {
    sizes.disconnect();
    sight.disconnect();
    document.removeEventListener("visibilitychange", show);
    window.removeEventListener("resize", resize);
  };
}

function watchFonts(changed: () => void): () => void {
  document.fonts.addEventListener("loadingdone", changed);
  return () => document.fonts.removeEventListener("loadingdone", changed);
}

/** The drawing once its canvases are there; null before that, and where the browser has no 2D context. */
export function useDrawing({ front, back, overlay }: DrawingElements): {
  readonly drawing: Drawing | null;
  /** Goes onto the element that holds the canvases. */
  readonly attach: RefCallback<HTMLElement>;
} {
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const attach = useCallback(
    (frame: HTMLElement | null) => {
      if (frame === null || front.current === null || back.current === null || overlay.current === null) return;
      const made = createDrawing({
        base: [front.current, back.current],
        overlay: overlay.current,
        palette: readPalette(frame),
      });
      if (made === null) return;
      const stops = [
        watchTheme(() => made.setPalette(readPalette(frame))),
        watchFrame(frame, made),
        watchFonts(made.remeasure),
      ];
      setDrawing(made);
      return () => {
        for (const stop of stops) stop();
        made.dispose();
        setDrawing(null);
      };
    },
    [front, back, overlay],
  );
  return { drawing, attach };
}
