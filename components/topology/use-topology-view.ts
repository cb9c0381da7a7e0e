"use client";

import { useMemo } from "react";
import type { Topology } from "#domain/topology.ts";
import { useShownMoment, type ShownMoment } from "../time/shown-moment.ts";
import type { ElementChange } from "./model/graph-model.ts";
import { NODE_BUDGET, type GraphOptions } from "./model/graph-options.ts";
import type { DrawnGraph } from "./model/build-graph.ts";
import { findByQuery, hideByQuery, type HiddenPart } from "./query/apply-queries.ts";
import { useParsedQuery, type UsedQuery } from "./query/use-parsed-query.ts";
import { drawnElements } from "./drawn-element.ts";
import { useDrawnGraph } from "./use-drawn-graph.ts";
import type { GraphState } from "./views/graph-address.ts";

const NO_CHANGES: ReadonlyMap<string, ElementChange> = new Map();
const EMPTY: Topology = { nodes: [], edges: [] };

export interface TopologyView {
  readonly moment: ShownMoment;
  readonly find: UsedQuery;
  readonly hide: UsedQuery;
  /** The mesh without what is hidden. */
  readonly shown: HiddenPart;
  /** Ids of the topology's elements that were found, in its order; null: nothing is searched for. */
  readonly found: readonly string[] | null;
  readonly graph: DrawnGraph;
  /** What of the drawing was found; null: nothing is searched for. */
  readonly bright: ReadonlySet<string> | null;
}

/** The mesh of the moment that is shown, as the queries and options leave it. */
export function useTopologyView(state: GraphState, pinned: ReadonlySet<string>, selected: string | null): TopologyView {
  const moment = useShownMoment();
  const find = useParsedQuery(state.find);
  const hide = useParsedQuery(state.hide);
  const topology = moment.topology ?? EMPTY;
  const changes = moment.difference?.changes ?? NO_CHANGES;
  const context = useMemo(() => ({ pinned, changed: new Set(changes.keys()) }), [pinned, changes]);
  const shown = useMemo(() => hideByQuery(topology, hide.query, context), [topology, hide.query, context]);
  const found = useMemo(() => findByQuery(shown.topology, find.query, context), [shown.topology, find.query, context]);
  const { gateways, configured, idle, grouped, labels, expanded } = state;
  const options = useMemo(
    (): GraphOptions => ({
      gateways,
      configured,
      idle,
      grouped,
      labels,
      changes,
      budget: NODE_BUDGET,
      expanded: new Set(expanded),
      keep: selected === null ? pinned : new Set([...pinned, selected]),
    }),
    [gateways, configured, idle, grouped, labels, expanded, changes, pinned, selected],
  );
  const graph = useDrawnGraph(shown.topology, options);
  const bright = useMemo(() => drawnElements(graph, found), [graph, found]);
  return { moment, find, hide, shown, found, graph, bright };
}
