import type { TopologyEdge } from "#domain/topology.ts";
import { effectiveState, STATE_STYLES } from "../breakers/breaker-state.ts";
import { formatLatency, formatRate, formatRatio } from "../format/number.ts";
import { describeEdge } from "./describe.ts";
import { edgePath } from "./edge-path.ts";
import { edgeStyle } from "./edge-style.ts";
import { HEALTH_STYLES } from "./health-style.ts";
import { LABEL_HEIGHT, LABEL_WIDTH } from "./labels.ts";
import type { Point } from "./layout.ts";

interface GraphEdgeProps {
  readonly edge: TopologyEdge;
  readonly points: readonly Point[];
  readonly label: Point | undefined;
  readonly selected: boolean;
  readonly dimmed: boolean;
  readonly tabbable: boolean;
  readonly showLabel: boolean;
  readonly onSelect: (id: string) => void;
  readonly onFocus: (id: string) => void;
}

/** The arrow head, pointing the way the line arrives. */
function Head({ points, color }: { points: readonly Point[]; color: string }) {
  const end = points.at(-1);
  const before = points.at(-2);
  if (end === undefined || before === undefined) return null;
  const back = end.x >= before.x ? -8 : 8;
  return <path d={`M ${(end.x + back).toFixed(1)} ${(end.y - 4.5).toFixed(1)} l ${(-back).toString()} 4.5 l ${back.toString()} 4.5 z`} fill={color} />;
}

function EdgeLabel({ edge, at }: { edge: TopologyEdge; at: Point }) {
  const open = edge.breaker === null ? null : effectiveState(edge.breaker.state, edge.breaker.override);
  const mark = open === null || open === "closed" ? null : STATE_STYLES[open];
  const sick = edge.health === "failing" || edge.health === "degraded";
  const first = edge.asFallback ? `${formatRate(edge.requestsPerSecond)} backup` : formatRate(edge.requestsPerSecond);
  return (
    <g transform={`translate(${(at.x - LABEL_WIDTH / 2).toFixed(1)} ${(at.y - LABEL_HEIGHT / 2).toFixed(1)})`}>
      <rect width={LABEL_WIDTH} height={LABEL_HEIGHT} rx={4} fill="var(--canvas)" opacity={0.92} />
      <text x={LABEL_WIDTH / 2} y={13} fontSize={11} fontWeight={600} textAnchor="middle" fill="var(--ink)">
        {first}
      </text>
      <text x={LABEL_WIDTH / 2} y={26} fontSize={11} textAnchor="middle" fill="var(--ink-2)">
        <tspan {...(sick && { fill: HEALTH_STYLES[edge.health].color, fontWeight: 600 })}>{formatRatio(edge.errorRatio)}</tspan>
        {` · ${formatLatency(edge.p95Ms)}`}
      </text>
      {mark !== null && <mark.icon x={2} y={2} width={13} height={13} color={mark.color} />}
    </g>
  );
}

/** Calls from one node to another as an arrow with its figures. */
export function GraphEdgeView(props: GraphEdgeProps) {
  const { edge, points, label, selected, dimmed, tabbable, showLabel, onSelect, onFocus } = props;
  const path = edgePath(points);
  const style = edgeStyle(edge);
  const color = selected ? "var(--accent)" : style.color;
  return (
    <g
      role="button"
      aria-label={describeEdge(edge)}
      aria-pressed={selected}
      tabIndex={tabbable ? 0 : -1}
      data-graph-id={edge.id}
      opacity={dimmed ? 0.25 : 1}
      className="outline-none [&:focus-visible>path.ring]:stroke-accent/40"
      onClick={() => {
        onSelect(edge.id);
      }}
      onFocus={() => {
        onFocus(edge.id);
      }}
    >
      <title>{describeEdge(edge)}</title>
      <path className="ring" d={path} fill="none" stroke="transparent" strokeWidth={14} />
      <path d={path} fill="none" stroke={color} strokeWidth={style.width + (selected ? 1 : 0)} strokeDasharray={style.dash} />
      {style.flowing && (
        <path
          className="flow-dots pointer-events-none"
          d={path}
          fill="none"
          stroke="var(--ink-2)"
          strokeWidth={4}
          strokeLinecap="round"
          strokeDasharray="0.1 47.9"
        />
      )}
      <Head points={points} color={color} />
      {showLabel && !edge.configuredOnly && label !== undefined && <EdgeLabel edge={edge} at={label} />}
    </g>
  );
}
