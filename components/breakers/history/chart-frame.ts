/** Room at the left of every chart and band, px: figures of the axis stand there, and all lie under each other. */
export const AXIS_LEFT = 48;
/** Room at the right, px. */
export const AXIS_RIGHT = 12;

export const AXIS_STYLE = {
  stroke: "var(--line-strong)",
  tick: { fill: "var(--ink-3)", fontSize: 11 },
  tickLine: false,
} as const;
