import type { Marker, MarkerKind } from "#domain/history.ts";
import { TONE_COLORS } from "./marker-words.ts";

/** A shape of its own for each kind, in a box of 12 by 12. */
const SHAPES: Readonly<Record<MarkerKind, string>> = {
  // A diamond, an upright hexagon, a triangle.
  revision: "M6 0.5 L11.5 6 L6 11.5 L0.5 6 Z",
  override: "M6 0.5 L11 3.25 V8.75 L6 11.5 L1 8.75 V3.25 Z",
  drift: "M6 1 L11.5 11 H0.5 Z",
  // A ring, a square, a bar.
  breaker: "M6 0.5 A5.5 5.5 0 1 0 6 11.5 A5.5 5.5 0 1 0 6 0.5 Z M6 3.5 A2.5 2.5 0 1 1 6 8.5 A2.5 2.5 0 1 1 6 3.5 Z",
  instance: "M1.5 1.5 H10.5 V10.5 H1.5 Z",
  gateway: "M0.5 3.5 H11.5 V8.5 H0.5 Z",
};

interface MarkerGlyphProps {
  readonly kind: MarkerKind;
  readonly tone: Marker["tone"];
}

/** The sign of a marker. Its words always stand beside it, or in the name of what holds it. */
export function MarkerGlyph({ kind, tone }: MarkerGlyphProps) {
  return (
    <svg aria-hidden width={12} height={12} viewBox="0 0 12 12" className="shrink-0">
      <path d={SHAPES[kind]} fillRule="evenodd" fill={TONE_COLORS[tone]} />
    </svg>
  );
}
