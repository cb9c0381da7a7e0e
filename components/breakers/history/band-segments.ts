import type { OverrideSpan, StateSpan } from "#domain/breaker-history.ts";
import type { OverrideMode } from "#domain/override.ts";
import type { BreakerState } from "#domain/traffic.ts";

export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A piece of a band. `from` and `width` are shares of the axis, 0 to 1. */
export interface BandSegment extends TimeSpan {
  readonly from: number;
  readonly width: number;
  /** Null: nothing is known of this time. */
  readonly state: BreakerState | null;
  /** Share let through during a step of a graded return, percent. */
  readonly percent: number | null;
  readonly cause: string;
  /** Whether it was still so when the history was read. */
  readonly ongoing: boolean;
}

/** A gateway's states over the whole axis, without gaps: where no span says anything, that nothing is known. */
export function bandSegments(spans: readonly StateSpan[], axis: TimeSpan): readonly BandSegment[] {
  const segments: BandSegment[] = [];
  let reachedMs = axis.fromMs;
  const unknownUntil = (toMs: number): void => {
    if (toMs <= reachedMs) return;
    segments.push(
      segment({ fromMs: reachedMs, toMs }, axis, { state: null, percent: null, cause: "", ongoing: false }),
    );
  };
  for (const span of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const fromMs = Math.max(span.fromMs, reachedMs);
    const toMs = Math.min(span.toMs ?? axis.toMs, axis.toMs);
    if (toMs <= fromMs) continue;
    unknownUntil(fromMs);
    const { state, percent, cause } = span;
    segments.push(segment({ fromMs, toMs }, axis, { state, percent, cause, ongoing: span.toMs === null }));
    reachedMs = toMs;
  }
  unknownUntil(axis.toMs);
  return segments;
}

function segment(
  span: TimeSpan,
  axis: TimeSpan,
  rest: Pick<BandSegment, "state" | "percent" | "cause" | "ongoing">,
): BandSegment {
  return { ...span, ...placeOn(axis, span), ...rest };
}

/** Where a span lies on the axis, as shares of its length; what sticks out is cut off. */
export function placeOn(axis: TimeSpan, span: TimeSpan): { readonly from: number; readonly width: number } {
  const lengthMs = Math.max(1, axis.toMs - axis.fromMs);
  const from = Math.min(1, Math.max(0, (span.fromMs - axis.fromMs) / lengthMs));
  const to = Math.min(1, Math.max(0, (span.toMs - axis.fromMs) / lengthMs));
  return { from, width: to - from };
}

export interface OverrideBand {
  readonly from: number;
  readonly width: number;
  readonly mode: OverrideMode;
  readonly span: OverrideSpan;
}

/** Overrides that held a gateway within the axis, oldest first. `where` of a span says which gateways it bound. */
export function overrideBands(
  overrides: readonly OverrideSpan[],
  gatewayId: string,
  axis: TimeSpan,
): readonly OverrideBand[] {
  return overrides
    .filter(({ where }) => where === "all gateways" || where === `only ${gatewayId}`)
    .map((span) => ({
      ...placeOn(axis, { fromMs: span.fromMs, toMs: span.toMs ?? axis.toMs }),
      mode: span.mode,
      span,
    }))
    .filter(({ width }) => width > 0);
}
