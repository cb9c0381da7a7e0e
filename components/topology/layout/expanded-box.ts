import type { GraphLayout, LayoutNode, Rect } from "./layout-types.ts";
import { overlaps } from "./rects.ts";
import { CHILD_GAP, PADDING, TITLE_HEIGHT } from "./spacing.ts";

/** A node with everything that stands in it. */
export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** What it holds, at any depth: places from its top-left corner, and ids of the boxes that hold them. */
  readonly inside: ReadonlyMap<string, Rect>;
  readonly holders: ReadonlyMap<string, string>;
}

/** Up to this many stand in one column; more make a grid about as wide as high. */
const ONE_COLUMN = 5;

/**
 * Lays a node out inside, and says how large it is: its own size, or more where what it holds needs more. What `previous`
 * shows in it keeps its place there; what is new takes the first free cell.
 */
export function arrangeBox(
  node: LayoutNode,
  childrenOf: ReadonlyMap<string, readonly LayoutNode[]>,
  previous: GraphLayout | null,
): Box {
  const children = (childrenOf.get(node.id) ?? []).map((child) => arrangeBox(child, childrenOf, previous));
  const places = placeChildren(node.id, children, previous);
  const inside = new Map<string, Rect>();
  const holders = new Map<string, string>();
  let { width, height } = node;
  for (const [which, child] of children.entries()) {
    const { x, y } = places[which] ?? { x: PADDING, y: TITLE_HEIGHT };
    inside.set(child.id, { x, y, width: child.width, height: child.height });
    holders.set(child.id, node.id);
    for (const [id, rect] of child.inside) inside.set(id, { ...rect, x: rect.x + x, y: rect.y + y });
    for (const [id, holder] of child.holders) holders.set(id, holder);
    width = Math.max(width, x + child.width + PADDING);
    height = Math.max(height, y + child.height + PADDING);
  }
  return { id: node.id, width, height, inside, holders };
}

function placeChildren(parent: string, children: readonly Box[], previous: GraphLayout | null): readonly Rect[] {
  const kept = children.map((child) => keptPlace(parent, child, previous));
  const known = kept.filter((rect) => rect !== null);
  const clash = known.some((a, which) => known.some((b, other) => other > which && overlaps(a, b)));
  if (known.length === 0 || clash) return freshGrid(children);
  return fillGaps(children, kept);
}

/** Where the child stood in this parent before, if it did. */
function keptPlace(parent: string, { id, width, height }: Box, previous: GraphLayout | null): Rect | null {
  const outer = previous?.nodes.get(parent);
  const inner = previous?.nodes.get(id);
  if (outer === undefined || inner === undefined) return null;
  const x = inner.x - outer.x;
  const y = inner.y - outer.y;
  if (x < 0 || y < TITLE_HEIGHT || x >= outer.width || y >= outer.height) return null;
  return { x, y, width, height };
}

/** Columns filled from top to bottom. Rows are level across columns, so that edges find straight lanes between them. */
function freshGrid(children: readonly Box[]): readonly Rect[] {
  const columns = columnsFor(children);
  const rows = Math.ceil(children.length / columns);
  const widths = Array.from({ length: columns }, () => 0);
  const heights = Array.from({ length: rows }, () => 0);
  for (const [which, { width, height }] of children.entries()) {
    const column = Math.floor(which / rows);
    widths[column] = Math.max(widths[column] ?? 0, width);
    heights[which % rows] = Math.max(heights[which % rows] ?? 0, height);
  }
  const lefts = starts(widths, PADDING);
  const tops = starts(heights, TITLE_HEIGHT);
  return children.map(({ width, height }, which) => ({
    x: lefts[Math.floor(which / rows)] ?? 0,
    y: tops[which % rows] ?? 0,
    width,
    height,
  }));
}

function columnsFor(children: readonly Box[]): number {
  if (children.length <= ONE_COLUMN) return 1;
  const widest = Math.max(1, ...children.map((child) => child.width + CHILD_GAP));
  const highest = Math.max(1, ...children.map((child) => child.height + CHILD_GAP));
  return Math.max(1, Math.round(Math.sqrt((children.length * highest) / widest)));
}

function starts(lengths: readonly number[], first: number): readonly number[] {
  let next = first;
  return lengths.map((length) => {
    const start = next;
    next += length + CHILD_GAP;
    return start;
  });
}

function fillGaps(children: readonly Box[], kept: readonly (Rect | null)[]): readonly Rect[] {
  const taken = kept.filter((rect) => rect !== null);
  const columns = columnsFor(children);
  const across = Math.max(...children.map((child) => child.width)) + CHILD_GAP;
  const down = Math.max(...children.map((child) => child.height)) + CHILD_GAP;
  return children.map(({ width, height }, which) => {
    const known = kept[which];
    if (known !== null && known !== undefined) return known;
    for (let cell = 0; ; cell += 1) {
      const x = PADDING + (cell % columns) * across;
      const y = TITLE_HEIGHT + Math.floor(cell / columns) * down;
      const rect = { x, y, width, height };
      if (taken.some((other) => overlaps(rect, other, CHILD_GAP / 2))) continue;
      taken.push(rect);
      return rect;
    }
  });
}
