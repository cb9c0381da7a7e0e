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

/** Reads the colours that apply at `element` from the style sheet. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim() || "#808080";
  return {
    canvas: read("--canvas"),
    surface: read("--surface"),
    sunken: read("--sunken"),
    line: read("--line"),
    lineStrong: read("--line-strong"),
    ink: read("--ink"),
    ink2: read("--ink-2"),
    ink3: read("--ink-3"),
    accent: read("--accent"),
    accentTint: read("--accent-tint"),
    good: read("--good"),
    goodTint: read("--good-tint"),
    warn: read("--warn"),
    warnTint: read("--warn-tint"),
    bad: read("--bad"),
    badTint: read("--bad-tint"),
    off: read("--off"),
    offTint: read("--off-tint"),
    shade: "rgb(16 24 40 / 0.07)",
    font: style.fontFamily || "sans-serif",
  };
}
