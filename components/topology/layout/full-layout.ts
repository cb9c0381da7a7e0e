import { digraph } from "./digraph.ts";
import { backwards, moved, type InnerEnds } from "./edge-ends.ts";
import { drawLayers, type LayeredDrawing } from "./layered-drawing.ts";
import type { LayoutPlan } from "./layout-plan.ts";
import type { Point, Rect } from "./layout-types.ts";
import { packParts, tidyBlock } from "./packing.ts";
import { partsOf, type Part } from "./parts.ts";
import { boundsOf } from "./rects.ts";
import { LOOP_RISE, NODE_GAP, PART_GAP } from "./spacing.ts";
import { withoutStraightPoints } from "./ways.ts";

/** Where the nodes at the top stand, and the ways of edges between different ones of them. */
export interface TopLayout {
  readonly corners: readonly Point[];
  /** By id. */
  readonly ways: ReadonlyMap<string, readonly number[]>;
}

/** Lays everything out from nothing: each connected part in layers, parts side by side, what is joined to nothing below. */
export function layOutAnew(plan: LayoutPlan, ends: InnerEnds): TopLayout {
  const { parts, alone } = partsOf(plan);
  const drawings = parts.map((part) => drawPart(plan, part, ends));
  const frames = drawings.map((drawing, which) => frameOf(plan, parts[which], drawing));
  const moves = packParts(frames, PART_GAP);
  const corners: Point[] = plan.boxes.map(() => ({ x: 0, y: 0 }));
  const ways = new Map<string, readonly number[]>();
  for (const [which, part] of parts.entries()) {
    const drawing = drawings[which];
    const move = moves[which] ?? { x: 0, y: 0 };
    if (drawing === undefined) continue;
    for (const [node, top] of part.tops.entries()) {
      corners[top] = { x: (drawing.x[node] ?? 0) + move.x, y: (drawing.y[node] ?? 0) + move.y };
    }
    for (const [place, edge] of part.edges.entries()) {
      const planned = plan.edges[edge];
      if (planned !== undefined) ways.set(planned.id, moved(drawing.edges[place] ?? [], move.x, move.y));
    }
  }
  const whole = boundsOf(
    frames.map((frame, which) => ({
      ...frame,
      x: frame.x + (moves[which]?.x ?? 0),
      y: frame.y + (moves[which]?.y ?? 0),
    })),
  );
  const below = parts.length === 0 ? 0 : whole.y + whole.height + PART_GAP;
  const block = tidyBlock(
    alone.map((top) => plan.boxes[top] ?? { width: 0, height: 0 }),
    whole.width,
    NODE_GAP,
  );
  for (const [which, top] of alone.entries()) {
    const place = block[which] ?? { x: 0, y: 0 };
    corners[top] = { x: Math.round(whole.x + place.x), y: Math.round(below + place.y) };
  }
  return { corners, ways };
}

function frameOf({ boxes }: LayoutPlan, part: Part | undefined, { x, y, edges }: LayeredDrawing): Rect {
  const rects = (part?.tops ?? []).map((top, node) => ({
    x: x[node] ?? 0,
    y: y[node] ?? 0,
    width: boxes[top]?.width ?? 0,
    height: boxes[top]?.height ?? 0,
  }));
  return boundsOf(rects, edges);
}

function drawPart(plan: LayoutPlan, { tops, edges }: Part, ends: InnerEnds): LayeredDrawing {
  const nodeOf = new Map(tops.map((top, node) => [top, node]));
  const planned = edges.flatMap((edge) => plan.edges[edge] ?? []);
  const boxes = tops.flatMap((top) => plan.boxes[top] ?? []);
  const from = Int32Array.from(planned, ({ fromTop }) => nodeOf.get(fromTop) ?? 0);
  const to = Int32Array.from(planned, ({ toTop }) => nodeOf.get(toTop) ?? 0);
  const callsItself = new Set(plan.edges.flatMap((edge) => (edge.fromTop === edge.toTop ? [edge.fromTop] : [])));
  const inner = (edge: number, atCaller: boolean, onRight: boolean): number[] => {
    const one = planned[edge];
    return one === undefined ? [] : ends.way(one, atCaller, onRight);
  };
  const drawing = drawLayers({
    graph: digraph(tops.length, from, to),
    widths: Float64Array.from(boxes, ({ width }) => width),
    heights: Float64Array.from(boxes, ({ height }) => height),
    rooms: Float64Array.from(tops, (top) => (callsItself.has(top) ? LOOP_RISE : 0)),
    fixedPort: (edge, atCaller, onRight) => {
      const y = inner(edge, atCaller, onRight).at(-1);
      const box = boxes[(atCaller ? from[edge] : to[edge]) ?? 0];
      return y === undefined || box === undefined ? Number.NaN : y - box.height / 2;
    },
  });
  const whole = drawing.edges.map((way, edge) => {
    const caller = from[edge] ?? 0;
    const callee = to[edge] ?? 0;
    // An edge leaves its caller towards its callee: to the right, or to the left where it was turned round.
    const toRight = (way[0] ?? 0) > (drawing.x[caller] ?? 0);
    const start = moved(inner(edge, true, toRight), drawing.x[caller] ?? 0, drawing.y[caller] ?? 0);
    const end = moved(inner(edge, false, !toRight), drawing.x[callee] ?? 0, drawing.y[callee] ?? 0);
    return start.length + end.length === 0 ? way : withoutStraightPoints([...start, ...way, ...backwards(end)]);
  });
  return { ...drawing, edges: whole };
}
