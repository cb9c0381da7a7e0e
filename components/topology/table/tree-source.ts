import type { Topology } from "#domain/topology.ts";
import type { DrawnGraph } from "../model/build-graph.ts";
import type { TreeSource } from "./tree-rows.ts";

/**
 * What the tree grid holds: the mesh that is shown, grouped as the drawing is when it stands beside one. With `found`, only
 * the services that were found or that a call found touches.
 */
export function treeSource(
  { shown, groups, model }: DrawnGraph,
  found: readonly string[] | null,
  grouped: boolean,
): TreeSource {
  return {
    topology: found === null ? shown : foundPart(shown, new Set(found)),
    groups: grouped ? groups : [],
    gateways: model.nodes.filter(({ kind }) => kind === "gateway"),
  };
}

function foundPart({ nodes, edges }: Topology, found: ReadonlySet<string>): Topology {
  const touched = new Set(edges.filter(({ id }) => found.has(id)).flatMap(({ from, to }) => [from, to]));
  return { nodes: nodes.filter(({ id }) => found.has(id) || touched.has(id)), edges };
}
