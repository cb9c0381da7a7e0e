import type { GraphLayout, Point } from "../layout/layout-types.ts";
import type { GraphModel } from "../model/graph-model.ts";
import { createBaseLayer, type Content } from "./base-layer.ts";
import { between, fitTo, panBy, reveal, seenBy, toDrawing, zoomAt, type Camera, type Size } from "./camera.ts";
import { detailAt, LABELS_FROM } from "./drawing-style.ts";
import { labelPlaces, type LabelPlaces } from "./edge-labels.ts";
import { hitTest, type Hit } from "./hit-test.ts";
import { createOverlayLayer } from "./overlay-layer.ts";
import type { Palette } from "./palette.ts";
import type { Marks } from "./paint-marks.ts";
import { buildScene, type Scene } from "./scene.ts";

/** What is shown besides model and layout. */
export interface Emphasis {
  readonly bright: ReadonlySet<string> | null;
  readonly pinned: ReadonlySet<string>;
  readonly flow: boolean;
}

export interface DrawingOptions {
  readonly base: readonly [HTMLCanvasElement, HTMLCanvasElement];
  readonly overlay: HTMLCanvasElement;
  readonly palette: Palette;
}

/** What a frame showed. */
export interface ShownView {
  readonly camera: Camera;
  readonly size: Size;
  readonly scene: Scene;
}

/** The drawing as whoever shows it handles it. It draws when something changed, and never while it is hidden. */
export interface Drawing {
  readonly show: (model: GraphModel, layout: GraphLayout) => void;
  readonly emphasise: (emphasis: Emphasis) => void;
  readonly mark: (marks: Partial<Marks>) => void;
  readonly setPalette: (palette: Palette) => void;
  /** Fonts came, whose measures are others. */
  readonly remeasure: () => void;
  readonly resize: (size: Size, ratio: number) => void;
  readonly setVisible: (visible: boolean) => void;
  readonly zoom: (factor: number, anchor?: Point) => void;
  readonly pan: (dx: number, dy: number) => void;
  readonly showAll: () => void;
  /** Brings a point of the drawing to the middle. */
  readonly centre: (at: Point) => void;
  /** Brings an element into view, gently; nothing happens when it is there already. */
  readonly reveal: (id: string) => void;
  readonly hit: (at: Point, touch: boolean) => Hit | null;
  readonly view: () => { readonly camera: Camera; readonly size: Size; readonly scene: Scene | null };
  /** Calls `watcher` after each frame in which the camera, the size or the scene changed; returns what stops it. */
  readonly watchView: (watcher: (view: ShownView) => void) => () => void;
  readonly dispose: () => void;
}

/** On a phone, held closer but with few points across, names must be larger. */
function readableScale(size: Size): number {
  return size.width < 640 ? 0.62 : 0.16;
}

const GLIDE_MS = 220;
const FLOW_FRAME_MS = 1000 / 30 - 4;
/** The camera rests when it has not moved for so long. */
const REST_MS = 90;

/** Starts drawing on three canvases. Null where the browser has no 2D context. */
export function createDrawing({ base, overlay, palette: first }: DrawingOptions): Drawing | null {
  const baseLayer = createBaseLayer(base);
  const overlayLayer = createOverlayLayer(overlay);
  const measuring = document.createElement("canvas").getContext("2d");
  if (baseLayer === null || overlayLayer === null || measuring === null) return null;

  const reducedMotion = window.matchMedia("(prefers-reduced-motion: reduce)");
  let palette = first;
  let scene: Scene | null = null;
  let labels: LabelPlaces = new Map();
  let labelled: Scene | null = null;
  let emphasis: Emphasis = { bright: null, pinned: new Set(), flow: false };
  let marks: Marks = { selected: null, focused: null, hovered: null, dragged: null };
  let content: Content | null = null;
  let camera: Camera = { x: 0, y: 0, scale: 1 };
  let chosen = false;
  let fitted = false;
  let glide: { readonly from: Camera; readonly to: Camera; readonly startMs: number } | null = null;
  let size: Size = { width: 0, height: 0 };
  let ratio = 1;
  let visible = true;
  let movedAtMs = -Infinity;
  let flowedAtMs = -Infinity;
  let overlayDirty = true;
  let viewDirty = true;
  let request = 0;
  const watchers = new Set<(view: ShownView) => void>();

  const flows = (): boolean => emphasis.flow && !reducedMotion.matches && detailAt(camera.scale) !== "spot";

  const schedule = (): void => {
    if (request === 0 && visible) request = requestAnimationFrame(frame);
  };

  const moveTo = (next: Camera, byPerson: boolean): void => {
    if (next.x === camera.x && next.y === camera.y && next.scale === camera.scale) return;
    camera = next;
    chosen ||= byPerson;
    movedAtMs = performance.now();
    overlayDirty = true;
    viewDirty = true;
    schedule();
  };

  const glideTo = (to: Camera): void => {
    if (to === camera) return;
    chosen = true;
    if (reducedMotion.matches) moveTo(to, true);
    else glide = { from: camera, to, startMs: performance.now() };
    schedule();
  };

  /** Until the person has moved it, all is kept in view; but nothing moves under who looks at one element. */
  const fit = (): void => {
    if (chosen || scene === null || size.width === 0 || (fitted && marks.selected !== null)) return;
    fitted = true;
    moveTo(fitTo(scene.bounds, size, readableScale(size)), false);
  };

  const revealElement = (id: string): void => {
    const index = scene?.nodeIndex.get(id);
    const edge = scene?.edges[scene.edgeIndex.get(id) ?? -1];
    const box = index === undefined ? scene?.layout.nodes.get(edge?.to ?? "") : scene?.boxes[index];
    if (box !== undefined && size.width > 0) glideTo(reveal(camera, size, box));
  };

  /** What the base layer draws now; the same object while nothing of it changed. */
  const currentContent = (shown: Scene): Content => {
    if (camera.scale >= LABELS_FROM && labelled !== shown) {
      labels = labelPlaces(shown, measuring, palette, labels);
      labelled = shown;
      content = null;
    }
    content ??= { scene: shown, palette, labels, pinned: emphasis.pinned, bright: emphasis.bright };
    return content;
  };

  const stepGlide = (nowMs: number): void => {
    if (glide === null) return;
    const t = Math.min(1, Math.max(0, (nowMs - glide.startMs) / GLIDE_MS));
    const { from, to } = glide;
    if (t >= 1) glide = null;
    moveTo(between(from, to, 1 - (1 - t) ** 3), true);
  };

  const paintOverlay = (shown: Scene, nowMs: number, moving: boolean): void => {
    const flowing = flows();
    const flowDue = flowing && !moving && nowMs - flowedAtMs >= FLOW_FRAME_MS;
    if (!overlayDirty && !flowDue) return;
    overlayDirty = false;
    if (flowing) flowedAtMs = nowMs;
    const { bright } = emphasis;
    overlayLayer.paint({ scene: shown, palette, labels, marks, bright, camera, size, ratio, flowing }, nowMs);
  };

  function frame(nowMs: number): void {
    request = 0;
    if (!visible || scene === null || size.width === 0) return;
    stepGlide(nowMs);
    const moving = glide !== null || performance.now() - movedAtMs < REST_MS;
    baseLayer?.setContent(currentContent(scene));
    const more = baseLayer?.frame({ camera, size, ratio, moving }) === true;
    paintOverlay(scene, nowMs, moving);
    if (viewDirty) {
      viewDirty = false;
      for (const watcher of watchers) watcher({ camera, size, scene });
    }
    if (more || moving || flows()) schedule();
  }

  const changed = (): void => {
    content = null;
    overlayDirty = true;
    schedule();
  };

  return {
    show: (model, layout) => {
      // A node that was dropped has its place now.
      if (scene?.layout !== layout) marks = { ...marks, dragged: null };
      scene = buildScene(model, layout, scene);
      viewDirty = true;
      fit();
      changed();
    },
    emphasise: (next) => {
      emphasis = next;
      changed();
    },
    mark: (next) => {
      marks = { ...marks, ...next };
      overlayDirty = true;
      schedule();
    },
    setPalette: (next) => {
      palette = next;
      changed();
    },
    remeasure: () => {
      labelled = null;
      changed();
    },
    resize: (next, nextRatio) => {
      size = next;
      ratio = nextRatio;
      overlayDirty = true;
      viewDirty = true;
      fit();
      // Details that open beside the drawing must not cover what they are about.
      if (marks.selected !== null) revealElement(marks.selected);
      schedule();
    },
    setVisible: (next) => {
      visible = next;
      if (visible) schedule();
    },
    zoom: (factor, anchor = { x: size.width / 2, y: size.height / 2 }) => {
      glide = null;
      moveTo(zoomAt(camera, anchor, factor), true);
    },
    pan: (dx, dy) => {
      glide = null;
      moveTo(panBy(camera, dx, dy), true);
    },
    showAll: () => {
      if (scene !== null) glideTo(fitTo(scene.bounds, size));
    },
    centre: (at) => {
      const seen = seenBy(camera, size);
      const middle = { x: seen.x + seen.width / 2, y: seen.y + seen.height / 2 };
      glide = null;
      moveTo(panBy(camera, (middle.x - at.x) * camera.scale, (middle.y - at.y) * camera.scale), true);
    },
    reveal: revealElement,
    hit: (at, touch) =>
      scene === null
        ? null
        : hitTest(scene, toDrawing(camera, at), { scale: camera.scale, pinned: emphasis.pinned, touch }),
    view: () => ({ camera, size, scene }),
    watchView: (watcher) => {
      watchers.add(watcher);
      viewDirty = true;
      schedule();
      return () => {
        watchers.delete(watcher);
      };
    },
    dispose: () => {
      cancelAnimationFrame(request);
      visible = false;
    },
  };
}
