import type { LayoutPlan } from "./layout-plan.ts";

/** Nodes that edges join, and the edges (indices of the plan's). */
export interface Part {
  readonly tops: readonly number[];
  readonly edges: readonly number[];
}

/** Connected parts of the graph, in the order of their first nodes; and nodes that no edge joins with another. */
export function partsOf({ boxes, edges }: LayoutPlan): {
  readonly parts: readonly Part[];
  readonly alone: readonly number[];
} {
  const leader = Int32Array.from(boxes, (_, top) => top);
  const find = (top: number): number => {
    let at = top;
    while (leader[at] !== at) {
      const above = leader[at] ?? at;
      leader[at] = leader[above] ?? above;
      at = above;
    }
    return at;
  };
  for (const { fromTop, toTop } of edges) {
    const [a, b] = [find(fromTop), find(toTop)];
    leader[Math.max(a, b)] = Math.min(a, b);
  }
  const byLeader = new Map<number, { tops: number[]; edges: number[] }>();
  for (let top = 0; top < boxes.length; top += 1) {
    const part = byLeader.get(find(top)) ?? { tops: [], edges: [] };
    part.tops.push(top);
    byLeader.set(find(top), part);
  }
  for (const [which, { fromTop, toTop }] of edges.entries()) {
    if (fromTop !== toTop) byLeader.get(find(fromTop))?.edges.push(which);
  }
  const all = [...byLeader.values()];
  return {
    parts: all.filter((part) => part.tops.length > 1),
    alone: all.flatMap((part) => (part.tops.length > 1 ? [] : part.tops)),
  };
}
