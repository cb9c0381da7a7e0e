import type { TopologyEdge } from "#domain/topology.ts";
import { HEALTH_STYLES } from "./health-style.ts";

export interface EdgeStyle {
  readonly color: string;
  readonly width: number;
  readonly dash: string | undefined;
  readonly flowing: boolean;
}

/** How an arrow is drawn: as thick as its traffic (by magnitude), dashed without traffic, dotted when it is a backup's. */
export function edgeStyle(edge: TopologyEdge): EdgeStyle {
  if (edge.configuredOnly) return { color: "var(--line-strong)", width: 1.25, dash: "4 5", flowing: false };
  const width = Math.min(6, 1.25 + 0.6 * Math.log2(1 + edge.requestsPerSecond / 2));
  const sick = edge.health === "failing" || edge.health === "degraded";
  const color = sick ? HEALTH_STYLES[edge.health].color : edge.asFallback ? "var(--accent)" : "var(--line-strong)";
  return { color, width, dash: edge.asFallback ? "10 4 2 4" : undefined, flowing: edge.requestsPerSecond > 0 };
}
