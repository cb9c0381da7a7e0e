"use client";

import { useMemo } from "react";
import { useSession } from "../identity/use-session.ts";
import { DifferencePanel } from "../time/difference-panel.tsx";
import { PastBanner } from "../time/past-banner.tsx";
import { TimeAxis } from "../time/time-axis.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { DisplayMenu } from "./display-menu.tsx";
import { ExportMenu } from "./export/export-menu.tsx";
import { GraphToolbar } from "./graph-toolbar.tsx";
import { useLayout } from "./layout/use-layout.ts";
import { MeshArea } from "./mesh-area.tsx";
import { layoutInput } from "./model/layout-input.ts";
import { knownValues } from "./query/known-values.ts";
import { useTopologyView, type TopologyView } from "./use-topology-view.ts";
import { useWalk } from "./use-walk.ts";
import { NO_PINS } from "./views/pin-store.ts";
import { useGraphState } from "./views/use-graph-state.ts";
import { useOpenedView } from "./views/use-opened-view.ts";
import { usePins } from "./views/use-pins.ts";
import { viewStateOf } from "./views/use-saved-views.ts";
import { ViewsMenu } from "./views/views-menu.tsx";

/** The mesh: drawn, or as a tree of rows, live or as it was, with details of what is selected. */
export function TopologyPage() {
  const personId = useSession().data?.person?.id ?? null;
  const [selected, select] = useUrlState("select");
  const [flow, setFlow] = useUrlState("flow");
  const saved = useUrlState("saved");
  const address = useGraphState();
  const pins = usePins(personId, saved[0]);
  const opened = useOpenedView({ personId, address, pins, saved });
  const view = useTopologyView(address.state, pins.pinned, selected);
  const { moment, found, graph } = view;
  const walk = useWalk(found);
  const input = useMemo(() => layoutInput(graph.model), [graph.model]);
  const layout = useLayout(
    input.nodes,
    input.edges,
    pins.pins,
    // A layer of gateways between those that stay where they are would be drawn behind them.
    address.state.gateways ? "with gateways" : "services",
  );
  const known = useMemo(() => knownValues(moment.topology ?? { nodes: [], edges: [] }), [moment.topology]);

  return (
    <div className="flex flex-1 flex-col">
      <PageHeader title="Topology" note={noteOf(view)} />
      <PastBanner />
      <GraphToolbar address={address} view={view} walk={walk} known={known}>
        <DisplayMenu
          address={address}
          flow={flow !== "off"}
          onFlow={(isOn) => {
            setFlow(isOn ? null : "off");
          }}
          pins={pins.pins.size}
          onUnpinAll={() => {
            pins.setPins(NO_PINS);
          }}
          onTidyUp={layout.layout === null ? null : layout.again}
        />
        <ViewsMenu
          openId={saved[0]}
          state={viewStateOf(address.state, pins.pins)}
          onOpen={opened.open}
          onSaved={opened.keep}
          onLeave={() => {
            saved[1](null);
          }}
        />
        {layout.layout !== null && <ExportMenu model={graph.model} layout={layout.layout} />}
      </GraphToolbar>
      {opened.isMissing && (
        <Notice tone="info" className="mb-3">
          The saved view of this address was deleted, or is not shared with you. You see the topology as usual.
        </Notice>
      )}
      <MeshArea
        address={address}
        view={view}
        walk={walk}
        pins={pins}
        layout={layout}
        flow={flow !== "off"}
        selected={selected}
        select={select}
      />
      <TimeAxis />
      <DifferencePanel />
    </div>
  );
}

function noteOf({ moment }: TopologyView): string {
  const problem = moment.past?.problem ?? null;
  if (moment.topology === null) return problem === null ? "Waiting for the first picture" : "";
  const seconds = `${(moment.windowMs / 1000).toString()} s`;
  const span = moment.atMs === null ? `last ${seconds}` : `${seconds} shown`;
  const isQuiet = moment.topology.edges.every(({ requestsPerSecond }) => requestsPerSecond === 0);
  return isQuiet ? `No traffic in the ${span}` : `Traffic of the ${span}`;
}
