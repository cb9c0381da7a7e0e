"use client";

import { Radio } from "lucide-react";
import { formatMoment } from "../format/time.ts";
import { useLive } from "../live/live-provider.tsx";
import { useServerNow } from "../live/use-now.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Panel } from "../ui/panel.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { useTextFilter } from "../ui/use-text-filter.ts";
import { GatewaysTable } from "./gateways-table.tsx";
import { RefusedDocuments } from "./refused-documents.tsx";
import { SyncFacts } from "./sync-facts.tsx";

/** How far policy has travelled, and how every gateway is. */
export function GatewaysPage() {
  const { picture } = useLive();
  const nowMs = useServerNow();
  const filter = useTextFilter();
  const gateways = picture?.gateways ?? [];
  const shown = gateways.filter((gateway) => filter.matches(gateway.id, gateway.registration?.adminUrl ?? ""));
  return (
    <>
      <PageHeader
        title="Gateways"
        note={picture === null ? "Waiting for the first picture" : `as of ${formatMoment(picture.atMs, nowMs)}`}
        actions={<SearchInput label="Search gateways" value={filter.text} onChange={filter.setText} />}
      />
      {picture !== null && <SyncFacts picture={picture} />}
      <Panel padded={false} className="live mt-4">
        {picture === null && <SkeletonRows />}
        {picture !== null && gateways.length === 0 && (
          <EmptyState icon={Radio} title="No gateway is registered">
            A gateway announces itself in ZooKeeper when it starts:{" "}
            <code className="font-mono text-sm">npm run gateway</code> with ZOOKEEPER set to this mesh&apos;s.
          </EmptyState>
        )}
        {gateways.length > 0 && shown.length === 0 && (
          <EmptyState icon={Radio} title={`No gateway matches “${filter.text}”`} />
        )}
        {picture !== null && shown.length > 0 && <GatewaysTable gateways={shown} sync={picture.sync} nowMs={nowMs} />}
      </Panel>
      <RefusedDocuments gateways={gateways} />
    </>
  );
}
