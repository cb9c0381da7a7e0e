"use client";

import { useCallback, useMemo, useState } from "react";
import { meshErrorOf } from "../api/mesh-error.ts";
import { useSession } from "../identity/use-session.ts";
import { useLive } from "../live/live-provider.tsx";
import { useServerNow } from "../live/use-now.ts";
import { DifferencePanel } from "../time/difference-panel.tsx";
import { PastBanner } from "../time/past-banner.tsx";
import { TimeAxis } from "../time/time-axis.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { drawnElement } from "./drawn-element.ts";
import { DisplayMenu } from "./display-menu.tsx";
import { GraphToolbar } from "./graph-toolbar.tsx";
import { GraphView } from "./graph-view.tsx";
import { useLayout } from "./layout/use-layout.ts";
import { layoutInput } from "./model/layout-input.ts";
import { GraphPanel } from "./panel/graph-panel.tsx";
import { resolveSelection } from "./panel/resolve-selection.ts";
import { knownValues } from "./query/known-values.ts";
import { TreeGrid } from "./table/tree-grid.tsx";
import type { TreeRow } from "./table/tree-row.ts";
import { treeSource } from "./table/tree-source.ts";
import { AllHidden, NoServices, NothingRecorded } from "./topology-states.tsx";
import { useTopologyView } from "./use-topology-view.ts";
import { useWalk } from "./use-walk.ts";
import { NO_PINS } from "./views/pin-store.ts";
import { useGraphState } from "./views/use-graph-state.ts";
import { useOpenedView } from "./views/use-opened-view.ts";
import { usePins } from "./views/use-pins.ts";
import { viewStateOf } from "./views/use-saved-views.ts";
import { ViewsMenu } from "./views/views-menu.tsx";

const TREE_HINT = "Arrows move, Right follows a call, Enter selects, Shift+Enter opens it in the graph";

/** The mesh: drawn, or as a tree of rows, live or as it was, with details of what is selected. */
export function TopologyPage() {
  const { picture } = useLive();
  const nowMs = useServerNow();
  const personId = useSession().data?.person?.id ?? null;
  const [selected, select] = useUrlState("select");
  const [flow, setFlow] = useUrlState("flow");
  const saved = useUrlState("saved");
  const address = useGraphState();
  const { state, change } = address;
  const pins = usePins(personId, saved[0]);
  const opened = useOpenedView({ personId, address, pins, saved });
  const view = useTopologyView(state, pins.pinned, selected);
  const { moment, shown, found, graph, bright } = view;
  const walk = useWalk(found);
  const [row, setRow] = useState<TreeRow | null>(null);
  const input = useMemo(() => layoutInput(graph.model), [graph.model]);
  const { layout, laying, again } = useLayout(input.nodes, input.edges, pins.pins);
  const known = useMemo(() => knownValues(moment.topology ?? { nodes: [], edges: [] }), [moment.topology]);
  const source = useMemo(
    () => treeSource(graph, state.asTable ? found : null, !state.asTable),
    [graph, state.asTable, found],
  );

  const toggleSelect = useCallback(
    (id: string) => {
      select(id === selected ? null : id);
    },
    [select, selected],
  );
  const expand = (id: string): void => {
    if (!canOpen(id)) return;
    const { expanded } = state;
    change({ expanded: expanded.includes(id) ? expanded.filter((other) => other !== id) : [...expanded, id] });
  };
  const canOpen = (id: string): boolean =>
    graph.groups.some((group) => group.id === id) ||
    (shown.topology.nodes.find((node) => node.id === id)?.parts.length ?? 0) > 0 ||
    graph.model.nodes.some((node) => node.id === id && node.kind === "subset");
  const leave = (): void => {
    saved[1](null);
  };

  const selection =
    picture === null || moment.topology === null ? null : resolveSelection(selected, moment.topology, graph);
  const walked = walk.at === null ? null : { element: walk.at, within: walk.at };
  const meant = row ?? walked;
  const focused = meant === null ? null : drawnElement(graph, meant);
  const isEmpty = moment.topology?.nodes.every((node) => node.kind === "outside") ?? false;
  const problem = moment.past?.problem ?? null;
  const isWaiting = moment.topology === null && problem === null;
  const shownPanel = selection !== null && picture !== null && moment.topology !== null;

  return (
    <div className="flex flex-1 flex-col">
      <PageHeader title="Topology" note={noteOf(moment.windowMs, isWaiting)} />
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
          onTidyUp={layout === null ? null : again}
        />
        <ViewsMenu
          openId={saved[0]}
          state={viewStateOf(state, pins.pins)}
          onOpen={opened.open}
          onSaved={(id) => {
            saved[1](id);
          }}
          onLeave={leave}
        />
      </GraphToolbar>
      {opened.isMissing && (
        <Notice tone="info" className="mb-3">
          The saved view of this address was deleted, or is not shared with you. You see the topology as usual.
        </Notice>
      )}
      <div
        className={
          state.asTable ? "relative flex-1" : "relative min-h-[420px] flex-1 rounded-lg border border-line bg-canvas"
        }
      >
        {isWaiting && <Skeleton className="absolute inset-0 rounded-lg" />}
        {moment.topology === null && meshErrorOf(problem)?.code === "NOT_RECORDED" && <NothingRecorded />}
        {moment.topology !== null && isEmpty && <NoServices />}
        {moment.topology !== null && !isEmpty && graph.model.nodes.length === 0 && (
          <AllHidden
            onShow={() => {
              change({ hide: "", idle: true, configured: true });
            }}
          />
        )}
        {moment.topology !== null && !isEmpty && graph.model.nodes.length > 0 && (
          <>
            {!state.asTable && (
              <div className={shownPanel ? "absolute inset-0 lg:right-88" : "absolute inset-0"}>
                <GraphView
                  model={graph.model}
                  layout={layout}
                  laying={laying}
                  selected={selected}
                  focused={focused}
                  bright={bright}
                  flow={flow !== "off"}
                  pinned={pins.pinned}
                  hint={row === null ? "" : TREE_HINT}
                  onSelect={select}
                  onExpand={expand}
                  onPin={pins.pin}
                  onUnpin={pins.unpin}
                />
              </div>
            )}
            <div className={state.asTable && shownPanel ? "lg:mr-92" : ""}>
              {state.asTable && found?.length === 0 ? (
                <p className="rounded-lg border border-line bg-surface p-6 text-center text-ink-3">Nothing matches.</p>
              ) : (
                <TreeGrid
                  source={source}
                  nowMs={nowMs}
                  selected={selected}
                  seen={state.asTable}
                  onSelect={toggleSelect}
                  onExpand={expand}
                  onFocusRow={setRow}
                />
              )}
            </div>
          </>
        )}
        {shownPanel && (
          <GraphPanel
            selection={selection}
            picture={picture}
            topology={moment.topology}
            atMs={moment.atMs}
            windowMs={moment.windowMs}
            expanded={new Set(state.expanded)}
            onSelect={select}
            onExpand={expand}
            onClose={() => {
              select(null);
            }}
          />
        )}
      </div>
      <TimeAxis />
      <DifferencePanel />
    </div>
  );
}

function noteOf(windowMs: number, isWaiting: boolean): string {
  return isWaiting ? "Waiting for the first picture" : `Traffic of ${(windowMs / 1000).toString()} s`;
}
