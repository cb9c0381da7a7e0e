"use client";

import { useMemo, useState } from "react";
import type { BreakerHistory } from "#domain/breaker-history.ts";
import type { BreakerState } from "#domain/traffic.ts";
import { formatAgo, formatDateTime } from "../../format/time.ts";
import { SearchInput } from "../../ui/search-input.tsx";
import { SortableTh, Table, Td, Th, Tr } from "../../ui/table.tsx";
import { useSorted } from "../../ui/use-sorted.ts";
import { MeshThen } from "../../time/mesh-then.tsx";
import { StateBadge } from "../state-badge.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Button } from "../../ui/button.tsx";
import { stateWithShare } from "./segment-words.ts";
import { shownTransitions, type ShownTransition } from "./shown-transitions.ts";

interface TransitionsTableProps {
  readonly history: Pick<BreakerHistory, "timelines" | "fromMs">;
  /** `last 5 minutes`. */
  readonly words: string;
  readonly nowMs: number;
}

/** So many rows at first: the latest are what people come for. */
const SHOWN_AT_FIRST = 8;

/** What the automatic layer did in the time on the axis, and why: the bands as a table. */
export function TransitionsTable({ history, words, nowMs }: TransitionsTableProps) {
  const [search, setSearch] = useState("");
  const [all, setAll] = useState(false);
  const transitions = useMemo(() => shownTransitions(history.timelines, history.fromMs), [history]);
  const wanted = search.toLowerCase().split(/\s+/);
  const found = transitions.filter((transition) => {
    const text = textOf(transition).toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  const { sorted, sorting } = useSorted(
    found,
    {
      at: ({ atMs }) => atMs,
      gateway: ({ place }) => place,
      to: ({ to, toPercent }) => stateWithShare(to, toPercent),
    },
    "at",
    true,
  );
  const rows = all ? sorted : sorted.slice(0, SHOWN_AT_FIRST);
  return (
    <Panel
      title="Transitions"
      note={words}
      padded={false}
      className="live"
      actions={transitions.length > 0 && <SearchInput label="Search transitions" value={search} onChange={setSearch} />}
    >
      {transitions.length === 0 && <p className="p-4 text-ink-3">None in the {words}.</p>}
      {transitions.length > 0 && found.length === 0 && <p className="p-4 text-ink-3">No transition matches.</p>}
      {rows.length > 0 && (
        <Table caption="Transitions">
          <thead>
            <tr>
              <SortableTh column="at" sorting={sorting}>
                When
              </SortableTh>
              <SortableTh column="gateway" sorting={sorting}>
                Gateway
              </SortableTh>
              <Th>From</Th>
              <SortableTh column="to" sorting={sorting}>
                To
              </SortableTh>
              <Th>Why</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((transition) => (
              <Row
                key={`${transition.place} ${transition.atMs.toString()} ${transition.to}`}
                {...transition}
                nowMs={nowMs}
              />
            ))}
          </tbody>
        </Table>
      )}
      {sorted.length > rows.length && (
        <div className="flex justify-center border-t border-line p-2">
          <Button
            size="sm"
            onClick={() => {
              setAll(true);
            }}
          >
            All {sorted.length}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function Row({ atMs, place, from, fromPercent, to, toPercent, cause, nowMs }: ShownTransition & { nowMs: number }) {
  return (
    <Tr>
      <Td className="whitespace-nowrap">
        {formatDateTime(atMs)} <span className="text-ink-3">{formatAgo(atMs, nowMs)}</span>
        <MeshThen atMs={atMs} />
      </Td>
      <Td className="whitespace-nowrap">{place}</Td>
      <Td>{from === null ? "not known" : <State state={from} percent={fromPercent} />}</Td>
      <Td>
        <State state={to} percent={toPercent} />
      </Td>
      <Td className="min-w-64">{cause}</Td>
    </Tr>
  );
}

function State({ state, percent }: { state: BreakerState; percent: number | null }) {
  return <StateBadge state={state} words={stateWithShare(state, percent)} />;
}

function textOf({ place, from, fromPercent, to, toPercent, cause }: ShownTransition): string {
  const before = from === null ? "not known" : stateWithShare(from, fromPercent);
  return [place, before, stateWithShare(to, toPercent), cause].join(" ");
}
