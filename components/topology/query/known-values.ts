import type { Topology } from "#domain/topology.ts";
import { nodeName } from "../describe.ts";
import type { KnownValues } from "./complete-query.ts";
import type { FieldName } from "./fields.ts";
import { versionsOf } from "./mesh-elements.ts";

/** Values of the mesh that completions offer; looked for when a field is asked for. */
export function knownValues({ nodes, edges }: Topology): KnownValues {
  return (field) => [...new Set(valuesOf(field, nodes, edges))].toSorted();
}

function valuesOf(field: FieldName, nodes: Topology["nodes"], edges: Topology["edges"]): readonly string[] {
  switch (field) {
    case "service":
    case "from":
    case "to":
      return nodes.map(nodeName);
    case "route":
      return edges.flatMap(({ routes }) => routes);
    case "gateway":
      return edges.flatMap(({ gateways }) => gateways.map(({ gatewayId }) => gatewayId));
    case "instance":
      return nodes.flatMap(({ parts }) => parts.map(({ instance }) => instance));
    case "subset":
      return nodes.flatMap(({ parts }) => parts.flatMap(({ subset }) => (subset === "" ? [] : [subset])));
    case "version":
      return nodes.flatMap(({ parts }) => versionsOf(parts.map(({ subset }) => subset)));
    default:
      return [];
  }
}
