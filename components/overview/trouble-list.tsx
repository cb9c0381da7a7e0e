"use client";

import { SearchX } from "lucide-react";
import { useState } from "react";
import type { WatchedTrouble } from "#domain/trouble-watch.ts";
import { Panel } from "../ui/panel.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { SegmentedControl } from "../ui/segmented-control.tsx";
import { ShowAllButton } from "../ui/show-all-button.tsx";
import { useTextFilter } from "../ui/use-text-filter.ts";
import { useUrlState } from "../ui/use-url-state.ts";
import { EndedTrouble, TroubleCard } from "./trouble-card.tsx";
import type { WatchedMesh } from "./use-troubles.ts";

/** More than these are asked for by a button: nobody reads fifty causes. */
const FIRST = 10;
/** With fewer there is nothing to look for. */
const SEARCHED_FROM = 6;

const ORDERS = [
  { value: "worst", label: "Worst first" },
  { value: "latest", label: "Latest first" },
];

/** What is wrong now, and what has just ended. */
export function TroubleList({ mesh }: { mesh: WatchedMesh }) {
  const filter = useTextFilter("trouble");
  const [order, setOrder] = useUrlState("order");
  const [all, setAll] = useState(false);
  const { wrong, notes, ended, watchedSinceMs } = mesh;
  const matching = wrong.filter(({ trouble }) =>
    filter.matches(trouble.title, trouble.why, ...trouble.also, ...trouble.consequences),
  );
  const sorted = order === "latest" ? matching.toSorted((a, b) => beginOf(b) - beginOf(a)) : matching;
  const shown = all ? sorted : sorted.slice(0, FIRST);
  const many = wrong.length >= SEARCHED_FROM || filter.text !== "";
  return (
    <>
      {(wrong.length > 0 || ended.length > 0) && (
        <Panel
          title="Wrong now"
          note={wrong.length.toString()}
          padded={false}
          actions={
            many && (
              <div className="flex flex-wrap justify-end gap-2">
                <SegmentedControl
                  label="Order"
                  options={ORDERS}
                  value={order === "latest" ? "latest" : "worst"}
                  onChange={(next) => {
                    setOrder(next === "worst" ? null : next);
                  }}
                />
                <SearchInput label="Search troubles" value={filter.text} onChange={filter.setText} />
              </div>
            )
          }
        >
          {shown.map((watched) => (
            <TroubleCard key={watched.trouble.id} watched={watched} watchedSinceMs={watchedSinceMs} />
          ))}
          {wrong.length > 0 && matching.length === 0 && (
            <EmptyState icon={SearchX} title="No trouble matches">
              {wrong.length} stand that do not contain “{filter.text}”.
            </EmptyState>
          )}
          {sorted.length > FIRST && <ShowAllButton count={sorted.length} all={all} onChange={setAll} />}
          {ended.length > 0 && (
            <ul aria-label="Just resolved" className="border-t border-line first:border-t-0">
              {ended.slice(0, FIRST).map((watched) => (
                <EndedTrouble key={watched.trouble.id} watched={watched} />
              ))}
            </ul>
          )}
        </Panel>
      )}
      <Notes notes={notes} watchedSinceMs={watchedSinceMs} />
    </>
  );
}

function Notes({ notes, watchedSinceMs }: { notes: readonly WatchedTrouble[]; watchedSinceMs: number }) {
  const [all, setAll] = useState(false);
  if (notes.length === 0) return null;
  return (
    <Panel title="Good to know" note={notes.length.toString()} padded={false}>
      {(all ? notes : notes.slice(0, 3)).map((watched) => (
        <TroubleCard key={watched.trouble.id} watched={watched} watchedSinceMs={watchedSinceMs} />
      ))}
      {notes.length > 3 && <ShowAllButton count={notes.length} all={all} onChange={setAll} />}
    </Panel>
  );
}

function beginOf({ trouble, firstSeenMs }: WatchedTrouble): number {
  return trouble.sinceMs ?? firstSeenMs;
}
