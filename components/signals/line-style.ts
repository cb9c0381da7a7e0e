import { OTHERS } from "./extend-signals.ts";

export interface LineStyle {
  readonly color: string;
  /** Of the stroke; null: drawn through. */
  readonly dash: string | null;
}

/** Hues that people who see red and green alike can tell apart, after Okabe and Ito; each is drawn through, then dashed. */
const HUES = 6;

/** How the line at a place among all is drawn. Never by colour alone: beyond six, lines are dashed. */
export function lineStyle(name: string, at: number): LineStyle {
  if (name === OTHERS) return { color: "var(--series-abandoned)", dash: null };
  return {
    color: `var(--series-${((at % HUES) + 1).toString()})`,
    dash: at < HUES ? null : at < 2 * HUES ? "5 3" : "2 2",
  };
}
