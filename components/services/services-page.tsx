"use client";

import { Server, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { memo } from "react";
import { formatClock } from "../format/time.ts";
import { formatErrors, formatLatency, formatRate, NO_VALUE } from "../format/number.ts";
import { links } from "../links.ts";
import { useLive } from "../live/live-provider.tsx";
import { HealthBadge } from "../topology/health-badge.tsx";
import { HEALTH_RANK } from "../topology/health-style.ts";
import { ButtonLink } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Panel } from "../ui/panel.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { SortableTh, Table, Td, Th, Tr } from "../ui/table.tsx";
import { useNarrow } from "../ui/use-narrow.ts";
import { useSorted } from "../ui/use-sorted.ts";
import { useTextFilter } from "../ui/use-text-filter.ts";
import { LeftOut } from "./left-out.tsx";
import { RegistryTabs } from "./registry-tabs.tsx";
import { serviceRows, type ServiceRow } from "./service-row.ts";
import { TrafficCells, TrafficHeads } from "./traffic-columns.tsx";

/** Everything the registry holds. */
export function ServicesPage() {
  const { picture } = useLive();
  const filter = useTextFilter();
  const rows = picture === null ? [] : serviceRows(picture);
  const shown = rows.filter((row) =>
    filter.matches(row.service.name, ...row.versions.map((version) => `version=${version}`)),
  );
  const readAt =
    picture === null || picture.registryReadAtMs === 0
      ? ""
      : ` · registry read at ${formatClock(picture.registryReadAtMs)}`;
  return (
    <>
      <PageHeader
        title="Services"
        note={picture === null ? "Waiting for the first picture" : `${rows.length.toString()} in the registry${readAt}`}
        actions={
          <>
            <RegistryTabs />
            <ButtonLink href={links.healthSettings()}>Health thresholds</ButtonLink>
            <SearchInput label="Search services" value={filter.text} onChange={filter.setText} />
          </>
        }
      />
      <Panel padded={false} className="live">
        {picture === null && <SkeletonRows />}
        {picture !== null && rows.length === 0 && (
          <EmptyState icon={Server} title="No services yet">
            A service appears when an instance registers in ZooKeeper as an ephemeral node{" "}
            <code className="font-mono text-sm">/services/&lt;service&gt;/&lt;id&gt;</code> in the format of Curator
            service discovery.
          </EmptyState>
        )}
        {rows.length > 0 && shown.length === 0 && (
          <EmptyState icon={Server} title={`No service matches “${filter.text}”`} />
        )}
        {picture !== null && <LeftOut truncated={picture.registryTruncated} />}
        {shown.length > 0 && <ServicesTable rows={shown} />}
      </Panel>
    </>
  );
}

/** On phones errors and latency stand below the name. */
function ServicesTable({ rows }: { rows: readonly ServiceRow[] }) {
  const isNarrow = useNarrow();
  const { sorted, sorting } = useSorted(
    rows,
    {
      name: (row) => row.service.name,
      health: (row) => (row.node === null ? 9 : HEALTH_RANK[row.node.health]),
      instances: (row) => row.serving,
      rate: (row) => row.node?.requestsPerSecond ?? 0,
      errors: (row) => row.node?.errorRatio ?? 0,
      p95: (row) => row.node?.p95Ms ?? -1,
    },
    "name",
  );
  return (
    <Table caption="Services">
      <thead>
        <tr>
          <SortableTh column="name" sorting={sorting}>
            Service
          </SortableTh>
          <SortableTh column="health" sorting={sorting}>
            Health
          </SortableTh>
          {isNarrow ? (
            <SortableTh column="rate" sorting={sorting} numeric>
              Requests
            </SortableTh>
          ) : (
            <>
              <SortableTh column="instances" sorting={sorting} numeric>
                Instances
              </SortableTh>
              <Th>Versions</Th>
              <TrafficHeads sorting={sorting} />
            </>
          )}
        </tr>
      </thead>
      <tbody>
        {sorted.map((row) => (
          <ServiceTr key={row.service.name} row={row} isNarrow={isNarrow} />
        ))}
      </tbody>
    </Table>
  );
}

/** Drawn again only when something of it changed. */
const ServiceTr = memo(function ServiceTr({ row, isNarrow }: { row: ServiceRow; isNarrow: boolean }) {
  const { service, node, serving, versions } = row;
  const total = service.instances.length;
  const instances = serving === total ? serving.toString() : `${serving.toString()} of ${total.toString()}`;
  return (
    <Tr>
      <Td>
        <Link href={links.service(service.name)} className="font-medium break-words text-accent hover:underline">
          {service.name}
        </Link>
        {service.unreadable.length > 0 && (
          <span className="ml-2 inline-flex items-center gap-1 align-bottom text-sm leading-5 text-warn">
            <TriangleAlert aria-hidden className="size-3.5" />
            {service.unreadable.length} unreadable
          </span>
        )}
        {isNarrow && (
          <div className="text-sm text-ink-3">
            {instances} serving
            {node !== null &&
              node.p95Ms !== null &&
              ` · ${formatErrors(node)} errors · p95 ${formatLatency(node.p95Ms)}`}
          </div>
        )}
      </Td>
      <Td>{node === null ? NO_VALUE : <HealthBadge health={node.health} reason={node.healthReason} />}</Td>
      {isNarrow ? (
        <Td className="text-right whitespace-nowrap">{formatRate(node?.requestsPerSecond ?? 0)}</Td>
      ) : (
        <>
          <Td className="text-right whitespace-nowrap">{instances}</Td>
          <Td className="text-ink-2">{versions.length === 0 ? NO_VALUE : versions.join(", ")}</Td>
          <TrafficCells traffic={node} />
        </>
      )}
    </Tr>
  );
});
