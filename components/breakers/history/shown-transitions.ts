import type { GatewayTimeline } from "#domain/breaker-history.ts";
import type { BreakerState } from "#domain/traffic.ts";

/** Which gateway a timeline is of, and which of its workers. */
export function timelinePlace({ gatewayId, worker }: Pick<GatewayTimeline, "gatewayId" | "worker">): string {
  return worker === null ? gatewayId : `${gatewayId} · worker ${worker.toString()}`;
}

/** A change of state at one gateway. `from` is null when what was before is not known. */
export interface ShownTransition {
  /** `gateway-1`, `gateway-1 · worker 2`. */
  readonly place: string;
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
    .flatMap((timeline) =>
      timeline.spans.map((span, at): ShownTransition => {
        const before = timeline.spans[at - 1];
        const known = before !== undefined && before.toMs === span.fromMs ? before : undefined;
        return {
          place: timelinePlace(timeline),
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
