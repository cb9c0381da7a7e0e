"use client";

import { Equal } from "lucide-react";
import { useState } from "react";
import type { ElementDifference, TopologyDifference } from "#domain/topology-difference.ts";
import { formatRate } from "../format/number.ts";
import { useServerNow } from "../live/use-now.ts";
import { Badge } from "../ui/badge.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Panel } from "../ui/panel.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { ShowAllButton } from "../ui/show-all-button.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { SortableTh, Table, Td, Th, Tr } from "../ui/table.tsx";
import { useSorted } from "../ui/use-sorted.ts";
import { useUrlState } from "../ui/use-url-state.ts";
import { nameOfId } from "../topology/describe.ts";
import { BetweenMoments } from "./between-moments.tsx";
import { changeInWord, reasonsOf, THRESHOLDS_IN_WORDS } from "./difference-words.ts";
import { momentInWords } from "./axis-thumb.tsx";
import { useShownMoment } from "./shown-moment.ts";

const FIRST = 12;

/** What is different between the two moments, worst first. Nothing while none are compared. */
export function DifferencePanel() {
  const nowMs = useServerNow();
  const { compared, difference, atMs } = useShownMoment();
  if (compared === null) return null;
  return (
    <Panel
      title="Difference"
      note={`From ${momentInWords(compared.atMs, nowMs)} (A) to ${momentInWords(atMs, nowMs)}`}
      padded={false}
      className="mt-3"
    >
      <BetweenMoments aMs={compared.atMs} bMs={atMs} nowMs={nowMs} />
      {difference === null && compared.past?.problem == null && (
        <div role="status" aria-label="Loading" className="p-4">
          <Skeleton className="h-24" />
        </div>
      )}
      {difference !== null && <Differences difference={difference} />}
      <p className="border-t border-line px-4 py-2 text-sm text-ink-3">{THRESHOLDS_IN_WORDS}</p>
    </Panel>
  );
}

interface Row {
  readonly difference: ElementDifference;
  /** Its place among the worst. */
  readonly place: number;
  readonly name: string;
  readonly reasons: readonly string[];
}

function Differences({ difference }: { difference: TopologyDifference }) {
  const [search, setSearch] = useState("");
  const [all, setAll] = useState(false);
  const [selected, select] = useUrlState("select");
  const edgeNames = new Map(
    difference.union.edges.map(({ id, from, to }) => [id, `${nameOfId(from)} → ${nameOfId(to)}`] as const),
  );
  const wanted = search.toLowerCase().split(/\s+/);
  const rows = difference.differences
    .map((one, place): Row => ({
      difference: one,
      place,
      name: edgeNames.get(one.id) ?? nameOfId(one.id),
      reasons: reasonsOf(one),
    }))
    .filter((row) => {
      const text = [row.name, changeInWord(row.difference.change).word, ...row.reasons].join(" ").toLowerCase();
      return wanted.every((word) => text.includes(word));
    });
  const { sorted, sorting } = useSorted(
    rows,
    {
      place: ({ place }) => place,
      name: ({ name }) => name,
      before: (row) => row.difference.requestsPerSecond.before ?? 0,
      after: (row) => row.difference.requestsPerSecond.after ?? 0,
    },
    "place",
  );
  if (difference.differences.length === 0) {
    return (
      <EmptyState icon={Equal} title="No difference">
        Nothing came or went, and no figure changed by more than chance.
      </EmptyState>
    );
  }
  const shown = all ? sorted : sorted.slice(0, FIRST);
  return (
    <>
      <div className="px-4 py-2">
        <SearchInput label="Search the differences" value={search} onChange={setSearch} />
      </div>
      {rows.length === 0 && <p className="p-4 text-ink-3">No difference matches.</p>}
      {rows.length > 0 && (
        <Table caption="Differences">
          <thead>
            <tr>
              <SortableTh column="place" sorting={sorting}>
                Change
              </SortableTh>
              <SortableTh column="name" sorting={sorting}>
                Service or call
              </SortableTh>
              <Th>What</Th>
              <SortableTh column="before" sorting={sorting} numeric>
                Rate before
              </SortableTh>
              <SortableTh column="after" sorting={sorting} numeric>
                Rate after
              </SortableTh>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <DifferenceRow
                key={`${row.difference.element} ${row.difference.id}`}
                row={row}
                isSelected={row.difference.id === selected}
                onSelect={select}
              />
            ))}
          </tbody>
        </Table>
      )}
      {sorted.length > FIRST && <ShowAllButton count={sorted.length} all={all} onChange={setAll} />}
    </>
  );
}

interface DifferenceRowProps {
  readonly row: Row;
  readonly isSelected: boolean;
  readonly onSelect: (id: string | null) => void;
}

function DifferenceRow({ row: { difference, name, reasons }, isSelected, onSelect }: DifferenceRowProps) {
  const { word, tone } = changeInWord(difference.change);
  const { before, after } = difference.requestsPerSecond;
  return (
    <Tr className={isSelected ? "bg-accent-tint" : ""}>
      <Td className="align-top">
        <Badge tone={tone}>{word}</Badge>
      </Td>
      <Td className="align-top">
        <button
          type="button"
          aria-pressed={isSelected}
          className="text-left text-accent hover:underline"
          onClick={() => {
            onSelect(isSelected ? null : difference.id);
          }}
        >
          {name}
        </button>
      </Td>
      <Td className="min-w-64 align-top">
        {reasons.map((reason) => (
          <div key={reason}>{reason}</div>
        ))}
      </Td>
      <Td className="text-right align-top whitespace-nowrap">{before === null ? "–" : formatRate(before)}</Td>
      <Td className="text-right align-top whitespace-nowrap">{after === null ? "–" : formatRate(after)}</Td>
    </Tr>
  );
}
