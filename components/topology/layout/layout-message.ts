import type { GraphLayout, LayoutRequest, Rect } from "./layout-types.ts";

/** What the page asks the worker. */
export interface LayoutQuestion extends Omit<LayoutRequest, "previous"> {
  readonly number: number;
  readonly previous: PackedLayout | null;
}

/** A layout in three buffers, which change hands instead of being copied. */
export interface PackedLayout {
  readonly nodeIds: readonly string[];
  /** x, y, width, height of each node. */
  readonly rects: Float64Array<ArrayBuffer>;
  readonly edgeIds: readonly string[];
  /** Where each edge's points end in `points`; they start where those of the one before end. */
  readonly ends: Uint32Array<ArrayBuffer>;
  readonly points: Float32Array<ArrayBuffer>;
  readonly bounds: Rect;
}

/** What the worker answers: the number of the question, and the layout or what went wrong. */
export type LayoutAnswer =
  | { readonly number: number; readonly layout: PackedLayout }
  | { readonly number: number; readonly failure: string };

export function packLayout({ nodes, edges, bounds }: GraphLayout): PackedLayout {
  const rects = new Float64Array(nodes.size * 4);
  let next = 0;
  for (const { x, y, width, height } of nodes.values()) {
    rects.set([x, y, width, height], next);
    next += 4;
  }
  const ends = new Uint32Array(edges.size);
  let total = 0;
  let which = 0;
  for (const way of edges.values()) ends[which++] = total += way.length;
  const points = new Float32Array(total);
  which = 0;
  for (const way of edges.values()) points.set(way, (ends[which++] ?? 0) - way.length);
  return { nodeIds: [...nodes.keys()], rects, edgeIds: [...edges.keys()], ends, points, bounds };
}

/** The buffers of a packed layout, to be handed over. */
export function buffersOf({ rects, ends, points }: PackedLayout): ArrayBuffer[] {
  return [rects.buffer, ends.buffer, points.buffer];
}

export function unpackLayout({ nodeIds, rects, edgeIds, ends, points, bounds }: PackedLayout): GraphLayout {
  const nodes = new Map<string, Rect>();
  for (const [which, id] of nodeIds.entries()) {
    const [x = 0, y = 0, width = 0, height = 0] = rects.subarray(which * 4, which * 4 + 4);
    nodes.set(id, { x, y, width, height });
  }
  const edges = new Map<string, Float32Array>();
  let start = 0;
  for (const [which, id] of edgeIds.entries()) {
    const end = ends[which] ?? start;
    edges.set(id, points.subarray(start, end));
    start = end;
  }
  return { nodes, edges, bounds };
}
