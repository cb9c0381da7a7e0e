/** What a key means on the time axis; null: nothing. */
export type AxisMove =
  | { readonly kind: "steps"; readonly count: number }
  /** By the shortest span that is kept. */
  | { readonly kind: "fine"; readonly count: number }
  | { readonly kind: "start" }
  | { readonly kind: "now" }
  | { readonly kind: "zoom"; readonly factor: number }
  | { readonly kind: "marker"; readonly direction: 1 | -1 };

const MOVES: Readonly<Record<string, AxisMove>> = {
  ArrowLeft: { kind: "steps", count: -1 },
  ArrowDown: { kind: "steps", count: -1 },
  ArrowRight: { kind: "steps", count: 1 },
  ArrowUp: { kind: "steps", count: 1 },
  PageDown: { kind: "steps", count: -10 },
  PageUp: { kind: "steps", count: 10 },
  Home: { kind: "start" },
  End: { kind: "now" },
  "+": { kind: "zoom", factor: 0.5 },
  "=": { kind: "zoom", factor: 0.5 },
  "-": { kind: "zoom", factor: 2 },
  "[": { kind: "marker", direction: -1 },
  "]": { kind: "marker", direction: 1 },
};

/** By the pattern for sliders of ARIA; with Shift, arrows go by the shortest span that is kept. */
export function axisMove({ key, shiftKey }: { readonly key: string; readonly shiftKey: boolean }): AxisMove | null {
  const move = MOVES[key] ?? null;
  return move?.kind === "steps" && shiftKey ? { kind: "fine", count: Math.sign(move.count) } : move;
}
