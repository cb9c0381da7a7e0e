import { HEALTH_RANK } from "../topology/health-style.ts";
import type { Topology, TopologyEdge } from "#domain/topology.ts";

/** A neighbour of a service: who calls it, or whom it calls. */
export interface Neighbour {
  /** `orders`, `outside`. */
  readonly name: string;
  readonly edge: TopologyEdge;
  /** Of a backup: calls per second that it answers in the service's place, whose callers are sent on to it; else 0. */
  readonly standsInPerSecond: number;
}

export interface Neighbours {
  /** Worst first. */
  readonly callers: readonly Neighbour[];
  readonly called: readonly Neighbour[];
}

/** Who calls a service and whom it calls, configured ones included. Its calls to itself stand on both sides. */
export function neighboursOf({ edges }: Topology, service: string): Neighbours {
  const id = `service:${service}`;
  const callers = new Set(edges.filter(({ to }) => to === id).map(({ from }) => from));
  const standsIn = (backup: TopologyEdge): number =>
    edges
      .filter((edge) => edge.asFallback && edge.to === backup.to && callers.has(edge.from))
      .reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0);
  const sideOf = (side: "from" | "to", other: "from" | "to"): Neighbour[] =>
    edges
      .filter((edge) => edge[side] === id)
      .map((edge) => ({
        name: edge[other].replace(/^service:/, ""),
        edge,
        standsInPerSecond: side === "from" && edge.asFallback ? standsIn(edge) : 0,
      }))
      .toSorted(compareNeighbours);
  return { callers: sideOf("to", "from"), called: sideOf("from", "to") };
}

/** Worst health first, then the busiest; what is only configured last. */
function compareNeighbours(a: Neighbour, b: Neighbour): number {
  return (
    Number(a.edge.configuredOnly) - Number(b.edge.configuredOnly) ||
    HEALTH_RANK[a.edge.health] - HEALTH_RANK[b.edge.health] ||
    b.edge.requestsPerSecond - a.edge.requestsPerSecond ||
    (a.edge.id < b.edge.id ? -1 : 1)
  );
}
