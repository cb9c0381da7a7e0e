import { common, holds, seenBy, type Camera, type Size } from "./camera.ts";
import { paintScene, type Picture } from "./paint-scene.ts";

/** What the base layer draws, apart from where it is looked at from. */
export type Content = Omit<Picture, "scale" | "area">;

export interface Look {
  readonly camera: Camera;
  readonly size: Size;
  /** Device px per CSS px. */
  readonly ratio: number;
  /** The camera is on its way: the picture may lag behind, but no frame may be late. */
  readonly moving: boolean;
}

/** The drawing itself, without marks: kept as a bitmap that is moved with the camera and painted anew behind it. */
export interface BaseLayer {
  /** What is drawn from now on. */
  setContent: (content: Content) => void;
  /** Moves the bitmap to where the camera is, and paints for a bounded time; true while there is more to do. */
  frame: (look: Look) => boolean;
}

interface Plate {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
}

/** How a plate was painted. */
interface Painted {
  readonly content: Content;
  readonly camera: Camera;
  readonly size: Size;
  readonly ratio: number;
  readonly margin: Size;
}

interface Job extends Painted {
  readonly steps: Generator<undefined>;
  spentMs: number;
}

/** Part of the view's size that is painted beyond each of its sides, so that a pan finds it ready. */
const MARGIN_SHARE = 0.22;
/** Part of that margin that is still left when the next picture is begun. */
const SPARE_SHARE = 0.4;
/** Time for painting within a frame. */
const MOVING_MS = 5;
const STILL_MS = 11;
/** What takes no longer than this is painted in one go: at once to the eye. */
const AT_ONCE_MS = 38;
const LEAST_SHARE = 0.1;
/** Scales that differ by less look alike while the camera moves. */
const ALIKE = 1.35;

function isWhole(job: Painted, look: Look): boolean {
  return job.size.width === look.size.width && job.size.height === look.size.height && job.ratio === look.ratio;
}

/** True when all that the look shows of the scene was painted, and some way on. */
function covers(painted: Painted, look: Look): boolean {
  const margin = Math.min(painted.margin.width, painted.margin.height);
  const has = seenBy(painted.camera, painted.size, margin);
  const { bounds } = painted.content.scene;
  const shown = common(seenBy(look.camera, look.size, margin * SPARE_SHARE), bounds);
  return shown.width === 0 || shown.height === 0 || holds(has, shown);
}

/** True when the plate can be shown as it is. */
function isFresh(painted: Painted, content: Content, look: Look, lastMs: number): boolean {
  if (painted.content !== content || !isWhole(painted, look) || !covers(painted, look)) return false;
  const ratio = look.camera.scale / painted.camera.scale;
  if (Math.abs(ratio - 1) < 1e-4) return true;
  return look.moving && lastMs > MOVING_MS && ratio < ALIKE && ratio > 1 / ALIKE;
}

function place(canvas: HTMLCanvasElement, painted: Painted, camera: Camera): void {
  const scale = camera.scale / painted.camera.scale;
  const x = camera.x - scale * (painted.camera.x + painted.margin.width);
  const y = camera.y - scale * (painted.camera.y + painted.margin.height);
  canvas.style.transform = `translate(${x.toFixed(3)}px, ${y.toFixed(3)}px) scale(${scale.toFixed(6)})`;
}

function plateOf(canvas: HTMLCanvasElement): Plate | null {
  const context = canvas.getContext("2d", { alpha: false });
  canvas.style.visibility = "hidden";
  return context === null ? null : { canvas, context };
}

function begin({ canvas, context }: Plate, content: Content, look: Look): Job {
  const { camera, size, ratio } = look;
  const margin = { width: Math.round(size.width * MARGIN_SHARE), height: Math.round(size.height * MARGIN_SHARE) };
  const width = Math.round((size.width + 2 * margin.width) * ratio);
  const height = Math.round((size.height + 2 * margin.height) * ratio);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
    canvas.style.width = `${(width / ratio).toString()}px`;
    canvas.style.height = `${(height / ratio).toString()}px`;
  }
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = 1;
  context.fillStyle = content.palette.canvas;
  context.fillRect(0, 0, width, height);
  const scale = camera.scale * ratio;
  context.setTransform(scale, 0, 0, scale, (camera.x + margin.width) * ratio, (camera.y + margin.height) * ratio);
  const area = {
    x: -(camera.x + margin.width) / camera.scale,
    y: -(camera.y + margin.height) / camera.scale,
    width: width / scale,
    height: height / scale,
  };
  const steps = paintScene(context, { ...content, scale: camera.scale, area });
  return { content, camera, size, ratio, margin, steps, spentMs: 0 };
}

/** Two canvases: one is shown while the other is painted, then they change places. Null where there is no 2D context. */
export function createBaseLayer(canvases: readonly [HTMLCanvasElement, HTMLCanvasElement]): BaseLayer | null {
  const first = plateOf(canvases[0]);
  const second = plateOf(canvases[1]);
  const probe = document.createElement("canvas").getContext("2d");
  if (first === null || second === null || probe === null) return null;
  let front = first;
  let back = second;
  let shown: Painted | null = null;
  let job: Job | null = null;
  let content: Content | null = null;
  /** Of the time that painting takes: what is left is the browser's, after it has been asked. */
  let askingShare = 0.5;
  /** Of the last picture. */
  let lastMs = 0;

  /** Paints until done or out of time; true when done. */
  const paint = (one: Job, budgetMs: number): boolean => {
    const started = performance.now();
    let done = false;
    while (!done) {
      done = one.steps.next().done === true;
      if (performance.now() - started > budgetMs * askingShare) break;
    }
    if (!done) {
      const askedMs = performance.now() - started;
      // Browsers put drawing off until someone looks: without this, all steps would be paid for in the last one's frame.
      probe.drawImage(back.canvas, 0, 0, 1, 1, 0, 0, 1, 1);
      const share = askedMs / Math.max(askedMs, performance.now() - started);
      askingShare = Math.min(1, Math.max(LEAST_SHARE, askingShare * 0.7 + share * 0.3));
    }
    one.spentMs += performance.now() - started;
    return done;
  };

  const swap = (finished: Job): void => {
    back.canvas.style.visibility = "visible";
    front.canvas.style.visibility = "hidden";
    [front, back] = [back, front];
    shown = finished;
    lastMs = finished.spentMs;
    job = null;
  };

  return {
    setContent: (next) => {
      content = next;
    },
    frame: (look) => {
      if (content === null || look.size.width === 0 || look.size.height === 0) return false;
      // A picture that only lags behind is finished first: else one that changes often would never be seen.
      if (job !== null && !isWhole(job, look)) job = null;
      if (job === null && (shown === null || !isFresh(shown, content, look, lastMs))) job = begin(back, content, look);
      if (job !== null) {
        const atOnce = shown === null ? Infinity : !look.moving && lastMs < AT_ONCE_MS ? AT_ONCE_MS : 0;
        const finished = job;
        if (paint(finished, Math.max(atOnce, look.moving ? MOVING_MS : STILL_MS))) swap(finished);
      }
      if (shown !== null) place(front.canvas, shown, look.camera);
      return job !== null || (shown !== null && !isFresh(shown, content, look, lastMs));
    },
  };
}
