import type { GatewayTimeline } from "#domain/breaker-history.ts";
import type { BreakerState } from "#domain/traffic.ts";

/** A change of state at one gateway. `from` is null when what was before is not known. */
export interface ShownTransition {
  readonly gatewayId: string;
  readonly atMs: number;
  readonly from: BreakerState | null;
  readonly fromPercent: number | null;
  readonly to: BreakerState;
  readonly toPercent: number | null;
  readonly cause: string;
}

/** Every change within the time since `fromMs`, latest first. A span that began before it is no change. */
export function shownTransitions(timelines: readonly GatewayTimeline[], fromMs: number): readonly ShownTransition[] {
  return timelines
    .flatMap(({ gatewayId, spans }) =>
      spans.map((span, at): ShownTransition => {
        const before = spans[at - 1];
        const known = before !== undefined && before.toMs === span.fromMs ? before : undefined;
        return {
          gatewayId,
          atMs: span.fromMs,
          from: known?.state ?? null,
          fromPercent: known?.percent ?? null,
          to: span.state,
          toPercent: span.percent,
          cause: span.cause,
        };
      }),
    )
    .filter(({ atMs, from }) => atMs >= fromMs && from !== null)
    .toSorted((a, b) => b.atMs - a.atMs);
}
