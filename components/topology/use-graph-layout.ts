"use client";

import { useMemo, useState } from "react";
import type { Topology } from "#domain/topology.ts";
import { placeLabels } from "./labels.ts";
import { graphKey, layoutTopology, type GraphLayout, type Point } from "./layout.ts";

export interface DrawnGraph {
  readonly key: string;
  readonly layout: GraphLayout;
  readonly labels: ReadonlyMap<string, Point>;
}

function draw(topology: Topology, key: string, previous?: GraphLayout): DrawnGraph {
  const layout = layoutTopology(
    topology.nodes.map((node) => node.id),
    topology.edges,
    previous,
  );
  return { key, layout, labels: placeLabels(layout) };
}

/** The drawing of the mesh. Made anew only when a node or an edge comes or goes, and then what stays, stays put. */
export function useGraphLayout(topology: Topology): DrawnGraph {
  const key = useMemo(
    () =>
      graphKey(
        topology.nodes.map((node) => node.id),
        topology.edges,
      ),
    [topology],
  );
  const [drawn, setDrawn] = useState(() => draw(topology, key));
  if (drawn.key === key) return drawn;
  const next = draw(topology, key, drawn.layout);
  setDrawn(next);
  return next;
}
