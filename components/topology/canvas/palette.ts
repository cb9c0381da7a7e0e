/** Colours of the drawing, as the theme has them. */
export interface Palette {
  readonly canvas: string;
  readonly surface: string;
  readonly sunken: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly accent: string;
  readonly accentTint: string;
  readonly good: string;
  readonly goodTint: string;
  readonly warn: string;
  readonly warnTint: string;
  readonly bad: string;
  readonly badTint: string;
  readonly off: string;
  readonly offTint: string;
  readonly shade: string;
  /** Families of the page's type, as CSS has them. */
  readonly font: string;
}

export type Ink = Exclude<keyof Palette, "font">;

/** Where the style sheet has each of them. */
export const INK_VARIABLES = {
  canvas: "--canvas",
  surface: "--surface",
  sunken: "--sunken",
  line: "--line",
  lineStrong: "--line-strong",
  ink: "--ink",
  ink2: "--ink-2",
  ink3: "--ink-3",
  accent: "--accent",
  accentTint: "--accent-tint",
  good: "--good",
  goodTint: "--good-tint",
  warn: "--warn",
  warnTint: "--warn-tint",
  bad: "--bad",
  badTint: "--bad-tint",
  off: "--off",
  offTint: "--off-tint",
} as const satisfies Record<Exclude<Ink, "shade">, string>;

/** Reads the colours that apply at `element` from the style sheet. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim() || "#808080";
  return {
    canvas: read(INK_VARIABLES.canvas),
    surface: read(INK_VARIABLES.surface),
    sunken: read(INK_VARIABLES.sunken),
    line: read(INK_VARIABLES.line),
    lineStrong: read(INK_VARIABLES.lineStrong),
    ink: read(INK_VARIABLES.ink),
    ink2: read(INK_VARIABLES.ink2),
    ink3: read(INK_VARIABLES.ink3),
    accent: read(INK_VARIABLES.accent),
    accentTint: read(INK_VARIABLES.accentTint),
    good: read(INK_VARIABLES.good),
    goodTint: read(INK_VARIABLES.goodTint),
    warn: read(INK_VARIABLES.warn),
    warnTint: read(INK_VARIABLES.warnTint),
    bad: read(INK_VARIABLES.bad),
    badTint: read(INK_VARIABLES.badTint),
    off: read(INK_VARIABLES.off),
    offTint: read(INK_VARIABLES.offTint),
    shade: "rgb(16 24 40 / 0.07)",
    font: style.fontFamily || "sans-serif",
  };
}
