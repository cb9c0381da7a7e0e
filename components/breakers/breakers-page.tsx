"use client";

import { Zap } from "lucide-react";
import { useMemo } from "react";
import type { FleetBreaker } from "#domain/live.ts";
import { coversCommand } from "#domain/override.ts";
import { useLive } from "../live/live-provider.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useTextFilter } from "../ui/use-text-filter.ts";
import { BoardControls, BoardSearch } from "./board/board-controls.tsx";
import { BoardKey } from "./board/board-key.tsx";
import { grouped, isShown, searchWords, summary } from "./board/board-rows.ts";
import { BreakersTable } from "./board/breakers-table.tsx";
import { silentGateways } from "./board/silent-gateways.ts";
import { useBoardAddress, type View } from "./board/use-board-address.ts";
import { useSteady } from "../ui/use-steady.ts";
import { useSteadyOrder } from "./board/use-steady-order.ts";
import { fullDisc } from "./breaker-disc.tsx";
import { BreakerTile } from "./breaker-tile.tsx";
import { HystrixSection } from "./jvm/hystrix-section.tsx";
import { PoliciesTable } from "./policies-table.tsx";
import { useHeldOverrides } from "./use-active-overrides.ts";

const NONE: readonly FleetBreaker[] = [];

/** Of breakers under a gateway's name: which figures are not its own. */
const OF_THE_FLEET: Readonly<Record<View, string>> = {
  tiles: "States and errors at this gateway; offered calls, percentiles and the last minute at all gateways.",
  table: "States and errors at this gateway; offered calls and percentiles at all gateways.",
};

/** All breakers, worst first, as tiles or as a table. What is shown is in the address. */
export function BreakersPage() {
  const { picture } = useLive();
  const filter = useTextFilter();
  const address = useBoardAddress();
  const overrides = useSteady(useHeldOverrides());
  const silent = useSteady(useMemo(() => (picture === null ? [] : silentGateways(picture)), [picture]));
  const all = picture?.breakers ?? NONE;
  const isForced = (breaker: FleetBreaker): boolean =>
    breaker.gateways.some(({ reading }) => reading.override !== null) ||
    overrides.some((row) => coversCommand(row.spec.target, breaker));
  const shown = all.filter(
    (breaker) => isShown(address.show, breaker, isForced(breaker)) && filter.matches(...searchWords(breaker)),
  );
  const { ordered, onFocus, onBlur } = useSteadyOrder(shown, address.sort, address.reversed, picture?.atMs ?? 0);
  const full = fullDisc(all.reduce((most, { offeredPerSecond }) => Math.max(most, offeredPerSecond), 0));
  const groups = grouped(ordered, address.group);
  return (
    <>
      <PageHeader
        title="Breakers"
        note={
          <span role="status" className="live">
            {picture === null ? "Waiting for the first picture" : summary(all, isForced)}
          </span>
        }
        actions={all.length > 0 && <BoardSearch address={address} text={filter.text} onText={filter.setText} />}
      />
      {all.length > 0 && <BoardControls address={address} />}
      {picture === null && (
        <div className={TILES}>
          {[1, 2, 3].map((at) => (
            <Skeleton key={at} className="h-72 rounded-lg" />
          ))}
        </div>
      )}
      {shown.length > 0 && address.view === "tiles" && <BoardKey full={full} />}
      <div onFocus={onFocus} onBlur={onBlur}>
        {groups.map(({ title, breakers }) => (
          <section key={title} aria-label={title === "" ? undefined : title} className="mb-5">
            {title !== "" && (
              <div className="mb-2 flex flex-wrap items-baseline gap-x-3">
                <h2 className="text-md font-semibold">
                  {title} <span className="font-normal text-ink-3">{breakers.length}</span>
                </h2>
                {address.group === "gateway" && groups.length > 1 && (
                  <p className="text-sm text-ink-3">{OF_THE_FLEET[address.view]}</p>
                )}
              </div>
            )}
            {address.view === "tiles" ? (
              <div className={TILES}>
                {breakers.map((breaker) => (
                  <BreakerTile key={breaker.key} breaker={breaker} full={full} overrides={overrides} silent={silent} />
                ))}
              </div>
            ) : (
              breakers.length > 0 && (
                <BreakersTable title={title} breakers={breakers} full={full} silent={silent} address={address} />
              )
            )}
          </section>
        ))}
      </div>
      {picture !== null && all.length === 0 && (
        <Panel className="mb-5">
          <EmptyState icon={Zap} title="No breaker is in use yet">
            A gateway makes one for each route and service with the first call. Every call is guarded with the defaults
            unless a policy says otherwise.
          </EmptyState>
        </Panel>
      )}
      {all.length > 0 && shown.length === 0 && (
        <Panel className="mb-5">
          <EmptyState icon={Zap} title="No breaker matches">
            {`There are ${all.length.toString()}. Search for something else, or show all.`}
          </EmptyState>
        </Panel>
      )}
      <HystrixSection />
      <PoliciesTable />
    </>
  );
}

const TILES = "grid grid-cols-[repeat(auto-fill,minmax(min(100%,340px),1fr))] gap-4";
