"use client";

import { useState } from "react";
import type { Topology } from "#domain/topology.ts";
import { buildGraph, type DrawnGraph } from "./model/build-graph.ts";
import type { GraphOptions } from "./model/graph-options.ts";

interface Held {
  readonly topology: Topology;
  readonly options: GraphOptions;
  readonly graph: DrawnGraph;
}

/** The drawing of the mesh. What did not change since the last one is the same object. */
export function useDrawnGraph(topology: Topology, options: GraphOptions): DrawnGraph {
  const [held, hold] = useState<Held | null>(null);
  if (held?.topology === topology && held.options === options) return held.graph;
  const graph = buildGraph(topology, options, held?.graph ?? null);
  hold({ topology, options, graph });
  return graph;
}
