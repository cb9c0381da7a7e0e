"use client";

import type { RefusedDocument } from "#domain/gateway-info.ts";
import type { GatewayStatus, SyncStatus } from "#domain/live.ts";
import { plainText } from "../diff/plain-text.ts";
import { NO_VALUE } from "../format/number.ts";
import { formatAgo, formatMoment } from "../format/time.ts";
import { useServerNow } from "../live/use-now.ts";
import { Badge } from "../ui/badge.tsx";
import { SortableTh, Table, Td, Th, Tr } from "../ui/table.tsx";
import { useSorted } from "../ui/use-sorted.ts";
import { gatewayProgress, type GatewayProgress } from "#domain/gateway-progress.ts";
import { PolicyName } from "./policy-name.tsx";

interface SyncGatewaysProps {
  readonly gateways: readonly GatewayStatus[];
  readonly sync: SyncStatus;
}

/** What each gateway has applied, when, and what it refused. */
export function SyncGateways({ gateways, sync }: SyncGatewaysProps) {
  const nowMs = useServerNow();
  const { sorted, sorting } = useSorted(
    gateways.map((gateway) => gatewayProgress(gateway, sync)),
    {
      id: ({ id }) => id,
      revision: ({ revision }) => revision ?? -1,
      behind: ({ behind }) => behind ?? Number.MAX_SAFE_INTEGER,
      applied: ({ appliedAtMs }) => appliedAtMs ?? 0,
    },
    "id",
  );
  return (
    <Table caption="What each gateway has applied">
      <thead>
        <tr>
          <SortableTh column="id" sorting={sorting}>
            Gateway
          </SortableTh>
          <SortableTh column="revision" sorting={sorting} numeric>
            Applied revision
          </SortableTh>
          <SortableTh column="behind" sorting={sorting} numeric>
            Behind
          </SortableTh>
          <SortableTh column="applied" sorting={sorting}>
            Applied
          </SortableTh>
          <Th>Refused</Th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((gateway) => (
          <Tr key={gateway.id}>
            <Td className="align-top font-medium whitespace-nowrap">
              {gateway.id}
              {!gateway.isLive && <div className="text-sm font-normal text-ink-3">left the registry</div>}
            </Td>
            <Td className="text-right align-top whitespace-nowrap">
              {gateway.revision ?? (gateway.isForeign ? "another database’s" : "none")}
            </Td>
            <Td className="text-right align-top whitespace-nowrap">
              <Behind gateway={gateway} />
            </Td>
            <Td className="align-top whitespace-nowrap">
              {gateway.appliedAtMs === null ? (
                NO_VALUE
              ) : (
                <>
                  {formatMoment(gateway.appliedAtMs, nowMs)}
                  <div className="text-sm text-ink-3">{formatAgo(gateway.appliedAtMs, nowMs)}</div>
                </>
              )}
            </Td>
            <Td className="min-w-64 align-top">
              {gateway.refused.length === 0 ? "none" : <RefusedList refused={gateway.refused} />}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function Behind({ gateway }: { gateway: GatewayProgress }) {
  if (gateway.isAhead) return <Badge tone="bad">ahead</Badge>;
  if (gateway.behind === null) return NO_VALUE;
  if (gateway.behind === 0) return "0";
  return <Badge tone="warn">{gateway.behind.toString()}</Badge>;
}

function RefusedList({ refused }: { refused: readonly RefusedDocument[] }) {
  return (
    <ul className="flex flex-col gap-1">
      {refused.map(({ key, revision, reason }) => (
        <li key={key} className="break-words">
          <PolicyName policyKey={key} /> <span className="text-ink-3">revision {revision}</span>
          <div className="text-bad">{plainText(reason)}</div>
        </li>
      ))}
    </ul>
  );
}
