import { Check, CircleAlert, LoaderCircle, WifiOff } from "lucide-react";
import type { GatewayStatus, SyncStatus } from "#domain/live.ts";
import { formatAgo, formatMoment, formatSpan } from "../format/time.ts";
import { NO_VALUE } from "../format/number.ts";
import { Badge } from "../ui/badge.tsx";
import { SortableTh, Table, Td, Th, Tr } from "../ui/table.tsx";
import { useSorted } from "../ui/use-sorted.ts";

interface GatewaysTableProps {
  readonly gateways: readonly GatewayStatus[];
  readonly sync: SyncStatus;
  readonly nowMs: number;
}

/** One row for each gateway: what it applied, and whether it still reports. */
export function GatewaysTable({ gateways, sync, nowMs }: GatewaysTableProps) {
  const { sorted, sorting } = useSorted(
    gateways,
    {
      id: (gateway) => gateway.id,
      revision: (gateway) => gateway.acknowledgement?.revision ?? -1,
      heard: (gateway) => gateway.lastWindowAtMs,
      started: (gateway) => gateway.registration?.startedAtMs ?? 0,
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
          <SortableTh column="revision" sorting={sorting}>
            Applied
          </SortableTh>
          <Th>Reports</Th>
          <SortableTh column="heard" sorting={sorting} numeric>
            Last heard
          </SortableTh>
          <Th className="text-right">Lost</Th>
          <SortableTh column="started" sorting={sorting} numeric className="max-sm:hidden">
            Up for
          </SortableTh>
        </tr>
      </thead>
      <tbody>
        {sorted.map((gateway) => (
          <Tr key={gateway.id}>
            <Td>
              <div className="font-medium">{gateway.id}</div>
              <div className="text-sm text-ink-3">
                {gateway.registration === null
                  ? "not in the registry"
                  : `${gateway.registration.edgeUrl} · ${gateway.registration.version}`}
              </div>
            </Td>
            <Td>
              <AppliedBadge gateway={gateway} sync={sync} />
            </Td>
            <Td>
              <StreamBadge gateway={gateway} nowMs={nowMs} />
            </Td>
            <Td className="text-right whitespace-nowrap">
              {gateway.lastWindowAtMs === 0 ? "never" : formatAgo(gateway.lastWindowAtMs, nowMs)}
            </Td>
            <Td className="text-right whitespace-nowrap">{lostInWords(gateway)}</Td>
            <Td className="text-right whitespace-nowrap max-sm:hidden">
              {gateway.registration === null ? NO_VALUE : formatSpan(nowMs - gateway.registration.startedAtMs)}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function lostInWords({ lostWindows, dropped }: GatewayStatus): string {
  if (lostWindows === 0 && dropped === 0) return "nothing";
  return `${lostWindows.toString()} s of windows, ${dropped.toString()} counts`;
}

function AppliedBadge({ gateway, sync }: { gateway: GatewayStatus; sync: SyncStatus }) {
  const ack = gateway.acknowledgement;
  if (ack === null)
    return (
      <Badge tone="warn" icon={LoaderCircle}>
        nothing yet
      </Badge>
    );
  if (ack.incarnation !== sync.incarnation)
    return (
      <Badge tone="bad" icon={CircleAlert}>
        policy of another database
      </Badge>
    );
  if (ack.refused.length > 0) {
    return (
      <Badge
        tone="bad"
        icon={CircleAlert}
      >{`revision ${ack.revision.toString()}, refused ${ack.refused.length.toString()}`}</Badge>
    );
  }
  const isBehind = ack.revision < sync.savedRevision;
  return (
    <Badge
      tone={isBehind ? "warn" : "good"}
      icon={isBehind ? LoaderCircle : Check}
      title={formatMoment(ack.appliedAtMs, Date.now())}
    >
      {isBehind
        ? `revision ${ack.revision.toString()}, ${(sync.savedRevision - ack.revision).toString()} behind`
        : `revision ${ack.revision.toString()}`}
    </Badge>
  );
}

function StreamBadge({ gateway: { stream }, nowMs }: { gateway: GatewayStatus; nowMs: number }) {
  if (stream.state === "up")
    return (
      <Badge tone="good" icon={Check}>
        streaming
      </Badge>
    );
  return (
    <Badge tone="bad" icon={WifiOff} title={stream.problem}>
      {`silent for ${formatSpan(nowMs - stream.sinceMs)}`}
    </Badge>
  );
}
