import type { Point } from "../layout/layout-types.ts";
import { toDrawing } from "./camera.ts";
import type { Drawing } from "./drawing.ts";
import type { Hit } from "./hit-test.ts";
import { createWheelReader } from "./wheel.ts";

/** What a person does with the pointer, beyond moving the camera. */
export interface GestureEvents {
  readonly onClick: (hit: Hit | null) => void;
  readonly onDoubleClick: (hit: Hit | null) => void;
  /** The pointer rests on something else now; `at` is in px of the view. */
  readonly onHover: (hit: Hit | null, at: Point) => void;
  /** A node was dropped: its top-left corner, in px of the drawing. */
  readonly onDrop: (id: string, at: Point) => void;
}

/** Pointer travel that makes a press a drag, px. */
const DRAG_AFTER = 4;
/** A finger that rests this long on a node takes it along; one that moves sooner pans. */
const HOLD_MS = 420;
/** Events that follow each other faster belong to one gesture, during which the drawing keeps its place on the page. */
const BOX_MS = 150;

/** A node under way: where it was taken hold of, as an offset from its corner in px of the drawing. */
interface Carried {
  readonly id: string;
  readonly grip: Point;
}

interface Press {
  readonly start: Point;
  readonly hit: Hit | null;
  /** A drag moves the camera, or carries a node; null: not a drag yet. */
  doing: "pan" | "carry" | null;
  carried: Carried | null;
}

/** Listens to pointers and the wheel on `element`; returns what stops it. */
export function attachGestures(element: HTMLElement, drawing: Drawing, events: GestureEvents): () => void {
  const pointers = new Map<number, Point>();
  const readWheel = createWheelReader();
  const stop = new AbortController();
  let press: Press | null = null;
  let holding: ReturnType<typeof setTimeout> | undefined;
  let spaceHeld = false;
  let hovered: string | null = null;
  let box = element.getBoundingClientRect();
  let boxAtMs = -Infinity;

  const placeOf = (event: MouseEvent): Point => {
    // Asked in the midst of a gesture, the browser would have to lay out the page for each event.
    if (event.timeStamp - boxAtMs > BOX_MS) box = element.getBoundingClientRect();
    boxAtMs = event.timeStamp;
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const hover = (hit: Hit | null, at: Point): void => {
    const key = hit === null ? null : `${hit.part} ${hit.id}`;
    if (key === hovered) return;
    hovered = key;
    element.style.cursor = hit === null ? "" : "pointer";
    drawing.mark({ hovered: hit?.id ?? null });
    events.onHover(hit, at);
  };

  const gripOf = (hit: Hit | null, at: Point): Carried | null => {
    const { camera, scene } = drawing.view();
    if (hit?.part !== "node" || scene === null) return null;
    const index = scene.nodeIndex.get(hit.id) ?? -1;
    const held = scene.boxes[index];
    // What stands in a box moves with it.
    if (held === undefined || scene.nodes[index]?.parent !== null) return null;
    const point = toDrawing(camera, at);
    return { id: hit.id, grip: { x: point.x - held.x, y: point.y - held.y } };
  };

  const carryTo = ({ id, grip }: Carried, at: Point): Point => {
    const point = toDrawing(drawing.view().camera, at);
    const corner = { x: point.x - grip.x, y: point.y - grip.y };
    drawing.mark({ dragged: { id, at: corner } });
    return corner;
  };

  const onDown = (event: PointerEvent): void => {
    if (event.button > 1 || (event.target instanceof Element && event.target.closest("[data-control]") !== null))
      return;
    const at = placeOf(event);
    pointers.set(event.pointerId, at);
    if (pointers.size > 1) {
      press = null;
      clearTimeout(holding);
      drawing.mark({ dragged: null });
      return;
    }
    const touch = event.pointerType === "touch";
    const hit = drawing.hit(at, touch);
    const current: Press = {
      start: at,
      hit,
      doing: null,
      carried: spaceHeld || event.button === 1 ? null : gripOf(hit, at),
    };
    press = current;
    if (!touch) return;
    const { carried } = current;
    // A finger pans from anywhere, unless it rests on a node first.
    current.carried = null;
    if (carried === null) return;
    holding = setTimeout(() => {
      if (press !== current || current.doing !== null) return;
      current.doing = "carry";
      current.carried = carried;
      carryTo(carried, at);
    }, HOLD_MS);
  };

  const pinch = (event: PointerEvent, before: Point, now: Point): void => {
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) return;
    const spread = Math.hypot(before.x - other.x, before.y - other.y);
    const spreadNow = Math.hypot(now.x - other.x, now.y - other.y);
    drawing.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    if (spread > 0) drawing.zoom(spreadNow / spread, { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
  };

  const startDrag = (event: PointerEvent, current: Press): void => {
    clearTimeout(holding);
    // Only from here on: a captured pointer's click would go to the drawing instead of what is under it.
    element.setPointerCapture(event.pointerId);
    current.doing = current.carried === null ? "pan" : "carry";
    element.style.cursor = "grabbing";
    events.onHover(null, current.start);
    hovered = null;
    drawing.mark({ hovered: null });
  };

  const onMove = (event: PointerEvent): void => {
    const now = placeOf(event);
    const before = pointers.get(event.pointerId);
    if (before === undefined) {
      const isOver = event.target instanceof Element && event.target.closest("[data-control]") === null;
      hover(isOver ? drawing.hit(now, false) : null, now);
      return;
    }
    if (pointers.size > 1) {
      pointers.set(event.pointerId, now);
      pinch(event, before, now);
      return;
    }
    if (press === null) return;
    if (press.doing === null) {
      if (Math.hypot(now.x - press.start.x, now.y - press.start.y) < DRAG_AFTER) return;
      startDrag(event, press);
    }
    pointers.set(event.pointerId, now);
    if (press.doing === "carry" && press.carried !== null) carryTo(press.carried, now);
    else drawing.pan(now.x - before.x, now.y - before.y);
  };

  const onUp = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId)) return;
    clearTimeout(holding);
    const done = press;
    press = null;
    if (done === null) return;
    element.style.cursor = "";
    if (done.doing === null) events.onClick(done.hit);
    else if (done.doing === "carry" && done.carried !== null) {
      events.onDrop(done.carried.id, carryTo(done.carried, placeOf(event)));
    }
  };

  const onCancel = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
    clearTimeout(holding);
    press = null;
    drawing.mark({ dragged: null });
  };

  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    // Something else comes under the pointer now; what, is seen when it moves next.
    hover(null, placeOf(event));
    const intent = readWheel(event);
    if (intent.kind === "zoom") drawing.zoom(intent.factor, placeOf(event));
    else drawing.pan(intent.dx, intent.dy);
  };

  const onSpace = (event: KeyboardEvent): void => {
    if (event.key !== " ") return;
    spaceHeld = event.type === "keydown";
    if (event.target === element) event.preventDefault();
  };

  const { signal } = stop;
  element.addEventListener("pointerdown", onDown, { signal });
  element.addEventListener("pointermove", onMove, { signal });
  element.addEventListener("pointerup", onUp, { signal });
  element.addEventListener("pointercancel", onCancel, { signal });
  element.addEventListener("pointerleave", (event) => hover(null, placeOf(event)), { signal });
  element.addEventListener("dblclick", (event) => events.onDoubleClick(drawing.hit(placeOf(event), false)), { signal });
  // A finger that rests would open the browser's menu, which ends the gesture.
  element.addEventListener(
    "contextmenu",
    (event) => {
      if (press?.doing === "carry") event.preventDefault();
    },
    { signal },
  );
  // Not passively: the page must not scroll along.
  element.addEventListener("wheel", onWheel, { signal, passive: false });
  element.addEventListener("keydown", onSpace, { signal });
  element.addEventListener("keyup", onSpace, { signal });
  element.addEventListener("blur", () => (spaceHeld = false), { signal });
  return () => {
    clearTimeout(holding);
    stop.abort();
  };
}
