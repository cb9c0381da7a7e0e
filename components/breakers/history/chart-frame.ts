import type { TimeSpan } from "./band-segments.ts";

/** Room at the left of every chart and band, px: figures of the axis stand there, and all lie under each other. */
export const AXIS_LEFT = 48;
/** Room at the right, px. */
export const AXIS_RIGHT = 12;

/** Pointing at a moment in one chart shows it in the others too. A reader of the screen has the table instead. */
export const FRAME = {
  margin: { top: 8, right: AXIS_RIGHT, bottom: 0, left: 0 },
  accessibilityLayer: false,
  syncId: "breaker-history",
  syncMethod: "value",
} as const;

/** The common axis: moments, from end to end of what was asked for. */
export function timeAxis({ fromMs, toMs }: TimeSpan) {
  return { dataKey: "atMs", type: "number", domain: [fromMs, toMs], allowDataOverflow: true } as const;
}

/** Of the line at a moment when somebody did something. */
export const MARK_STYLE = { stroke: "var(--accent)", strokeDasharray: "2 3" } as const;

export const AXIS_STYLE = {
  stroke: "var(--line-strong)",
  tick: { fill: "var(--ink-3)", fontSize: 11 },
  tickLine: false,
} as const;
