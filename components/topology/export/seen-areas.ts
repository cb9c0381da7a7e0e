import type { GraphLayout, Rect } from "../layout/layout-types.ts";

/** Says which part of its drawing is on the screen, px of the drawing. */
export type SeenArea = () => Rect;

/** By layout, so that whoever saves a drawing need not be told by whoever shows it. */
const areas = new WeakMap<GraphLayout, SeenArea>();

/** Announces a drawing of this layout as shown. */
export function announceSeenArea(layout: GraphLayout, area: SeenArea): void {
  areas.set(layout, area);
}

/** The part of this layout that is on the screen; null when it is not shown. */
export function seenAreaOf(layout: GraphLayout): Rect | null {
  return areas.get(layout)?.() ?? null;
}
