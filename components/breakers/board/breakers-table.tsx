"use client";

import Link from "next/link";
import { memo, useRef } from "react";
import type { FleetBreaker } from "#domain/live.ts";
import { formatCount, formatLatency, formatPercent, formatRate, NO_VALUE } from "../../format/number.ts";
import { links } from "../../links.ts";
import { Panel } from "../../ui/panel.tsx";
import { SortableTh, Table, Td, Th, Tr } from "../../ui/table.tsx";
import type { Sorting } from "../../ui/use-sorted.ts";
import { BreakerCause } from "../breaker-cause.tsx";
import { BreakerDisc } from "../breaker-disc.tsx";
import { fleetWindow, isIdle, stateInWords, worstState } from "../breaker-state.ts";
import { StateBadge } from "../state-badge.tsx";
import type { SortBy } from "./board-rows.ts";
import { fallbacksInWords } from "./reading-words.ts";
import type { SilentGateway } from "./silent-gateways.ts";
import { TileWarnings } from "./tile-warnings.tsx";
import type { BoardAddress } from "./use-board-address.ts";
import { useHeldWhileUnseen } from "./use-held-while-unseen.ts";

interface BreakersTableProps {
  /** Of the group they are in; empty when there is none. */
  readonly title: string;
  readonly breakers: readonly FleetBreaker[];
  readonly full: number;
  readonly silent: readonly SilentGateway[];
  readonly address: BoardAddress;
}

/** Ascending as the arrow in the heading says; figures start with the largest, as `board-rows` sorts them. */
const DESCENDING: Readonly<Record<SortBy, boolean>> = {
  worst: false,
  name: false,
  rate: true,
  errors: true,
  p99: true,
};

/** The breakers as rows, for when there are many. */
export function BreakersTable({ title, breakers, full, silent, address }: BreakersTableProps) {
  const sorting: Sorting<SortBy> = {
    column: address.sort,
    descending: DESCENDING[address.sort] !== address.reversed,
    sortBy: (column) => {
      if (column === address.sort) address.setReversed(!address.reversed);
      else address.setSort(column);
    },
  };
  return (
    <Panel padded={false} className="live">
      <Table caption={title === "" ? "Breakers" : `Breakers, ${title}`}>
        <thead>
          <tr>
            <SortableTh column="name" sorting={sorting}>
              Breaker
            </SortableTh>
            <SortableTh column="worst" sorting={sorting}>
              State
            </SortableTh>
            <SortableTh column="rate" sorting={sorting} numeric>
              Offered
            </SortableTh>
            <SortableTh column="errors" sorting={sorting} numeric>
              Errors
            </SortableTh>
            <Th className="text-right">Failed</Th>
            <Th className="text-right">p50</Th>
            <SortableTh column="p99" sorting={sorting} numeric>
              p99
            </SortableTh>
            <Th>Why</Th>
            <Th>Falls back to</Th>
          </tr>
        </thead>
        <tbody>
          {breakers.map((breaker) => (
            <BreakerRow key={breaker.key} breaker={breaker} full={full} silent={silent} />
          ))}
        </tbody>
      </Table>
    </Panel>
  );
}

type BreakerRowProps = Pick<BreakersTableProps, "full" | "silent"> & { readonly breaker: FleetBreaker };

/** A row far out of view follows its figures at leisure, as a tile does. */
const BreakerRow = memo(function BreakerRow({ breaker, ...rest }: BreakerRowProps) {
  const ref = useRef<HTMLTableRowElement>(null);
  const shown = useHeldWhileUnseen(ref, breaker);
  return (
    <Tr ref={ref}>
      <RowCells breaker={shown} {...rest} />
    </Tr>
  );
});

const RowCells = memo(function RowCells({ breaker, full, silent }: BreakerRowProps) {
  const state = worstState(breaker);
  const { total, errors, percent } = fleetWindow(breaker);
  return (
    <>
      <Td>
        <Link href={links.breaker(breaker.key)} className="font-medium whitespace-nowrap text-accent hover:underline">
          {breaker.key}
        </Link>
      </Td>
      <Td>
        <span className="flex items-center gap-2 whitespace-nowrap">
          <BreakerDisc breaker={breaker} full={full} silent={new Set(silent.map(({ id }) => id))} small />
          {state === null ? (
            "Not reported"
          ) : (
            <StateBadge state={state} idle={isIdle(breaker)} words={stateInWords(breaker)} />
          )}
        </span>
      </Td>
      <Td className="text-right whitespace-nowrap">{formatRate(breaker.offeredPerSecond)}</Td>
      <Td className="text-right whitespace-nowrap">{formatPercent(percent)}</Td>
      <Td className="text-right whitespace-nowrap">
        {formatCount(errors)} of {formatCount(total)}
      </Td>
      <Td className="text-right whitespace-nowrap">{formatLatency(breaker.p50Ms)}</Td>
      <Td className="text-right whitespace-nowrap">{formatLatency(breaker.p99Ms)}</Td>
      <Td className="min-w-60">
        <TileWarnings breaker={breaker} silent={silent} />
        <BreakerCause breaker={breaker} />
      </Td>
      <Td className="min-w-28">{fallbacksInWords(breaker) || NO_VALUE}</Td>
    </>
  );
});
