"use client";

import { Router } from "lucide-react";
import { links } from "../links.ts";
import { useLive } from "../live/live-provider.tsx";
import { ButtonLink } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Panel } from "../ui/panel.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { useTextFilter } from "../ui/use-text-filter.ts";
import { GatewaysTable } from "./gateways-table.tsx";

/** How each gateway is doing. */
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
        actions={
          <>
            <ButtonLink href={links.sync()}>What they apply</ButtonLink>
            <SearchInput label="Search gateways" value={filter.text} onChange={filter.setText} />
          </>
        }
      />
      <Panel title="Gateways" padded={false} className="live">
        {picture === null && <SkeletonRows rows={3} />}
        {picture?.gateways.length === 0 && (
          <EmptyState icon={Router} title="No gateway is registered">
            Start one with <code className="font-mono text-sm">npm run gateway</code>, pointed at the same ZooKeeper. It
            appears here by itself.
          </EmptyState>
        )}
        {picture !== null && picture.gateways.length > 0 && shown.length === 0 && (
          <EmptyState icon={Router} title={`No gateway matches “${filter.text}”`} />
        )}
        {picture !== null && shown.length > 0 && <GatewaysTable gateways={shown} sync={picture.sync} />}
      </Panel>
    </>
  );
}
