import type { LayoutEdge, LayoutNode, LayoutRequest, Point } from "./layout-types.ts";

/** What a layout depends on, besides what is drawn already. */
export type LayoutSubject = Omit<LayoutRequest, "previous">;

/** Whether two subjects are laid out the same: figures may differ, but no node, size, edge or pin. */
export function isSameSubject(a: LayoutSubject, b: LayoutSubject): boolean {
  return sameLists(a.nodes, b.nodes, sameNode) && sameLists(a.edges, b.edges, sameEdge) && samePins(a.pins, b.pins);
}

/** Only what a layout depends on: callers may give objects that carry much more. */
export function layoutSubject(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  pins: ReadonlyMap<string, Point>,
): LayoutSubject {
  return {
    nodes: nodes.map(({ id, width, height, parent }) => ({ id, width, height, parent })),
    edges: edges.map(({ id, from, to }) => ({ id, from, to })),
    pins: new Map(pins),
  };
}

function sameLists<T>(a: readonly T[], b: readonly T[], same: (one: T, other: T) => boolean): boolean {
  if (a === b) return true;
  return (
    a.length === b.length &&
    a.every((one, which) => {
      const other = b[which];
      return other !== undefined && same(one, other);
    })
  );
}

const sameNode = (a: LayoutNode, b: LayoutNode): boolean =>
  a === b || (a.id === b.id && a.width === b.width && a.height === b.height && a.parent === b.parent);

const sameEdge = (a: LayoutEdge, b: LayoutEdge): boolean =>
  a === b || (a.id === b.id && a.from === b.from && a.to === b.to);

function samePins(a: ReadonlyMap<string, Point>, b: ReadonlyMap<string, Point>): boolean {
  if (a === b) return true;
  return (
    a.size === b.size &&
    [...a].every(([id, { x, y }]) => {
      const other = b.get(id);
      return other !== undefined && other.x === x && other.y === y;
    })
  );
}
