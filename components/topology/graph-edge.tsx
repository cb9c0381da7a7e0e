import type { TopologyEdge } from "#domain/topology.ts";
import { describeEdge } from "./describe.ts";
import { edgePath } from "./edge-path.ts";
import { edgeStyle } from "./edge-style.ts";
import type { Point } from "./layout.ts";

interface GraphEdgeProps {
  readonly edge: TopologyEdge;
  readonly points: readonly Point[];
  readonly selected: boolean;
  readonly dimmed: boolean;
  readonly tabbable: boolean;
  readonly onSelect: (id: string) => void;
  readonly onFocus: (id: string) => void;
}

/** The arrow head, pointing the way the line arrives. */
function Head({ points, color }: { points: readonly Point[]; color: string }) {
  const end = points.at(-1);
  const before = points.at(-2);
  if (end === undefined || before === undefined) return null;
  const back = end.x >= before.x ? -8 : 8;
  return (
    <path
      d={`M ${(end.x + back).toFixed(1)} ${(end.y - 4.5).toFixed(1)} l ${(-back).toString()} 4.5 l ${back.toString()} 4.5 z`}
      fill={color}
    />
  );
}

/** Calls from one node to another as an arrow. */
export function GraphEdgeView(props: GraphEdgeProps) {
  const { edge, points, selected, dimmed, tabbable, onSelect, onFocus } = props;
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
      <path
        d={path}
        fill="none"
        stroke={color}
        strokeWidth={style.width + (selected ? 1 : 0)}
        strokeDasharray={style.dash}
      />
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
    </g>
  );
}
