"use client";

import { useMemo } from "react";
import { useUrlState } from "../../ui/use-url-state.ts";
import { PARAMETERS, stateOf, wordsOf, type GraphState } from "./graph-address.ts";

export interface GraphAddress {
  readonly state: GraphState;
  readonly change: (change: Partial<GraphState>) => void;
}

/** How the topology is shown, kept in the address. */
export function useGraphState(): GraphAddress {
  const [find, setFind] = useUrlState(PARAMETERS.find);
  const [hide, setHide] = useUrlState(PARAMETERS.hide);
  const [labels, setLabels] = useUrlState(PARAMETERS.labels);
  const [gateways, setGateways] = useUrlState(PARAMETERS.gateways);
  const [configured, setConfigured] = useUrlState(PARAMETERS.configured);
  const [idle, setIdle] = useUrlState(PARAMETERS.idle);
  const [grouped, setGrouped] = useUrlState(PARAMETERS.grouped);
  const [asTable, setAsTable] = useUrlState(PARAMETERS.asTable);
  const [expanded, setExpanded] = useUrlState(PARAMETERS.expanded);
  const state = useMemo(() => {
    const words = new Map([
      [PARAMETERS.find, find],
      [PARAMETERS.hide, hide],
      [PARAMETERS.labels, labels],
      [PARAMETERS.gateways, gateways],
      [PARAMETERS.configured, configured],
      [PARAMETERS.idle, idle],
      [PARAMETERS.grouped, grouped],
      [PARAMETERS.asTable, asTable],
      [PARAMETERS.expanded, expanded],
    ]);
    return stateOf((parameter) => [...words].find(([name]) => name === parameter)?.[1] ?? null);
  }, [find, hide, labels, gateways, configured, idle, grouped, asTable, expanded]);
  const change = (part: Partial<GraphState>): void => {
    const next = { ...state, ...part };
    if (part.find !== undefined) setFind(wordsOf("find", next));
    if (part.hide !== undefined) setHide(wordsOf("hide", next));
    if (part.labels !== undefined) setLabels(wordsOf("labels", next));
    if (part.gateways !== undefined) setGateways(wordsOf("gateways", next));
    if (part.configured !== undefined) setConfigured(wordsOf("configured", next));
    if (part.idle !== undefined) setIdle(wordsOf("idle", next));
    if (part.grouped !== undefined) setGrouped(wordsOf("grouped", next));
    if (part.asTable !== undefined) setAsTable(wordsOf("asTable", next));
    if (part.expanded !== undefined) setExpanded(wordsOf("expanded", next));
  };
  return { state, change };
}
