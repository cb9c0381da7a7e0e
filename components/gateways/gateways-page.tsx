"use client";

import { Router } from "lucide-react";
import type { LivePicture } from "#domain/live.ts";
import { formatSpan } from "../format/time.ts";
import { useLive } from "../live/live-provider.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Panel } from "../ui/panel.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { Stat } from "../ui/stat.tsx";
import { useTextFilter } from "../ui/use-text-filter.ts";
import { GatewaysTable } from "./gateways-table.tsx";
import { LinkBadge } from "./link-badge.tsx";

/** How far policy has travelled, and how each gateway is doing. */
export function GatewaysPage() {
  const { picture } = useLive();
  const filter = useTextFilter();
  const shown = (picture?.gateways ?? []).filter((gateway) =>
    filter.matches(gateway.id, gateway.registration?.edgeUrl ?? ""),
  );
  return (
    <>
      <PageHeader
        title="Gateways"
        note={picture === null ? "Waiting for the first picture" : `${picture.gateways.length.toString()} known`}
        actions={<SearchInput label="Search gateways" value={filter.text} onChange={filter.setText} />}
      />
      <div className="live flex flex-col gap-4">
        {picture !== null && <SyncPanel picture={picture} />}
        <Panel title="Gateways" padded={false}>
          {picture === null && <SkeletonRows rows={3} />}
          {picture?.gateways.length === 0 && (
            <EmptyState icon={Router} title="No gateway is registered">
              Start one with <code className="font-mono text-sm">npm run gateway</code>, pointed at the same ZooKeeper.
              It appears here by itself.
            </EmptyState>
          )}
          {picture !== null && picture.gateways.length > 0 && shown.length === 0 && (
            <EmptyState icon={Router} title={`No gateway matches “${filter.text}”`} />
          )}
          {picture !== null && shown.length > 0 && <GatewaysTable gateways={shown} sync={picture.sync} />}
        </Panel>
      </div>
    </>
  );
}

function SyncPanel({ picture }: { picture: LivePicture }) {
  const { sync, links } = picture;
  const behind = sync.publishedRevision === null ? sync.savedRevision : sync.savedRevision - sync.publishedRevision;
  return (
    <Panel title="Policy">
      {sync.halted !== "" && (
        <Notice tone="warn" className="mb-4" title="Publishing stands still">
          {sync.halted}
        </Notice>
      )}
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-3 lg:grid-cols-6">
        <Stat label="Saved revision">{sync.savedRevision}</Stat>
        <Stat label="Published revision">
          {sync.publishedRevision ?? "none"}
          {behind > 0 && <span className="text-warn"> ({behind} behind)</span>}
        </Stat>
        <Stat label="Published by">{sync.leader ?? "nobody is elected"}</Stat>
        <Stat label="This console">{picture.consoleId}</Stat>
        <Stat label="ZooKeeper">
          <LinkBadge link={links.zookeeper} />
          {links.zookeeper.state !== "up" && (
            <span className="ml-1 text-sm text-ink-3">for {formatSpan(picture.atMs - links.zookeeper.sinceMs)}</span>
          )}
        </Stat>
        <Stat label="PostgreSQL">
          <LinkBadge link={links.database} />
          {links.database.state !== "up" && (
            <span className="ml-1 text-sm text-ink-3">for {formatSpan(picture.atMs - links.database.sinceMs)}</span>
          )}
        </Stat>
      </dl>
    </Panel>
  );
}
