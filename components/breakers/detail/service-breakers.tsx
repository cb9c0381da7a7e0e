"use client";

import Link from "next/link";
import type { FleetBreaker } from "#domain/live.ts";
import { formatLatency, formatPercent, formatRate, NO_VALUE } from "../../format/number.ts";
import { links } from "../../links.ts";
import { Panel } from "../../ui/panel.tsx";
import { SortableTh, Table, Td, Th, Tr } from "../../ui/table.tsx";
import { useSorted } from "../../ui/use-sorted.ts";
import { fleetWindow, STATE_STYLES, stateInWords, worstState } from "../breaker-state.ts";
import { StateBadge } from "../state-badge.tsx";

/** The breakers of one service, worst first: one for each route to it. */
export function ServiceBreakers({ breakers }: { breakers: readonly FleetBreaker[] }) {
  const { sorted, sorting } = useSorted(
    breakers,
    {
      state: (breaker) => STATE_STYLES[worstState(breaker) ?? "closed"].rank,
      name: ({ routeId }) => routeId,
      rate: ({ offeredPerSecond }) => offeredPerSecond,
      errors: (breaker) => fleetWindow(breaker).percent,
    },
    "state",
  );
  return (
    <Panel title="Breakers of this service" note="one for each route to it" className="live" padded={false}>
      {breakers.length === 0 ? (
        <p className="p-4 text-ink-3">No call has been guarded yet.</p>
      ) : (
        <Table caption="Breakers of this service">
          <thead>
            <tr>
              <SortableTh column="name" sorting={sorting}>
                Breaker
              </SortableTh>
              <SortableTh column="state" sorting={sorting}>
                State
              </SortableTh>
              <SortableTh column="rate" sorting={sorting} numeric>
                Offered
              </SortableTh>
              <SortableTh column="errors" sorting={sorting} numeric>
                Errors
              </SortableTh>
              <Th className="text-right">p95</Th>
              <Th>Callers</Th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((breaker) => (
              <Row key={breaker.key} breaker={breaker} />
            ))}
          </tbody>
        </Table>
      )}
    </Panel>
  );
}

function Row({ breaker }: { breaker: FleetBreaker }) {
  const state = worstState(breaker);
  return (
    <Tr>
      <Td>
        <Link href={links.breaker(breaker.key)} className="font-medium text-accent hover:underline">
          {breaker.key}
        </Link>
      </Td>
      <Td>{state === null ? "Not reported" : <StateBadge state={state} words={stateInWords(breaker)} />}</Td>
      <Td className="text-right whitespace-nowrap">{formatRate(breaker.offeredPerSecond)}</Td>
      <Td className="text-right whitespace-nowrap">{formatPercent(fleetWindow(breaker).percent)}</Td>
      <Td className="text-right whitespace-nowrap">{formatLatency(breaker.p95Ms)}</Td>
      <Td>{breaker.callers.length === 0 ? NO_VALUE : breaker.callers.join(", ")}</Td>
    </Tr>
  );
}
