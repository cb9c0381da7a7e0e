import type { GraphLayout, Rect } from "../layout/layout-types.ts";
import type { GraphEdge, GraphModel, GraphNode } from "../model/graph-model.ts";
import { curved } from "./curve.ts";
import { edgeLook, edgeWeight, type EdgeLook } from "./drawing-style.ts";
import { spatialGrid, type SpatialGrid } from "./spatial-grid.ts";

/** Arrows of one look, most important first. */
export interface EdgeBatch {
  readonly look: EdgeLook;
  readonly edges: readonly number[];
}

/** Where things are: shared by all scenes of one layout whose elements are the same. */
interface Places {
  readonly nodeIds: readonly string[];
  readonly edgeIds: readonly string[];
  readonly boxes: readonly Rect[];
  /** As laid out: for looks from far off, and for what only has to be near. */
  readonly ways: readonly Float32Array[];
  /** As drawn; made when first asked for. */
  readonly curveOf: (edge: number) => Float32Array;
  readonly nodeGrid: SpatialGrid;
  readonly edgeGrid: SpatialGrid;
  readonly nodeIndex: ReadonlyMap<string, number>;
  readonly edgeIndex: ReadonlyMap<string, number>;
  /** By node: arrows that begin or end there. */
  readonly arrows: readonly (readonly number[])[];
}

/** What is drawn, and where: model and layout, made ready for drawing. Elements without a place are left out. */
export interface Scene extends Places {
  readonly layout: GraphLayout;
  readonly bounds: Rect;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Boxes that hold others, outermost first. */
  readonly holders: readonly number[];
  /** All others. */
  readonly leaves: readonly number[];
  /** In the order they are drawn in. */
  readonly batches: readonly EdgeBatch[];
}

/** Makes the scene; what has not moved since `previous` is taken over from it. */
export function buildScene(model: GraphModel, layout: GraphLayout, previous: Scene | null): Scene {
  const nodes = model.nodes.filter(({ id }) => layout.nodes.has(id));
  const edges = model.edges.filter(({ id }) => layout.edges.has(id));
  const known = previous !== null && previous.layout === layout && sameIds(previous, nodes, edges);
  const places = known ? previous : placesOf(nodes, edges, layout);
  const depths = depthsOf(nodes);
  const all = nodes.map((_, at) => at);
  return {
    ...places,
    layout,
    nodes,
    edges,
    bounds: layout.bounds,
    holders: all.filter((at) => nodes[at]?.expanded).sort((a, b) => (depths[a] ?? 0) - (depths[b] ?? 0)),
    leaves: all.filter((at) => nodes[at]?.expanded === false),
    batches: batchesOf(edges),
  };
}

function sameIds(places: Places, nodes: readonly GraphNode[], edges: readonly GraphEdge[]): boolean {
  return (
    places.nodeIds.length === nodes.length &&
    places.edgeIds.length === edges.length &&
    nodes.every(({ id }, at) => places.nodeIds[at] === id) &&
    edges.every(({ id }, at) => places.edgeIds[at] === id)
  );
}

const NOWHERE: Rect = { x: 0, y: 0, width: 0, height: 0 };
const NO_WAY = new Float32Array();

function placesOf(nodes: readonly GraphNode[], edges: readonly GraphEdge[], layout: GraphLayout): Places {
  const boxes = nodes.map(({ id }) => layout.nodes.get(id) ?? NOWHERE);
  const ways = edges.map(({ id }) => layout.edges.get(id) ?? NO_WAY);
  const nodeIndex = new Map(nodes.map(({ id }, at) => [id, at]));
  const arrows: number[][] = nodes.map(() => []);
  for (const [at, { from, to }] of edges.entries()) {
    arrows[nodeIndex.get(from) ?? -1]?.push(at);
    if (from !== to) arrows[nodeIndex.get(to) ?? -1]?.push(at);
  }
  return {
    nodeIds: nodes.map(({ id }) => id),
    edgeIds: edges.map(({ id }) => id),
    boxes,
    ways,
    curveOf: keptCurves(ways),
    nodeIndex,
    arrows,
    edgeIndex: new Map(edges.map(({ id }, at) => [id, at])),
    nodeGrid: whenAsked(() =>
      spatialGrid(layout.bounds, nodes.length, (item, cover) => {
        const { x, y, width, height } = boxes[item] ?? NOWHERE;
        cover(x, y, x + width, y + height);
      }),
    ),
    edgeGrid: whenAsked(() =>
      spatialGrid(layout.bounds, edges.length, (item, cover) => {
        coverStretches(ways[item] ?? NO_WAY, cover);
      }),
    ),
  };
}

function keptCurves(ways: readonly Float32Array[]): Scene["curveOf"] {
  const kept: (Float32Array | undefined)[] = [];
  return (edge) => (kept[edge] ??= curved(ways[edge] ?? NO_WAY));
}

/** A grid that is built when it is first asked: the first picture, of the whole graph, needs none. */
function whenAsked(build: () => SpatialGrid): SpatialGrid {
  let built: SpatialGrid | null = null;
  return {
    query: (box, found) => {
      built ??= build();
      built.query(box, found);
    },
  };
}

function coverStretches(
  way: Float32Array,
  cover: (left: number, top: number, right: number, bottom: number) => void,
): void {
  for (let i = 2; i + 1 < way.length; i += 2) {
    const ax = way[i - 2] ?? 0;
    const ay = way[i - 1] ?? 0;
    const bx = way[i] ?? 0;
    const by = way[i + 1] ?? 0;
    cover(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by));
  }
}

/** By node: how many boxes hold it. */
function depthsOf(nodes: readonly GraphNode[]): number[] {
  const parents = new Map(nodes.map(({ id, parent }) => [id, parent]));
  return nodes.map(({ parent }) => {
    let depth = 0;
    // A model whose parents go round in a circle must not hang the page.
    for (let above = parent; above !== null && depth < 8; above = parents.get(above) ?? null) depth += 1;
    return depth;
  });
}

function batchesOf(edges: readonly GraphEdge[]): EdgeBatch[] {
  const batches = new Map<string, { look: EdgeLook; edges: number[] }>();
  for (const [at, edge] of edges.entries()) {
    const look = edgeLook(edge);
    const key = `${look.rank.toString()} ${look.ink} ${look.width.toString()} ${look.dash?.join() ?? ""}`;
    const batch = batches.get(key);
    if (batch === undefined) batches.set(key, { look, edges: [at] });
    else batch.edges.push(at);
  }
  const weights = edges.map(edgeWeight);
  for (const batch of batches.values()) batch.edges.sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0));
  return [...batches.values()].sort((a, b) => a.look.rank - b.look.rank || a.look.width - b.look.width);
}
