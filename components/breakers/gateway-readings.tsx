"use client";

import { placeOf } from "#domain/breaker-place.ts";
import { MODE_WORDS } from "#domain/override.ts";
import type { FleetBreaker } from "#domain/live.ts";
import { formatCount, formatPercent, NO_VALUE } from "../format/number.ts";
import { formatMoment, formatSetting, formatSpan } from "../format/time.ts";
import { useServerNow } from "../live/use-now.ts";
import { Table, Td, Th, Tr } from "../ui/table.tsx";
import { effectiveOf } from "./breaker-state.ts";
import { StateBadge } from "./state-badge.tsx";

/** The breaker as each gateway has it: both layers of state, figures, thresholds. */
export function GatewayReadings({ breaker }: { breaker: FleetBreaker }) {
  const nowMs = useServerNow();
  return (
    <Table caption="State at each gateway">
      <thead>
        <tr>
          <Th>Gateway</Th>
          <Th>Callers meet</Th>
          <Th>Automatic</Th>
          <Th>Override</Th>
          <Th className="text-right">Errors</Th>
          <Th className="text-right">Failed calls</Th>
          <Th className="text-right">In flight</Th>
          <Th>Opens at</Th>
          <Th>Next trial</Th>
        </tr>
      </thead>
      <tbody>
        {breaker.gateways.map(({ gatewayId, reading }) => (
          <Tr key={placeOf({ gatewayId, reading })}>
            <Td className="font-medium whitespace-nowrap">{placeOf({ gatewayId, reading })}</Td>
            <Td>
              <StateBadge state={effectiveOf(reading)} />
            </Td>
            <Td className="whitespace-nowrap">
              <StateBadge state={reading.state} />{" "}
              <span className="text-sm text-ink-3">since {formatMoment(reading.sinceMs, nowMs)}</span>
            </Td>
            <Td>
              {reading.override === null ? "none" : `${MODE_WORDS[reading.override.mode]} by ${reading.override.actor}`}
            </Td>
            <Td className="text-right whitespace-nowrap">{formatPercent(reading.window.errorPercent)}</Td>
            <Td className="text-right whitespace-nowrap">
              {formatCount(reading.window.errors)} of {formatCount(reading.window.total)}
            </Td>
            <Td className="text-right whitespace-nowrap">
              {reading.inFlight} of {formatCount(reading.thresholds.maxConcurrent)}
            </Td>
            <Td className="whitespace-nowrap">
              {reading.thresholds.enabled
                ? `${reading.thresholds.errorPercent.toString()} % of ${reading.thresholds.requestVolume.toString()}, for ${formatSetting(reading.thresholds.sleepWindowMs)}`
                : "never by itself"}
            </Td>
            <Td className="whitespace-nowrap">
              {reading.nextTrialAtMs === null
                ? NO_VALUE
                : reading.nextTrialAtMs <= nowMs
                  ? "with the next call"
                  : `in ${formatSpan(reading.nextTrialAtMs - nowMs + 999)}`}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
