import type { BreakerFacts } from "#domain/breaker-lint.ts";
import type { BreakerTarget } from "#domain/breaker-policy.ts";
import type { FleetBreaker } from "#domain/live.ts";
import type { RouteSpec } from "#domain/route.ts";
import { coversCommand } from "#domain/override.ts";

type KnownRoute = { readonly id: string; readonly spec: Pick<RouteSpec, "destinations" | "timeoutMs" | "retry"> };
type KnownBreaker = Pick<FleetBreaker, "routeId" | "service" | "offeredPerSecond"> & {
  readonly gateways: readonly { readonly reading: { readonly inFlight: number; readonly maxInFlight: number } }[];
};

/** What is known of the calls a policy binds: the routes they come by, and the load of each breaker. */
export function knownFacts(
  target: BreakerTarget,
  breakers: readonly KnownBreaker[],
  routes: readonly KnownRoute[],
): BreakerFacts {
  return {
    routes: routes
      .filter(({ id, spec }) =>
        spec.destinations.some(({ service }) => coversCommand(target, { routeId: id, service })),
      )
      .map(({ id, spec }) => ({ id, timeoutMs: spec.timeoutMs, perTryTimeoutMs: spec.retry?.perTryTimeoutMs ?? null })),
    load: breakers
      .filter((breaker) => coversCommand(target, breaker))
      .flatMap(({ gateways, offeredPerSecond }) =>
        gateways.map(({ reading }) => ({
          // Gateways and their workers are taken to share the calls evenly: the picture has their sum.
          perSecond: offeredPerSecond / gateways.length,
          inFlight: Math.max(reading.inFlight, reading.maxInFlight),
        })),
      ),
  };
}
