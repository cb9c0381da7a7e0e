import type { FleetBreaker, LivePicture, LiveService } from "./live.ts";
import { totalOf } from "./outcome-counts.ts";
import { coversCommand, hasExpired, type OverrideMode, type OverrideScope, type OverrideTarget } from "./override.ts";
import type { ServicePolicySpec } from "./service-policy.ts";
import { takesRequests } from "./takes-requests.ts";
import type { InstanceStanding } from "./traffic.ts";

/** What a person is about to hold. */
export interface Hold {
  readonly target: OverrideTarget;
  readonly mode: OverrideMode;
  readonly scope: OverrideScope;
}

/** What of the live picture it is read from. */
export type ReachSources = Pick<LivePicture, "breakers" | "services" | "topology" | "gateways">;

/** Whom an override would affect now. */
export interface OverrideReach {
  readonly requestsPerSecond: number;
  readonly callers: readonly Caller[];
  /** Those bound by it, none for an instance. */
  readonly breakers: readonly FleetBreaker[];
  /** Gateways it binds that are known now. */
  readonly gateways: readonly string[];
}

export interface Caller {
  readonly name: string;
  /** Null: what it sends to the service by this route alone is not known. */
  readonly requestsPerSecond: number | null;
}

/** Whom it would affect now. A rate at one gateway is that gateway's share of the last second. */
export function reachOf(picture: ReachSources, { target, scope }: Pick<Hold, "target" | "scope">): OverrideReach {
  const gateways =
    scope.kind === "gateway"
      ? [scope.gatewayId]
      : picture.gateways.filter(({ registration }) => registration !== null).map(({ id }) => id);
  if (target.kind === "instance") {
    const service = picture.services.find(({ name }) => name === target.service);
    const traffic = service?.traffic.find(({ instance }) => instance === target.instance);
    const callers = callersOfInstance(picture, target.service, target.instance);
    return { requestsPerSecond: traffic?.requestsPerSecond ?? 0, callers, breakers: [], gateways };
  }
  const breakers = picture.breakers.filter((breaker) => coversCommand(target, breaker));
  const requestsPerSecond = breakers.reduce((sum, breaker) => sum + rateAt(breaker, scope), 0);
  return { requestsPerSecond, callers: callersOf(picture, breakers), breakers, gateways };
}

/** Whether a person has to say that they know what it does: much traffic, or nobody left to serve. */
export function needsConfirmation(requestsPerSecond: number, thresholdRps: number, isLast: boolean): boolean {
  return isLast || requestsPerSecond >= thresholdRps;
}

/**
 * Other instances of the service that take requests at every gateway of the scope: as policy and their registrations
 * have it, and neither out nor unhealthy anywhere. Empty: taking this one out leaves somebody with nobody.
 */
export function othersServing(
  service: LiveService,
  settings: ServicePolicySpec["instances"],
  { instance, scope }: { readonly instance: string; readonly scope: OverrideScope },
  nowMs: number,
): string[] {
  const away = service.standings.filter(
    (standing) => (scope.kind === "fleet" || standing.gatewayId === scope.gatewayId) && isAway(standing, nowMs),
  );
  return service.instances
    .filter((other) => other.id !== instance && takesRequests(settings, other))
    .filter(({ id }) => !away.some((standing) => standing.instance === id))
    .map(({ id }) => id);
}

/** Whether a gateway sends it nothing, for another reason than policy, at `nowMs` (Unix epoch). */
export function isAway(standing: InstanceStanding, nowMs: number): boolean {
  const mode = modeOf(standing, nowMs);
  if (mode !== null) return mode === "forced-open";
  return standing.health === "unhealthy" || (standing.ejectedUntilMs ?? 0) > nowMs;
}

/** How a person holds it at `nowMs` (Unix epoch); null: not. A standing may be older than the override's end. */
export function modeOf({ override }: Pick<InstanceStanding, "override">, nowMs: number): OverrideMode | null {
  return override === null || hasExpired(override, nowMs) ? null : override.mode;
}

function rateAt(breaker: FleetBreaker, scope: OverrideScope): number {
  if (scope.kind === "fleet") return breaker.offeredPerSecond;
  const count = (gateways: FleetBreaker["gateways"]): number =>
    gateways.reduce((sum, { reading }) => sum + totalOf(reading.counts), 0);
  const all = count(breaker.gateways);
  // Of a pause nobody knows whose it is: better too much than too little.
  if (all === 0) return breaker.offeredPerSecond;
  const own = count(breaker.gateways.filter(({ gatewayId }) => gatewayId === scope.gatewayId));
  return (breaker.offeredPerSecond * own) / all;
}

/** A rate is told where all that flows between the two is by routes that are bound. */
function callersOf({ topology }: ReachSources, breakers: readonly FleetBreaker[]): Caller[] {
  const names = [...new Set(breakers.flatMap(({ callers }) => callers))].sort();
  const routes = new Set(breakers.map(({ routeId }) => routeId));
  return names.map((name) => {
    const edges = topology.edges.filter(
      ({ from, to }) => isFrom(from, name) && breakers.some((b) => isTo(to, b.service)),
    );
    const known = edges.length > 0 && edges.every((edge) => edge.routes.every((route) => routes.has(route)));
    const rate = edges.reduce((sum, edge) => sum + edge.requestsPerSecond, 0);
    return { name, requestsPerSecond: known ? rate : null };
  });
}

function callersOfInstance({ topology }: ReachSources, service: string, instance: string): Caller[] {
  const rates = new Map<string, number>();
  for (const edge of topology.edges) {
    if (!isTo(edge.to, service)) continue;
    const name = edge.from.replace(/^service:/, "");
    for (const share of edge.split)
      if (share.instance === instance && share.requestsPerSecond > 0)
        rates.set(name, (rates.get(name) ?? 0) + share.requestsPerSecond);
  }
  return [...rates].map(([name, requestsPerSecond]) => ({ name, requestsPerSecond }));
}

function isFrom(from: string, caller: string): boolean {
  return from === caller || from === `service:${caller}`;
}

function isTo(to: string, service: string): boolean {
  return to === `service:${service}`;
}
