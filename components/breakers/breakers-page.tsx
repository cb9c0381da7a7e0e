"use client";

import { Zap } from "lucide-react";
import type { FleetBreaker } from "#domain/live.ts";
import { useLive } from "../live/live-provider.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Panel } from "../ui/panel.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { SegmentedControl } from "../ui/segmented-control.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useTextFilter } from "../ui/use-text-filter.ts";
import { useUrlState } from "../ui/use-url-state.ts";
import { STATE_STYLES, stateInWords, worstState } from "./breaker-state.ts";
import { BreakerTile } from "./breaker-tile.tsx";
import { overridesOf } from "./overrides-of.ts";
import { PoliciesTable } from "./policies-table.tsx";
import { useActiveOverrides } from "./use-active-overrides.ts";

const FILTERS = [
  { value: "all", label: "All" },
  { value: "not-closed", label: "Not closed" },
  { value: "overridden", label: "Forced by hand" },
];

function rank(breaker: FleetBreaker): number {
  const state = worstState(breaker);
  return state === null ? Number.MAX_SAFE_INTEGER : STATE_STYLES[state].rank;
}

/** All breakers as tiles, worst first; within a state by name, so that tiles do not wander with every second's figures. */
export function BreakersPage() {
  const { picture } = useLive();
  const filter = useTextFilter();
  const [show, setShow] = useUrlState("show");
  const rows = useActiveOverrides();
  const all = (picture?.breakers ?? []).map((breaker) => ({ breaker, overrides: overridesOf(rows, breaker) }));
  const shown = all
    .filter(({ breaker, overrides }) => {
      if (show === "not-closed" && worstState(breaker) === "closed") return false;
      if (show === "overridden" && overrides.length === 0) return false;
      return filter.matches(breaker.key, breaker.group, stateInWords(breaker), ...breaker.callers);
    })
    .toSorted((a, b) => rank(a.breaker) - rank(b.breaker) || a.breaker.key.localeCompare(b.breaker.key));
  const busiest = Math.max(0, ...all.map(({ breaker }) => breaker.offeredPerSecond));
  const notClosed = all.filter(({ breaker }) => worstState(breaker) !== "closed").length;
  return (
    <>
      <PageHeader
        title="Breakers"
        note={
          picture === null
            ? "Waiting for the first picture"
            : `${all.length.toString()} in use, ${notClosed.toString()} not closed`
        }
        actions={
          <>
            <SegmentedControl
              label="Show"
              options={FILTERS}
              value={show ?? "all"}
              onChange={(next) => {
                setShow(next === "all" ? null : next);
              }}
            />
            <SearchInput label="Search breakers" value={filter.text} onChange={filter.setText} />
          </>
        }
      />
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,340px),1fr))] gap-4">
        {picture === null && [1, 2, 3].map((at) => <Skeleton key={at} className="h-72 rounded-lg" />)}
        {shown.map(({ breaker, overrides }) => (
          <BreakerTile key={breaker.key} breaker={breaker} busiest={busiest} overrides={overrides} />
        ))}
      </div>
      {picture !== null && all.length === 0 && (
        <Panel>
          <EmptyState icon={Zap} title="No breaker is in use yet">
            A gateway makes one for each route and service with the first call. Every call is guarded with the defaults
            unless a policy says otherwise.
          </EmptyState>
        </Panel>
      )}
      {all.length > 0 && shown.length === 0 && (
        <Panel>
          <EmptyState icon={Zap} title="No breaker matches" />
        </Panel>
      )}
      <PoliciesTable />
    </>
  );
}
