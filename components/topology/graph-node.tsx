import { Globe, LifeBuoy } from "lucide-react";
import type { TopologyNode } from "#domain/topology.ts";
import { effectiveState, STATE_STYLES } from "../breakers/breaker-state.ts";
import { formatLatency, formatRate, formatRatio } from "../format/number.ts";
import { describeNode, instancesInWords, nodeName, shorten } from "./describe.ts";
import { HEALTH_STYLES } from "./health-style.ts";
import { NODE_HEIGHT, NODE_WIDTH, type Point } from "./layout.ts";

interface GraphNodeProps {
  readonly node: TopologyNode;
  readonly at: Point;
  readonly selected: boolean;
  readonly dimmed: boolean;
  readonly tabbable: boolean;
  readonly onSelect: (id: string) => void;
  readonly onFocus: (id: string) => void;
}

function Figures({ node }: { node: TopologyNode }) {
  const failing = node.health === "failing" || node.health === "degraded";
  return (
    <>
      <text x={12} y={42} fontSize={12} fill="var(--ink)" fontWeight={500}>
        {formatRate(node.requestsPerSecond)}
        <tspan dx={8} fill={failing ? HEALTH_STYLES[node.health].color : "var(--ink-2)"}>
          {formatRatio(node.errorRatio)} err
        </tspan>
      </text>
      <text x={NODE_WIDTH - 12} y={42} fontSize={12} fill="var(--ink-2)" textAnchor="end">
        {formatLatency(node.p95Ms)}
      </text>
    </>
  );
}

/** Right end of the card's last line: the breaker's state, in a shape and a word. */
function BreakerMark({ breaker }: { breaker: NonNullable<TopologyNode["breaker"]> }) {
  const style = STATE_STYLES[effectiveState(breaker.state, breaker.override)];
  return (
    <g>
      <text x={NODE_WIDTH - 28} y={63} fontSize={11} fill={style.color} textAnchor="end" fontWeight={500}>
        {style.word}
      </text>
      <style.icon x={NODE_WIDTH - 24} y={53} width={12} height={12} color={style.color} />
    </g>
  );
}

/** A service as a card. */
export function GraphNode({ node, at, selected, dimmed, tabbable, onSelect, onFocus }: GraphNodeProps) {
  const health = HEALTH_STYLES[node.health];
  const Icon = node.kind === "outside" ? Globe : health.icon;
  const about = node.servingAsBackup ? "as backup" : instancesInWords(node.instances);
  return (
    <g transform={`translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})`} opacity={dimmed ? 0.45 : 1}>
      <g aria-hidden>
        <rect
          width={NODE_WIDTH}
          height={NODE_HEIGHT}
          rx={6}
          fill="var(--surface)"
          stroke={
            selected
              ? "var(--accent)"
              : node.health === "failing" || node.health === "degraded"
                ? health.color
                : "var(--line-strong)"
          }
          strokeWidth={selected ? 2 : 1}
        />
        <Icon x={11} y={11} width={14} height={14} color={node.kind === "outside" ? "var(--ink-2)" : health.color} />
        <text x={31} y={22.5} fontSize={13} fontWeight={600} fill="var(--ink)">
          {shorten(nodeName(node), 18)}
        </text>
        <Figures node={node} />
        {node.servingAsBackup && <LifeBuoy x={11} y={53} width={12} height={12} color="var(--accent)" />}
        <text
          x={node.servingAsBackup ? 27 : 12}
          y={63}
          fontSize={11}
          fill={node.servingAsBackup ? "var(--accent)" : "var(--ink-3)"}
        >
          {about}
        </text>
        {node.breaker !== null && <BreakerMark breaker={node.breaker} />}
      </g>
      {/* The button lies over the card: its name says in full what the card abbreviates. */}
      <rect
        role="button"
        aria-label={describeNode(node)}
        aria-pressed={selected}
        tabIndex={tabbable ? 0 : -1}
        data-graph-id={node.id}
        x={-4}
        y={-4}
        width={NODE_WIDTH + 8}
        height={NODE_HEIGHT + 8}
        rx={10}
        fill="transparent"
        strokeWidth={2}
        className="outline-none focus-visible:stroke-accent"
        onClick={() => {
          onSelect(node.id);
        }}
        onFocus={() => {
          onFocus(node.id);
        }}
      >
        <title>{describeNode(node)}</title>
      </rect>
    </g>
  );
}
