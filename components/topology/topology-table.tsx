"use client";

import type { Topology } from "#domain/topology.ts";
import { effectiveState } from "../breakers/breaker-state.ts";
import { StateBadge } from "../breakers/state-badge.tsx";
import { formatLatency, formatRate, formatRatio, NO_VALUE } from "../format/number.ts";
import { Panel } from "../ui/panel.tsx";
import { SortableTh, Table, Td, Th, Tr } from "../ui/table.tsx";
import { useSorted } from "../ui/use-sorted.ts";
import { nameOfId, nodeName } from "./describe.ts";
import { HealthBadge } from "./health-badge.tsx";
import { HEALTH_RANK } from "./health-style.ts";
import { TrafficCells, TrafficHeads } from "../services/traffic-columns.tsx";

interface TopologyTableProps {
  readonly topology: Topology;
  readonly selected: string | null;
  readonly onSelect: (id: string | null) => void;
}

const NUMBER = "text-right whitespace-nowrap";

/** The same mesh as the drawing, as two tables: for screen readers, for keyboards, and for meshes too large to draw. */
export function TopologyTable({ topology, selected, onSelect }: TopologyTableProps) {
  return (
    <div className="live flex flex-col gap-4">
      <NodesTable topology={topology} selected={selected} onSelect={onSelect} />
      <EdgesTable topology={topology} selected={selected} onSelect={onSelect} />
    </div>
  );
}

function NodesTable({ topology, selected, onSelect }: TopologyTableProps) {
  const { sorted, sorting } = useSorted(
    topology.nodes,
    {
      name: (node) => nodeName(node),
      health: (node) => HEALTH_RANK[node.health],
      rate: (node) => node.requestsPerSecond,
      errors: (node) => node.errorRatio,
      p95: (node) => node.p95Ms ?? -1,
    },
    "name",
  );
  return (
    <Panel title="Services" padded={false}>
      <Table caption="Services of the mesh">
        <thead>
          <tr>
            <SortableTh column="name" sorting={sorting}>
              Service
            </SortableTh>
            <SortableTh column="health" sorting={sorting}>
              Health
            </SortableTh>
            <TrafficHeads sorting={sorting} />
            <Th className="text-right">Instances</Th>
            <Th>Breaker</Th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((node) => (
            <Tr
              key={node.id}
              aria-selected={node.id === selected}
              className={node.id === selected ? "bg-accent-tint" : ""}
            >
              <Td>
                <button
                  type="button"
                  className="font-medium text-accent hover:underline"
                  onClick={() => {
                    onSelect(node.id);
                  }}
                >
                  {nodeName(node)}
                </button>
              </Td>
              <Td>
                <HealthBadge health={node.health} reason={node.healthReason} />
              </Td>
              <TrafficCells traffic={node} />
              <Td className={NUMBER}>{node.instances ?? NO_VALUE}</Td>
              <Td>
                {node.breaker !== null && (
                  <StateBadge state={effectiveState(node.breaker.state, node.breaker.override)} />
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  );
}

function EdgesTable({ topology, selected, onSelect }: TopologyTableProps) {
  const { sorted, sorting } = useSorted(
    topology.edges,
    {
      from: (edge) => nameOfId(edge.from),
      to: (edge) => nameOfId(edge.to),
      rate: (edge) => edge.requestsPerSecond,
      errors: (edge) => edge.errorRatio,
      p95: (edge) => edge.p95Ms ?? -1,
    },
    "from",
  );
  return (
    <Panel title="Calls" padded={false}>
      <Table caption="Calls between services">
        <thead>
          <tr>
            <SortableTh column="from" sorting={sorting}>
              From
            </SortableTh>
            <SortableTh column="to" sorting={sorting}>
              To
            </SortableTh>
            <SortableTh column="rate" sorting={sorting} numeric>
              Requests
            </SortableTh>
            <SortableTh column="errors" sorting={sorting} numeric>
              Errors
            </SortableTh>
            <Th className="text-right">p50</Th>
            <SortableTh column="p95" sorting={sorting} numeric>
              p95
            </SortableTh>
            <Th className="text-right">p99</Th>
            <Th>Routes</Th>
            <Th>Breaker</Th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((edge) => (
            <Tr
              key={edge.id}
              aria-selected={edge.id === selected}
              className={edge.id === selected ? "bg-accent-tint" : ""}
            >
              <Td>{nameOfId(edge.from)}</Td>
              <Td>
                <button
                  type="button"
                  className="font-medium text-accent hover:underline"
                  aria-label={`${nameOfId(edge.to)}, called by ${nameOfId(edge.from)}`}
                  onClick={() => {
                    onSelect(edge.id);
                  }}
                >
                  {nameOfId(edge.to)}
                </button>
                {edge.asFallback && <span className="text-ink-3"> as backup</span>}
              </Td>
              <Td className={NUMBER}>{edge.configuredOnly ? "no traffic" : formatRate(edge.requestsPerSecond)}</Td>
              <Td className={NUMBER}>{formatRatio(edge.errorRatio)}</Td>
              <Td className={NUMBER}>{formatLatency(edge.p50Ms)}</Td>
              <Td className={NUMBER}>{formatLatency(edge.p95Ms)}</Td>
              <Td className={NUMBER}>{formatLatency(edge.p99Ms)}</Td>
              <Td>{edge.routes.join(", ")}</Td>
              <Td>
                {edge.breaker !== null && (
                  <StateBadge state={effectiveState(edge.breaker.state, edge.breaker.override)} />
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  );
}
