import type { TopologyEdge } from "#domain/topology.ts";
import { effectiveState, STATE_STYLES } from "../breakers/breaker-state.ts";
import { formatLatency, formatRate, formatRatio } from "../format/number.ts";
import { HEALTH_STYLES } from "./health-style.ts";
import { LABEL_HEIGHT, LABEL_WIDTH } from "./labels.ts";
import type { Point } from "./layout.ts";

interface EdgeLabelProps {
  readonly edge: TopologyEdge;
  readonly at: Point;
  readonly dimmed: boolean;
  readonly onSelect: (id: string) => void;
}

/**
 * Figures of an arrow. Drawn after all arrows, so that none runs through the words; the arrow itself carries the same
 * in its name, so this is not read out again.
 */
export function EdgeLabel({ edge, at, dimmed, onSelect }: EdgeLabelProps) {
  const open = edge.breaker === null ? null : effectiveState(edge.breaker.state, edge.breaker.override);
  const mark = open === null || open === "closed" ? null : STATE_STYLES[open];
  const sick = edge.health === "failing" || edge.health === "degraded";
  const first = edge.asFallback ? `${formatRate(edge.requestsPerSecond)} backup` : formatRate(edge.requestsPerSecond);
  const second = `${formatRatio(edge.errorRatio)} · ${formatLatency(edge.p95Ms)}`;
  // Only as wide as its words, so that a short level line is not hidden altogether.
  const width = Math.min(LABEL_WIDTH, Math.max(first.length * 6.2, second.length * 5.4) + 12);
  return (
    <g
      aria-hidden
      opacity={dimmed ? 0.25 : 1}
      onClick={() => {
        onSelect(edge.id);
      }}
      transform={`translate(${(at.x - LABEL_WIDTH / 2).toFixed(1)} ${(at.y - LABEL_HEIGHT / 2).toFixed(1)})`}
    >
      <rect
        x={(LABEL_WIDTH - width) / 2}
        width={width}
        height={LABEL_HEIGHT}
        rx={4}
        fill="var(--canvas)"
        opacity={0.92}
      />
      <text x={LABEL_WIDTH / 2} y={13} fontSize={11} fontWeight={600} textAnchor="middle" fill="var(--ink)">
        {first}
      </text>
      <text x={LABEL_WIDTH / 2} y={26} fontSize={11} textAnchor="middle" fill="var(--ink-2)">
        <tspan {...(sick && { fill: HEALTH_STYLES[edge.health].color, fontWeight: 600 })}>
          {formatRatio(edge.errorRatio)}
        </tspan>
        {` · ${formatLatency(edge.p95Ms)}`}
      </text>
      {mark !== null && (
        <mark.icon x={LABEL_WIDTH / 2 - first.length * 3.1 - 17} y={3} width={12} height={12} color={mark.color} />
      )}
    </g>
  );
}
