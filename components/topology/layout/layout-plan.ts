import { compareIds } from "./compare-ids.ts";
import { arrangeBox, type Box } from "./expanded-box.ts";
import type { LayoutEdge, LayoutNode, LayoutRequest, Rect } from "./layout-types.ts";

/** A request in a steady order, sizes known, edges between what there is. */
export interface LayoutPlan {
  /** Nodes at the top, by id. */
  readonly boxes: readonly Box[];
  /** Which of `boxes` each node is or stands in. */
  readonly topOf: ReadonlyMap<string, number>;
  readonly edges: readonly PlannedEdge[];
}

export interface PlannedEdge extends LayoutEdge {
  /** Of `boxes`. */
  readonly fromTop: number;
  readonly toTop: number;
}

/** Edges to unknown nodes are left out; a node whose parent is unknown, or stands in itself, stands at the top. */
export function planLayout({ nodes, edges, previous }: LayoutRequest): LayoutPlan {
  const byId = new Map<string, LayoutNode>();
  for (const node of nodes) if (!byId.has(node.id)) byId.set(node.id, node);
  const sorted = [...byId.values()].sort((a, b) => compareIds(a.id, b.id));
  const childrenOf = new Map<string, LayoutNode[]>();
  const tops: LayoutNode[] = [];
  for (const node of sorted) {
    const parent = parentOf(node, byId);
    const siblings = parent === null ? tops : (childrenOf.get(parent) ?? []);
    siblings.push(node);
    if (parent !== null) childrenOf.set(parent, siblings);
  }
  const boxes = tops.map((node) => arrangeBox(node, childrenOf, previous));
  const topOf = new Map<string, number>();
  for (const [top, box] of boxes.entries()) {
    topOf.set(box.id, top);
    for (const id of box.inside.keys()) topOf.set(id, top);
  }
  return { boxes, topOf, edges: planEdges(edges, topOf) };
}

function parentOf({ id, parent }: LayoutNode, byId: ReadonlyMap<string, LayoutNode>): string | null {
  if (parent === null || !byId.has(parent)) return null;
  const seen = new Set([id]);
  for (let above: string | null = parent; above !== null; above = byId.get(above)?.parent ?? null) {
    if (seen.has(above)) return null;
    seen.add(above);
  }
  return parent;
}

function planEdges(edges: readonly LayoutEdge[], topOf: ReadonlyMap<string, number>): readonly PlannedEdge[] {
  const byId = new Map<string, PlannedEdge>();
  for (const { id, from, to } of edges) {
    const fromTop = topOf.get(from);
    const toTop = topOf.get(to);
    if (fromTop === undefined || toTop === undefined || byId.has(id)) continue;
    byId.set(id, { id, from, to, fromTop, toTop });
  }
  return [...byId.values()].sort((a, b) => a.fromTop - b.fromTop || a.toTop - b.toTop || compareIds(a.id, b.id));
}

/** Places of all nodes, those inside others included, when the boxes at the top stand at `rects`. */
export function allPlaces({ boxes }: LayoutPlan, rects: readonly Rect[]): ReadonlyMap<string, Rect> {
  const places = new Map<string, Rect>();
  for (const [top, box] of boxes.entries()) {
    const rect = rects[top];
    if (rect === undefined) continue;
    places.set(box.id, rect);
    for (const [id, inner] of box.inside) places.set(id, { ...inner, x: rect.x + inner.x, y: rect.y + inner.y });
  }
  return places;
}
