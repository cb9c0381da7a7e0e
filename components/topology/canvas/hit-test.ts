import type { Point, Rect } from "../layout/layout-types.ts";
import { distanceTo } from "./polyline.ts";
import { detailAt } from "./drawing-style.ts";
import { canExpand, pinOf, toggleOf } from "./paint-node.ts";
import type { Scene } from "./scene.ts";

/** What is under the pointer: an element, or one of the signs on a box that can be pressed. */
export interface Hit {
  readonly part: "node" | "edge" | "toggle" | "pin";
  readonly id: string;
}

/** How near to a line counts as on it, px of the view. */
const REACH = 7;
/** For fingers. */
const TOUCH_REACH = 14;

function inside({ x, y, width, height }: Rect, at: Point): boolean {
  return at.x >= x && at.y >= y && at.x <= x + width && at.y <= y + height;
}

function around(at: Point, reach: number): Rect {
  return { x: at.x - reach, y: at.y - reach, width: 2 * reach, height: 2 * reach };
}

/** The innermost box there; boxes that hold others only by their title, so that arrows within them can be reached. */
function nodeAt(scene: Scene, at: Point, reach: number): number | null {
  let hit: number | null = null;
  let least = Infinity;
  scene.nodeGrid.query(around(at, reach), (item) => {
    const box = scene.boxes[item];
    if (box === undefined || !inside(box, at)) return;
    const area = box.width * box.height;
    if (area < least) {
      least = area;
      hit = item;
    }
  });
  return hit;
}

function edgeAt(scene: Scene, at: Point, reach: number): number | null {
  let hit: number | null = null;
  let least = reach;
  scene.edgeGrid.query(around(at, reach), (item) => {
    const distance = distanceTo(scene.curveOf(item), at);
    if (distance < least) {
      least = distance;
      hit = item;
    }
  });
  return hit;
}

/** A box's own signs, which lie over it. */
function signAt(scene: Scene, at: Point, pinned: ReadonlySet<string>): Hit | null {
  let hit: Hit | null = null;
  scene.nodeGrid.query(around(at, 12), (item) => {
    const box = scene.boxes[item];
    const node = scene.nodes[item];
    if (box === undefined || node === undefined) return;
    if (pinned.has(node.id) && inside(pinOf(box), at)) hit = { part: "pin", id: node.id };
    else if (hit === null && canExpand(node) && inside(toggleOf(box), at)) hit = { part: "toggle", id: node.id };
  });
  return hit;
}

/** What is at a point of the drawing, seen at `scale`; null: nothing. */
export function hitTest(
  scene: Scene,
  at: Point,
  { scale, pinned, touch }: { readonly scale: number; readonly pinned: ReadonlySet<string>; readonly touch: boolean },
): Hit | null {
  if (detailAt(scale) === "full") {
    const sign = signAt(scene, at, pinned);
    if (sign !== null) return sign;
  }
  const reach = (touch ? TOUCH_REACH : REACH) / scale;
  const node = nodeAt(scene, at, reach);
  const held = node === null ? undefined : scene.nodes[node];
  if (held !== undefined && !held.expanded) return { part: "node", id: held.id };
  const edge = edgeAt(scene, at, reach);
  const id = edge === null ? undefined : scene.edges[edge]?.id;
  if (id !== undefined) return { part: "edge", id };
  return held === undefined ? null : { part: "node", id: held.id };
}
