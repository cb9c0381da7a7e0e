"use client";

import { useEffect, useRef, useState, type PointerEvent } from "react";
import { fitTo, holds, inView, seenBy, toDrawing, type Camera, type Size } from "./camera.ts";
import type { Rect } from "../layout/layout-types.ts";
import type { Drawing, ShownView } from "./drawing.ts";
import { HEALTH_INKS } from "./drawing-style.ts";
import { readPalette } from "./palette.ts";
import type { Scene } from "./scene.ts";

const WIDTH = 176;
const HEIGHT = 116;
/** Narrower views have no room to spare. */
const FROM_WIDTH = 720;
/** Fewer nodes are found without a map. */
const FROM_NODES = 12;
const SIZE: Size = { width: WIDTH, height: HEIGHT };
const MARGINS = { around: 8, below: 8 };

/** The camera that shows all of the graph on the map. */
function overview(bounds: Rect): Camera {
  return fitTo(bounds, SIZE, 0, MARGINS);
}

function paint(canvas: HTMLCanvasElement, scene: Scene): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const ratio = Math.min(2, window.devicePixelRatio);
  canvas.width = WIDTH * ratio;
  canvas.height = HEIGHT * ratio;
  const palette = readPalette(canvas);
  const { scale, x, y } = overview(scene.bounds);
  context.scale(ratio, ratio);
  for (const at of [...scene.holders, ...scene.leaves]) {
    const box = scene.boxes[at];
    const node = scene.nodes[at];
    if (box === undefined || node === undefined) continue;
    context.fillStyle = node.expanded ? palette.line : palette[HEALTH_INKS[node.health]];
    // As in the drawing from far off: what is well is softer.
    context.globalAlpha = node.health === "healthy" || node.health === "idle" ? 0.5 : 1;
    const width = Math.max(1.5, box.width * scale);
    context.fillRect(box.x * scale + x, box.y * scale + y, width, Math.max(1.5, box.height * scale));
  }
}

/** What is drawn in the corner; null while the map is of no use. */
function mapOf({ camera, size, scene }: ShownView): Scene | null {
  const isOfUse = size.width >= FROM_WIDTH && scene.nodes.length >= FROM_NODES;
  return isOfUse && !holds(seenBy(camera, size), scene.bounds) ? scene : null;
}

/** The whole graph in a corner, with a frame around what is seen: press or drag to go elsewhere. Only while it is of use. */
export function Minimap({ drawing }: { readonly drawing: Drawing }) {
  const [scene, setScene] = useState<Scene | null>(null);
  useEffect(() => drawing.watchView((view) => setScene(mapOf(view))), [drawing]);
  return scene === null ? null : <Overview drawing={drawing} scene={scene} />;
}

function Overview({ drawing, scene }: { readonly drawing: Drawing; readonly scene: Scene }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const seen = useRef<HTMLDivElement>(null);
  const own = overview(scene.bounds);
  useEffect(() => {
    if (canvas.current !== null) paint(canvas.current, scene);
  }, [scene]);
  // Past React: it moves with each frame.
  useEffect(
    () =>
      drawing.watchView(({ camera, size, scene: { bounds } }) => {
        if (seen.current === null) return;
        const { x, y, width, height } = inView(overview(bounds), seenBy(camera, size));
        seen.current.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
        seen.current.style.width = `${width.toFixed(1)}px`;
        seen.current.style.height = `${height.toFixed(1)}px`;
      }),
    [drawing],
  );

  const go = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.buttons === 0) return;
    const box = event.currentTarget.getBoundingClientRect();
    drawing.centre(toDrawing(own, { x: event.clientX - box.left, y: event.clientY - box.top }));
  };
  return (
    <div
      data-control
      aria-hidden
      className="absolute right-3 bottom-3 cursor-pointer touch-none overflow-hidden rounded-md border border-line bg-surface/95"
      style={SIZE}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={go}
    >
      <canvas ref={canvas} className="size-full" />
      <div ref={seen} className="absolute top-0 left-0 rounded-sm border-[1.5px] border-accent bg-accent/10" />
    </div>
  );
}
