import type { FleetBreaker } from "#domain/live.ts";
import type { TopologyEdge } from "#domain/topology.ts";

export interface CallerRate {
  readonly caller: string;
  readonly perSecond: number;
  /** The caller reaches the service by other routes too, and the rate is that of all of them. */
  readonly shared: boolean;
}

/** Who calls through the breaker and how often, busiest first. */
export function callerRates(
  { callers, routeId, service }: Pick<FleetBreaker, "callers" | "routeId" | "service">,
  edges: readonly Pick<TopologyEdge, "from" | "to" | "asFallback" | "requestsPerSecond" | "routes">[],
): readonly CallerRate[] {
  return callers
    .map((caller) => {
      const from = caller === "outside" ? caller : `service:${caller}`;
      const own = edges.filter(
        (edge) =>
          edge.from === from && edge.to === `service:${service}` && !edge.asFallback && edge.routes.includes(routeId),
      );
      return {
        caller,
        perSecond: own.reduce((sum, edge) => sum + edge.requestsPerSecond, 0),
        shared: own.some((edge) => edge.routes.length > 1),
      };
    })
    .toSorted((a, b) => b.perSecond - a.perSecond);
}
