"use client";

import { Network, Table2, Workflow } from "lucide-react";
import { useLive } from "../live/live-provider.tsx";
import { ButtonLink } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { SegmentedControl } from "../ui/segmented-control.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useTextFilter } from "../ui/use-text-filter.ts";
import { useUrlState } from "../ui/use-url-state.ts";
import { links } from "../links.ts";
import { DifferencePanel } from "../time/difference-panel.tsx";
import { PastBanner } from "../time/past-banner.tsx";
import { useShownMoment } from "../time/shown-moment.ts";
import { TimeAxis } from "../time/time-axis.tsx";
import { DetailsPanel } from "./details-panel.tsx";
import { findInTopology, findSelection } from "./selection.ts";
import { TopologyGraph } from "./topology-graph.tsx";
import { TopologyTable } from "./topology-table.tsx";

const VIEWS = [
  { value: "graph", label: "Graph", icon: Workflow },
  { value: "table", label: "Table", icon: Table2 },
];

/** How a service gets onto the page, for a mesh that has none yet. */
function NoServices() {
  return (
    <EmptyState
      icon={Network}
      title="No services yet"
      action={<ButtonLink href={links.services()}>Open services</ButtonLink>}
    >
      A service appears here when an instance registers in ZooKeeper, as an ephemeral node{" "}
      <code className="font-mono text-sm">/services/&lt;service&gt;/&lt;id&gt;</code> in the format of Curator service
      discovery (name, id, address, port). Calls appear when they go through a gateway.
    </EmptyState>
  );
}

/** The live mesh: drawn, or as tables, with details of what is selected. */
export function TopologyPage() {
  const { picture: live } = useLive();
  const { topology, windowMs, past } = useShownMoment();
  const picture = live === null || topology === null ? null : { ...live, topology, windowMs };
  const [selected, select] = useUrlState("select");
  const [view, setView] = useUrlState("view");
  const asTable = view === "table";
  const selection = picture === null ? null : findSelection(picture.topology, selected);
  const filter = useTextFilter();
  const found = picture === null || filter.text === "" ? null : findInTopology(picture.topology, filter.matches);
  const isEmpty = picture?.topology.nodes.every((node) => node.kind === "outside") ?? false;

  return (
    <div className="flex flex-1 flex-col">
      <PageHeader
        title="Topology"
        note={
          picture === null
            ? "Waiting for the first picture"
            : `Traffic of the last ${(picture.windowMs / 1000).toString()} s`
        }
        actions={
          <>
            <SearchInput label="Find a service" value={filter.text} onChange={filter.setText} />
            <SegmentedControl
              label="View"
              options={VIEWS}
              value={asTable ? "table" : "graph"}
              onChange={(next) => {
                setView(next === "table" ? next : null);
              }}
            />
          </>
        }
      />
      <PastBanner />
      <div
        className={
          asTable ? "relative flex-1" : "relative min-h-[420px] flex-1 rounded-lg border border-line bg-canvas"
        }
      >
        {picture === null && past?.problem == null && <Skeleton className="absolute inset-0 rounded-lg" />}
        {picture !== null && isEmpty && <NoServices />}
        {picture !== null && !isEmpty && (
          <>
            <div className={selection !== null ? "absolute inset-0 lg:right-88" : "absolute inset-0"} hidden={asTable}>
              <TopologyGraph topology={picture.topology} found={found} selected={selected} onSelect={select} />
            </div>
            {asTable && (
              <div className={selection !== null ? "lg:mr-92" : ""}>
                <TopologyTable topology={found ?? picture.topology} selected={selected} onSelect={select} />
              </div>
            )}
            {selection !== null && <DetailsPanel picture={picture} selection={selection} onSelect={select} />}
          </>
        )}
      </div>
      <TimeAxis />
      <DifferencePanel />
    </div>
  );
}
