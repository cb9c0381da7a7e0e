import type { Box } from "./expanded-box.ts";
import { wayOut } from "./inner-ways.ts";
import type { LayoutPlan, PlannedEdge } from "./layout-plan.ts";
import type { Rect } from "./layout-types.ts";

const CHILD_PORT_GAP = 8;
const CHILD_PORT_MARGIN = 4;

/** Where edges end that end at a node inside another. */
export class InnerEnds {
  readonly #plan: LayoutPlan;
  /** Place of each edge among those that end at the same inner node, and how many these are. */
  readonly #places = new Map<string, { readonly place: number; readonly group: string[] }>();

  constructor(plan: LayoutPlan) {
    this.#plan = plan;
    const groups = new Map<string, string[]>();
    const note = (edge: PlannedEdge, end: string): void => {
      const group = groups.get(end) ?? [];
      groups.set(end, group);
      this.#places.set(keyOf(edge, end), { place: group.length, group });
      group.push(edge.id);
    };
    for (const edge of plan.edges) {
      if (plan.boxes[edge.fromTop]?.id !== edge.from) note(edge, edge.from);
      if (plan.boxes[edge.toTop]?.id !== edge.to && edge.to !== edge.from) note(edge, edge.to);
    }
  }

  /** Way of an edge from the inner node out to its top-level box's border, from that box's corner; empty: it ends at the box. */
  way(edge: PlannedEdge, atCaller: boolean, onRight: boolean): number[] {
    const end = atCaller ? edge.from : edge.to;
    const box = this.#boxOf(end);
    if (box === undefined || box.id === end) return [];
    return wayOut(box, end, onRight, this.#shift(edge, end, box.inside.get(end)));
  }

  #shift(edge: PlannedEdge, end: string, rect: Rect | undefined): number {
    const { place, group } = this.#places.get(keyOf(edge, end)) ?? { place: 0, group: [edge.id] };
    if (group.length < 2 || rect === undefined) return 0;
    const step = Math.min(CHILD_PORT_GAP, Math.max(0, rect.height - 2 * CHILD_PORT_MARGIN) / (group.length - 1));
    return (place - (group.length - 1) / 2) * step;
  }

  #boxOf(id: string): Box | undefined {
    return this.#plan.boxes[this.#plan.topOf.get(id) ?? -1];
  }
}

const keyOf = (edge: PlannedEdge, end: string): string => JSON.stringify([edge.id, end]);

/** Points moved by a distance. */
export function moved(points: readonly number[], x: number, y: number): number[] {
  return points.map((value, which) => value + (which % 2 === 0 ? x : y));
}

/** The same points from the other end. */
export function backwards(points: readonly number[]): number[] {
  const result: number[] = [];
  for (let k = points.length - 2; k >= 0; k -= 2) result.push(points[k] ?? 0, points[k + 1] ?? 0);
  return result;
}
