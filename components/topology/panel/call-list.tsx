import { useState } from "react";
import type { TopologyEdge } from "#domain/topology.ts";
import { formatErrors, formatLatency, formatRate } from "../../format/number.ts";
import { Badge } from "../../ui/badge.tsx";
import { cn } from "../../ui/cn.ts";
import { ShowAllButton } from "../../ui/show-all-button.tsx";
import { nameOfId } from "../describe.ts";
import { HealthMark } from "../health-mark.tsx";
import { HEALTH_RANK } from "../health-style.ts";

/** More than these are asked for first. */
const FIRST = 8;

interface CallListProps {
  readonly edges: readonly TopologyEdge[];
  /** Which end is told; `both` where neither is known. */
  readonly end: "from" | "to" | "both";
  readonly onSelect: (id: string) => void;
}

/** Calls, worst and busiest first, each leading to its own figures. */
export function CallList({ edges, end, onSelect }: CallListProps) {
  const [all, setAll] = useState(false);
  const sorted = edges.toSorted(
    (a, b) => HEALTH_RANK[a.health] - HEALTH_RANK[b.health] || b.requestsPerSecond - a.requestsPerSecond,
  );
  const shown = all ? sorted : sorted.slice(0, FIRST);
  return (
    <>
      <ul className="flex flex-col gap-1">
        {shown.map((edge) => {
          const isSick = edge.health === "failing" || edge.health === "degraded";
          return (
            <li key={edge.id} className="flex items-center gap-2">
              {isSick && <HealthMark health={edge.health} />}
              <button
                type="button"
                className="min-w-0 truncate text-accent hover:underline"
                onClick={() => {
                  onSelect(edge.id);
                }}
              >
                {end === "both" ? `${nameOfId(edge.from)} → ${nameOfId(edge.to)}` : nameOfId(edge[end])}
              </button>
              {edge.asFallback && <Badge tone="accent">backup</Badge>}
              <span className={cn("ml-auto text-right whitespace-nowrap", isSick ? "text-ink" : "text-ink-2")}>
                {edge.configuredOnly
                  ? "no traffic"
                  : `${formatRate(edge.requestsPerSecond)} · ${formatErrors(edge)} · ${formatLatency(edge.p95Ms)}`}
              </span>
            </li>
          );
        })}
      </ul>
      {sorted.length > FIRST && <ShowAllButton count={sorted.length} all={all} onChange={setAll} />}
    </>
  );
}
