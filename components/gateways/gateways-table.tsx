"use client";

import type { GatewayStatus, SyncStatus } from "#domain/live.ts";
import { NO_VALUE } from "../format/number.ts";
import { formatAgo, formatMoment } from "../format/time.ts";
import { useServerNow } from "../live/use-now.ts";
import { SortableTh, Table, Td, Th, Tr } from "../ui/table.tsx";
import { useSorted } from "../ui/use-sorted.ts";
import { PolicyName } from "../sync/policy-name.tsx";
import { gatewayProgress } from "#domain/gateway-progress.ts";
import { plainText } from "../diff/plain-text.ts";
import { LinkBadge } from "./link-badge.tsx";

interface GatewaysTableProps {
  readonly gateways: readonly GatewayStatus[];
  readonly sync: SyncStatus;
}

/** Each gateway: where it listens, what it applies, whether its figures arrive. */
export function GatewaysTable({ gateways, sync }: GatewaysTableProps) {
  const nowMs = useServerNow();
  const { sorted, sorting } = useSorted(
    gateways,
    {
      id: (gateway) => gateway.id,
      revision: (gateway) => gatewayProgress(gateway, sync).revision ?? -1,
      window: (gateway) => gateway.lastWindowAtMs,
    },
    "id",
  );
  return (
    <Table caption="Gateways">
      <thead>
        <tr>
          <SortableTh column="id" sorting={sorting}>
            Gateway
          </SortableTh>
          <Th>Edge</Th>
          <Th>Started</Th>
          <SortableTh column="revision" sorting={sorting} numeric>
            Applied revision
          </SortableTh>
          <Th>Refused documents</Th>
          <Th>Stream</Th>
          <SortableTh column="window" sorting={sorting}>
            Last window
          </SortableTh>
          <Th className="text-right">Lost windows</Th>
          <Th className="text-right">Dropped</Th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((gateway) => {
          const { registration, stream } = gateway;
          const { revision: applied, behind, refused } = gatewayProgress(gateway, sync);
          return (
            <Tr key={gateway.id}>
              <Td className="align-top whitespace-nowrap">
                <span className="font-medium">{gateway.id}</span>
                <div className="text-sm text-ink-3">
                  {registration === null ? "left the registry" : `version ${registration.version}`}
                </div>
              </Td>
              <Td className="align-top font-mono text-sm whitespace-nowrap">{registration?.edgeUrl ?? NO_VALUE}</Td>
              <Td className="align-top whitespace-nowrap text-ink-2">
                {registration === null ? NO_VALUE : formatAgo(registration.startedAtMs, nowMs)}
              </Td>
              <Td className="text-right align-top whitespace-nowrap">
                {applied ?? "none"}
                {behind !== null && behind > 0 && <div className="text-sm text-warn">{behind} behind</div>}
              </Td>
              <Td className="align-top">
                {refused.length === 0
                  ? "none"
                  : refused.map((document) => (
                      <div key={document.key} className="text-bad">
                        <PolicyName policyKey={document.key} /> {plainText(document.reason)}
                      </div>
                    ))}
              </Td>
              <Td className="align-top">
                <LinkBadge link={stream} />
                {stream.problem !== "" && <div className="max-w-56 text-sm text-ink-3">{stream.problem}</div>}
              </Td>
              <Td className="align-top whitespace-nowrap">
                {gateway.lastWindowAtMs === 0
                  ? "never"
                  : `${formatMoment(gateway.lastWindowAtMs, nowMs)} (${formatAgo(gateway.lastWindowAtMs, nowMs)})`}
              </Td>
              <Td className="text-right align-top">{gateway.lostWindows}</Td>
              <Td className="text-right align-top">{gateway.dropped}</Td>
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}
