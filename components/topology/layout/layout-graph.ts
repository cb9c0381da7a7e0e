import { InnerEnds, moved } from "./edge-ends.ts";
import { layOutAnew, type TopLayout } from "./full-layout.ts";
import { innerWay } from "./inner-edges.ts";
import { allPlaces, planLayout, type LayoutPlan } from "./layout-plan.ts";
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
  const fresh = moveToPins(plan, layOutAnew(plan, ends), pins);
  const rects = plan.boxes.map(({ width, height }, top) => ({
    ...(fresh.corners[top] ?? { x: 0, y: 0 }),
    width,
    height,
  }));
  if (!plan.boxes.some(({ id }) => pins.has(id))) return finish(plan, rects, fresh.ways);
  return steady(plan, ends, pins, { nodes: allPlaces(plan, rects), edges: fresh.ways });
}

function steady(plan: LayoutPlan, ends: InnerEnds, pins: ReadonlyMap<string, Point>, drawn: Drawn): GraphLayout {
  const rects = keepPlaces(plan, pins, drawn);
  return finish(plan, rects, keepWays(plan, rects, ends, drawn));
}

/** Moves a fresh drawing as a whole to where its pinned nodes are on average, so that the others stand well beside them. */
function moveToPins({ boxes }: LayoutPlan, fresh: TopLayout, pins: ReadonlyMap<string, Point>): TopLayout {
  let [x, y, count] = [0, 0, 0];
  for (const [top, { id }] of boxes.entries()) {
    const pin = pins.get(id);
    if (pin === undefined) continue;
    x += pin.x - (fresh.corners[top]?.x ?? 0);
    y += pin.y - (fresh.corners[top]?.y ?? 0);
    count += 1;
  }
  if (count === 0) return fresh;
  const [moveX, moveY] = [Math.round(x / count), Math.round(y / count)];
  return {
    corners: fresh.corners.map((corner) => ({ x: corner.x + moveX, y: corner.y + moveY })),
    ways: new Map([...fresh.ways].map(([id, way]) => [id, moved(way, moveX, moveY)])),
  };
}

/** Adds what stands inside boxes, and edges that do not leave theirs. */
function finish(plan: LayoutPlan, rects: readonly Rect[], ways: ReadonlyMap<string, ArrayLike<number>>): GraphLayout {
  const nodes = allPlaces(plan, rects);
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
    if (way !== undefined) edges.set(edge.id, way instanceof Float32Array ? way : new Float32Array(way));
  }
  return { nodes, edges, bounds: boundsOf(nodes.values(), edges.values()) };
}
