"use client";

import { ArrowRightLeft, SearchX } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { formatCount } from "../format/number.ts";
import { links } from "../links.ts";
import { HealthBadge } from "../topology/health-badge.tsx";
import { RouteLinks } from "../topology/detail-parts.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Panel } from "../ui/panel.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { ShowAllButton } from "../ui/show-all-button.tsx";
import { SortableTh, Table, Td, Tr } from "../ui/table.tsx";
import { useSorted } from "../ui/use-sorted.ts";
import { useTextFilter } from "../ui/use-text-filter.ts";
import { HEALTH_RANK } from "../topology/health-style.ts";
import type { Neighbour } from "./neighbours-of.ts";
import { TrafficCells, TrafficHeads } from "./traffic-columns.tsx";

const FIRST = 10;
/** With fewer there is nothing to look for. */
const SEARCHED_FROM = 6;

interface NeighboursTableProps {
  readonly id: "callers" | "called";
  readonly title: string;
  readonly neighbours: readonly Neighbour[];
  readonly empty: string;
}

/** One side of a service's calls in figures. */
export function NeighboursTable({ id, title, neighbours, empty }: NeighboursTableProps) {
  const filter = useTextFilter(id);
  const [all, setAll] = useState(false);
  const { sorted, sorting } = useSorted(
    neighbours.filter(({ name, edge }) => filter.matches(name, ...edge.routes)),
    {
      health: ({ edge }) => HEALTH_RANK[edge.health],
      name: ({ name }) => name,
      rate: ({ edge }) => edge.requestsPerSecond,
      errors: ({ edge }) => edge.errorRatio,
      p95: ({ edge }) => edge.p95Ms ?? -1,
      inFlight: ({ edge }) => edge.inFlight,
    },
    "health",
  );
  return (
    <Panel
      title={title}
      note={neighbours.length.toString()}
      padded={false}
      actions={
        neighbours.length >= SEARCHED_FROM && (
          <SearchInput label={`Search ${title.toLowerCase()}`} value={filter.text} onChange={filter.setText} />
        )
      }
    >
      {/* Where the drawing's “more” leads. */}
      <div id={id} className="scroll-mt-16" />
      {neighbours.length === 0 ? (
        <EmptyState icon={ArrowRightLeft} title={empty} />
      ) : sorted.length === 0 ? (
        <EmptyState icon={SearchX} title="None matches" />
      ) : (
        <Table caption={title}>
          <thead>
            <tr>
              <SortableTh column="name" sorting={sorting}>
                Service
              </SortableTh>
              <SortableTh column="health" sorting={sorting}>
                Health
              </SortableTh>
              <TrafficHeads sorting={sorting} />
              <SortableTh column="inFlight" sorting={sorting} numeric className="max-sm:hidden">
                In flight
              </SortableTh>
            </tr>
          </thead>
          <tbody>
            {(all ? sorted : sorted.slice(0, FIRST)).map(({ name, edge }) => (
              <Tr key={edge.id}>
                <Td className="min-w-28 break-words">
                  {name === "outside" ? (
                    "outside the mesh"
                  ) : (
                    <Link href={links.service(name)} className="font-medium text-accent hover:underline">
                      {name}
                    </Link>
                  )}
                  {edge.asFallback && <span className="text-sm text-ink-3"> as a backup</span>}
                  {edge.routes.length > 0 && (
                    <div className="text-sm">
                      <RouteLinks ids={edge.routes} />
                    </div>
                  )}
                </Td>
                <Td>
                  <HealthBadge health={edge.health} reason={edge.healthReason} />
                </Td>
                <TrafficCells traffic={edge} />
                <Td className="text-right max-sm:hidden">{formatCount(edge.inFlight)}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      {sorted.length > FIRST && <ShowAllButton count={sorted.length} all={all} onChange={setAll} />}
    </Panel>
  );
}
