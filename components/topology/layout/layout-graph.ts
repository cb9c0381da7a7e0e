import { InnerEnds } from "./edge-ends.ts";
import { layOutAnew } from "./full-layout.ts";
import { innerWay } from "./inner-edges.ts";
import { planLayout, type LayoutPlan } from "./layout-plan.ts";
import type { GraphLayout, LayoutRequest, Point, Rect } from "./layout-types.ts";
import { boundsOf } from "./rects.ts";
import { keepPlaces, keepWays, type Drawn } from "./steady-layout.ts";

/**
 * Where everything of a mesh is drawn: callers on the left, what they call on the right. The same request gives the same
 * drawing, whatever order its nodes and edges come in. Nodes of `previous` and pinned ones stay; pins of nodes inside others
 * do not count, for these stand in their box. Edges to unknown nodes are left out.
 */
export function layoutGraph(request: LayoutRequest): GraphLayout {
  const plan = planLayout(request);
  const ends = new InnerEnds(plan);
  const { previous, pins } = request;
  const stays = previous !== null && plan.boxes.some(({ id }) => previous.nodes.has(id));
  if (stays) return steady(plan, ends, pins, previous);
  const fresh = layOutAnew(plan, ends);
  const drawn = drawnAt(plan, fresh.corners, fresh.ways, pins);
  if (plan.boxes.some(({ id }) => pins.has(id))) return steady(plan, ends, pins, drawn);
  const rects = plan.boxes.map(({ id }) => drawn.nodes.get(id) ?? { x: 0, y: 0, width: 0, height: 0 });
  return finish(plan, rects, drawn.edges);
}

function steady(plan: LayoutPlan, ends: InnerEnds, pins: ReadonlyMap<string, Point>, drawn: Drawn): GraphLayout {
  const rects = keepPlaces(plan, pins, drawn);
  return finish(plan, rects, keepWays(plan, rects, ends, drawn));
}

/** A fresh drawing, moved as a whole to where its pinned nodes are on average, so that the others stand well beside them. */
function drawnAt(
  { boxes }: LayoutPlan,
  corners: readonly Point[],
  ways: ReadonlyMap<string, readonly number[]>,
  pins: ReadonlyMap<string, Point>,
): Drawn {
  let [x, y, count] = [0, 0, 0];
  for (const [top, { id }] of boxes.entries()) {
    const pin = pins.get(id);
    if (pin === undefined) continue;
    x += pin.x - (corners[top]?.x ?? 0);
    y += pin.y - (corners[top]?.y ?? 0);
    count += 1;
  }
  const move = { x: Math.round(x / Math.max(1, count)), y: Math.round(y / Math.max(1, count)) };
  const nodes = new Map<string, Rect>();
  for (const [top, { id, width, height }] of boxes.entries()) {
    const corner = corners[top] ?? { x: 0, y: 0 };
    nodes.set(id, { x: corner.x + move.x, y: corner.y + move.y, width, height });
  }
  const edges = new Map<string, readonly number[]>();
  for (const [id, way] of ways) {
    edges.set(id, count === 0 ? way : way.map((value, which) => value + (which % 2 === 0 ? move.x : move.y)));
  }
  return { nodes, edges };
}

/** Adds what stands inside boxes, and edges that do not leave theirs. */
function finish(plan: LayoutPlan, rects: readonly Rect[], ways: ReadonlyMap<string, ArrayLike<number>>): GraphLayout {
  const nodes = new Map<string, Rect>();
  for (const [top, box] of plan.boxes.entries()) {
    const rect = rects[top] ?? { x: 0, y: 0, width: box.width, height: box.height };
    nodes.set(box.id, rect);
    for (const [id, inner] of box.inside) nodes.set(id, { ...inner, x: rect.x + inner.x, y: rect.y + inner.y });
  }
  const edges = new Map<string, Float32Array>();
  const sameEnds = new Map<string, number>();
  for (const edge of plan.edges) {
    let way = ways.get(edge.id);
    if (edge.fromTop === edge.toTop) {
      const pair = JSON.stringify([edge.from, edge.to]);
      const nth = sameEnds.get(pair) ?? 0;
      sameEnds.set(pair, nth + 1);
      const box = plan.boxes[edge.fromTop];
      way = innerWay(edge, nodes, box?.inside.keys() ?? [], nth);
    }
    if (way !== undefined) edges.set(edge.id, way instanceof Float32Array ? way : Float32Array.from(way));
  }
  return { nodes, edges, bounds: boundsOf(nodes.values(), edges.values()) };
}
