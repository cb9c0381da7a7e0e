"use client";

import { EyeOff, Search, Table2, Workflow } from "lucide-react";
import type { ReactNode } from "react";
import { SegmentedControl } from "../ui/segmented-control.tsx";
import { nameOfId, nodeName } from "./describe.ts";
import type { KnownValues } from "./query/complete-query.ts";
import { QueryField } from "./query/query-field.tsx";
import { QueryHelp } from "./query/query-help.tsx";
import type { TopologyView } from "./use-topology-view.ts";
import type { Walk } from "./use-walk.ts";
import type { GraphAddress } from "./views/use-graph-state.ts";

const VIEWS = [
  { value: "graph", label: "Graph", icon: Workflow },
  { value: "table", label: "Table", icon: Table2 },
];

interface GraphToolbarProps {
  readonly address: GraphAddress;
  readonly view: TopologyView;
  readonly walk: Walk;
  readonly known: KnownValues;
  /** Menus: display, views, export. */
  readonly children: ReactNode;
}

/** What is looked for and left out, and how all of it is shown. */
export function GraphToolbar({ address: { state, change }, view, walk, known, children }: GraphToolbarProps) {
  const setFind = (find: string): void => {
    walk.end();
    change({ find });
  };
  return (
    <div className="mb-3 flex flex-wrap items-start gap-2">
      <QueryField
        label="Find"
        icon={Search}
        text={state.find}
        setText={setFind}
        problem={view.find.problem}
        known={known}
        result={foundInWords(view, walk)}
        spoken={walkedInWords(view, walk)}
        onEnter={walk.step}
      >
        <QueryHelp onTry={setFind} />
      </QueryField>
      <QueryField
        label="Hide"
        icon={EyeOff}
        text={state.hide}
        setText={(hide) => {
          change({ hide });
        }}
        problem={view.hide.problem}
        known={known}
        result={hiddenInWords(view)}
      />
      {/* Without their signs, all of them fit on one line of a phone. */}
      <div className="flex flex-wrap gap-2 max-sm:[&_svg]:hidden">
        {children}
        <SegmentedControl
          label="Shown as"
          options={VIEWS}
          value={state.asTable ? "table" : "graph"}
          onChange={(next) => {
            change({ asTable: next === "table" });
          }}
        />
      </div>
    </div>
  );
}

function foundInWords({ found, shown }: TopologyView, walk: Walk): string {
  if (found === null) return "";
  if (walk.position > 0) return `${walk.position.toString()}/${found.length.toString()}`;
  const all = shown.topology.nodes.length + shown.topology.edges.length;
  return `${found.length.toString()} of ${all.toString()}`;
}

function walkedInWords({ shown: { topology } }: TopologyView, { at }: Walk): string {
  if (at === null) return "";
  const node = topology.nodes.find(({ id }) => id === at);
  if (node !== undefined) return nodeName(node);
  const edge = topology.edges.find(({ id }) => id === at);
  return edge === undefined ? "" : `calls from ${nameOfId(edge.from)} to ${nameOfId(edge.to)}`;
}

function hiddenInWords({ shown: { hiddenNodes, hiddenEdges } }: TopologyView): string {
  const hidden = hiddenNodes + hiddenEdges;
  return hidden === 0 ? "" : `${hidden.toString()} hidden`;
}
