import type { TimeSpan } from "./signal-range.ts";

/** Room at the left of every chart for the figures of its axis, px: all plots lie under each other. */
export const AXIS_LEFT = 60;
/** Room at the right, px. */
export const AXIS_RIGHT = 12;

/** `left` of what stands at a moment, over a chart. */
export function leftOf(atMs: number, { fromMs, toMs }: TimeSpan): string {
  const share = (atMs - fromMs) / (toMs - fromMs);
  return `calc(${AXIS_LEFT.toString()}px + (100% - ${(AXIS_LEFT + AXIS_RIGHT).toString()}px) * ${share.toFixed(5)})`;
}

/** The moment under a pointer, within the span. */
export function momentAt(clientX: number, box: DOMRect, { fromMs, toMs }: TimeSpan): number {
  const share = (clientX - box.left - AXIS_LEFT) / Math.max(1, box.width - AXIS_LEFT - AXIS_RIGHT);
  return fromMs + Math.max(0, Math.min(1, share)) * (toMs - fromMs);
}
