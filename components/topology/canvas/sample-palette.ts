import type { Palette } from "./palette.ts";

/** Colours for tests: each is another one. */
export const SAMPLE_PALETTE: Palette = {
  canvas: "#f5f6f8",
  surface: "#ffffff",
  sunken: "#f0f2f5",
  line: "#dfe3e8",
  lineStrong: "#b9c1cb",
  ink: "#18212c",
  ink2: "#465262",
  ink3: "#626e7d",
  accent: "#1d5bb8",
  accentTint: "#e8effa",
  good: "#15703f",
  goodTint: "#e5f3ea",
  warn: "#8a5500",
  warnTint: "#fcf1dc",
  bad: "#b4232a",
  badTint: "#fbe9e9",
  off: "#62707d",
  offTint: "#eceff2",
  shade: "rgb(16 24 40 / 0.07)",
  font: '"Geist Sans", sans-serif',
};
