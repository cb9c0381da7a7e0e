"use client";

import type { FleetBreaker } from "#domain/live.ts";
import { formatAgo, formatDateTime } from "../format/time.ts";
import { useServerNow } from "../live/use-now.ts";
import { Table, Td, Th, Tr } from "../ui/table.tsx";
import { StateBadge } from "./state-badge.tsx";

/** What the automatic layer did, and why. */
export function Transitions({ breaker }: { breaker: FleetBreaker }) {
  const nowMs = useServerNow();
  if (breaker.transitions.length === 0) return <p className="p-4 text-ink-3">None since the console started.</p>;
  return (
    <Table caption="Transitions">
      <thead>
        <tr>
          <Th>When</Th>
          <Th>Gateway</Th>
          <Th>From</Th>
          <Th>To</Th>
          <Th>Why</Th>
        </tr>
      </thead>
      <tbody>
        {breaker.transitions.map((transition) => (
          <Tr key={`${transition.gatewayId} ${transition.atMs.toString()} ${transition.to}`}>
            <Td className="whitespace-nowrap">
              {formatDateTime(transition.atMs)} <span className="text-ink-3">{formatAgo(transition.atMs, nowMs)}</span>
            </Td>
            <Td className="whitespace-nowrap">{transition.gatewayId}</Td>
            <Td>
              <StateBadge state={transition.from} />
            </Td>
            <Td>
              <StateBadge state={transition.to} />
            </Td>
            <Td className="min-w-64">{transition.cause}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
