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
  /** How many states it stands for: 1, or more where they followed each other too fast to be drawn. */
  readonly count: number;
}

/** Nothing narrower than this share of the axis is drawn by itself: two pixels of a wide page. */
const NARROWEST = 0.002;

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
  return withoutSlivers(segments);
}

/** A breaker that flaps has thousands of states in a day. Those that follow each other too fast become one, as bad as the worst of them. */
function withoutSlivers(segments: readonly BandSegment[]): readonly BandSegment[] {
  const drawn: BandSegment[] = [];
  for (const next of segments) {
    const last = drawn.at(-1);
    const sliver = last !== undefined && last.width < NARROWEST && next.width < NARROWEST;
    if (sliver) drawn[drawn.length - 1] = joined(last, next);
    else drawn.push(next);
  }
  return drawn;
}

const BADNESS = { closed: 0, "half-open": 1, open: 2 } as const;

function joined(a: BandSegment, b: BandSegment): BandSegment {
  const isWorse = b.state !== null && (a.state === null || BADNESS[b.state] > BADNESS[a.state]);
  const { fromMs, from } = a;
  const width = b.from + b.width - from;
  return { ...(isWorse ? b : a), fromMs, from, toMs: b.toMs, width, ongoing: b.ongoing, count: a.count + b.count };
}

function segment(
  span: TimeSpan,
  axis: TimeSpan,
  rest: Pick<BandSegment, "state" | "percent" | "cause" | "ongoing">,
): BandSegment {
  return { ...span, ...placeOn(axis, span), ...rest, count: 1 };
}

/** Where a span lies on the axis, as shares of its length; what sticks out is cut off. */
function placeOn(axis: TimeSpan, span: TimeSpan): { readonly from: number; readonly width: number } {
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
