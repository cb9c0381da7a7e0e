"use client";

import { useCallback, useMemo, useState } from "react";
import { meshErrorOf } from "../api/mesh-error.ts";
import { useLive } from "../live/live-provider.tsx";
import { useServerNow } from "../live/use-now.ts";
import { cn } from "../ui/cn.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { canOpen, drawnElement } from "./drawn-element.ts";
import { GraphView } from "./graph-view.tsx";
import type { UsedLayout } from "./layout/use-layout.ts";
import { GraphPanel } from "./panel/graph-panel.tsx";
import { resolveSelection } from "./panel/resolve-selection.ts";
import { TreeGrid } from "./table/tree-grid.tsx";
import type { TreeRow } from "./table/tree-row.ts";
import { treeSource } from "./table/tree-source.ts";
import { AllHidden, NoServices, NothingMatches, NothingRecorded } from "./topology-states.tsx";
import type { TopologyView } from "./use-topology-view.ts";
import type { Walk } from "./use-walk.ts";
import type { GraphAddress } from "./views/use-graph-state.ts";
import type { PinControls } from "./views/use-pins.ts";

const TREE_HINT = "Arrows move, Right follows a call, Enter selects, Shift+Enter opens it in the graph";

interface MeshAreaProps {
  readonly address: GraphAddress;
  readonly view: TopologyView;
  readonly walk: Walk;
  readonly pins: PinControls;
  readonly layout: UsedLayout;
  readonly flow: boolean;
  readonly selected: string | null;
  readonly select: (id: string | null) => void;
}

/** The mesh itself: drawn or as rows, or why there is nothing to be seen, with details of what is selected. */
export function MeshArea(props: MeshAreaProps) {
  const { address, view, pins, selected, select } = props;
  const { state, change } = address;
  const { picture } = useLive();
  const { moment, graph } = view;
  const { topology } = moment;
  const problem = moment.past?.problem ?? null;
  const selection = topology === null ? null : resolveSelection(selected, topology, graph);
  const isEmpty = topology?.nodes.every((node) => node.kind === "outside") ?? false;
  const hasPanel = selection !== null && picture !== null;
  const expand = (id: string): void => {
    if (!canOpen(graph, id)) return;
    const { expanded } = state;
    change({ expanded: expanded.includes(id) ? expanded.filter((other) => other !== id) : [...expanded, id] });
  };

  return (
    <div
      className={cn(
        "relative flex-1",
        !state.asTable && "min-h-[420px] rounded-lg border border-line bg-canvas max-sm:min-h-[300px]",
      )}
    >
      {topology === null && problem === null && <Skeleton className="absolute inset-0 rounded-lg" />}
      {topology === null && meshErrorOf(problem)?.code === "NOT_RECORDED" && <NothingRecorded />}
      {topology !== null && isEmpty && <NoServices />}
      {topology !== null && !isEmpty && graph.model.nodes.length === 0 && (
        <AllHidden
          onShow={() => {
            change({ hide: "", idle: true, configured: true });
          }}
        />
      )}
      {topology !== null && !isEmpty && graph.model.nodes.length > 0 && (
        <MeshViews
          {...props}
          hasPanel={hasPanel}
          expand={expand}
          partOf={selection?.kind === "part" ? selection.node.id : null}
        />
      )}
      {hasPanel && topology !== null && (
        <GraphPanel
          selection={selection}
          picture={picture}
          topology={topology}
          atMs={moment.atMs}
          windowMs={moment.windowMs}
          expanded={new Set(state.expanded)}
          onSelect={select}
          onExpand={expand}
          onClose={() => {
            select(null);
          }}
          onUnpin={
            selected !== null && pins.pinned.has(selected)
              ? () => {
                  pins.unpin(selected);
                }
              : null
          }
        />
      )}
    </div>
  );
}

interface MeshViewsProps extends MeshAreaProps {
  readonly hasPanel: boolean;
  readonly expand: (id: string) => void;
  /** Service that a selected subset or instance is of: it stands for what is not drawn by itself. */
  readonly partOf: string | null;
}

/** The drawing and the tree grid: in the table view the grid is seen, else it is there for keyboard and screen readers. */
function MeshViews(props: MeshViewsProps) {
  const { address, view, walk, pins, layout, flow, selected, select, hasPanel, expand, partOf } = props;
  const { asTable } = address.state;
  const { found, graph, bright } = view;
  const nowMs = useServerNow();
  const [row, setRow] = useState<TreeRow | null>(null);
  const source = useMemo(() => treeSource(graph, asTable ? found : null, !asTable), [graph, asTable, found]);
  const meant = row ?? (walk.at === null ? null : { element: walk.at, within: walk.at });
  const toggleSelect = useCallback(
    (id: string) => {
      select(id === selected ? null : id);
    },
    [select, selected],
  );
  return (
    <>
      {!asTable && (
        <div className={hasPanel ? "absolute inset-0 lg:right-88" : "absolute inset-0"}>
          <GraphView
            model={graph.model}
            layout={layout.layout}
            laying={layout.laying}
            selected={selected === null ? null : drawnElement(graph, { element: selected, within: partOf ?? selected })}
            focused={meant === null ? null : drawnElement(graph, meant)}
            bright={bright}
            flow={flow}
            pinned={pins.pinned}
            hint={row === null ? "" : TREE_HINT}
            onSelect={select}
            onExpand={expand}
            onPin={pins.pin}
            onUnpin={pins.unpin}
          />
        </div>
      )}
      <div className={cn(asTable && hasPanel && "lg:mr-92")}>
        {asTable && found?.length === 0 ? (
          <NothingMatches />
        ) : (
          <TreeGrid
            source={source}
            nowMs={nowMs}
            selected={selected}
            seen={asTable}
            onSelect={toggleSelect}
            onExpand={expand}
            onFocusRow={setRow}
          />
        )}
      </div>
    </>
  );
}
