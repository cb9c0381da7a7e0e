import { backupsIn, type BreakerPolicySpec } from "./breaker-policy.ts";
import type { EdgeTotals } from "./edge-totals.ts";
import { worstBreaker, type EffectiveBreaker } from "./effective-breaker.ts";
import { DEFAULT_HEALTH_POLICY, thresholdsBy, type BindingThresholds, type HealthPolicySpec } from "./health-policy.ts";
import type { RegistryPicture, RegistryService } from "./instance.ts";
import type { RouteSpec } from "./route.ts";
import { hasLabels, subsetName, type Labels } from "./service.ts";
import type { BreakerReading } from "./traffic.ts";

export interface TopologyInput {
  /** Calls of every gateway within the window. */
  readonly calls: readonly EdgeTotals[];
  /** Length of the window the rates are averaged over, ms. */
  readonly windowMs: number;
  /** Latest reading of every breaker at every gateway. */
  readonly breakers: readonly BreakerReading[];
  readonly registry: RegistryPicture;
  readonly routes: readonly { readonly id: string; readonly spec: RouteSpec }[];
  readonly policies: readonly BreakerPolicySpec[];
  /** The default policy when it is not given. */
  readonly health?: HealthPolicySpec;
}

/** Calls to one service, by who called. */
export interface ServiceCalls {
  readonly ordinary: Map<string, EdgeTotals[]>;
  readonly asBackup: Map<string, EdgeTotals[]>;
}

/** What all gateways say of the breakers that guard a service, or a route's calls to it. */
export interface GuardedCalls {
  readonly breaker: EffectiveBreaker | null;
  /** The shortest time after which one of them gives a call up, ms; null when there are none. */
  readonly timeoutMs: number | null;
}

/** A subset that routes send to, and the labels of its instances. */
interface Subset {
  readonly name: string;
  readonly labels: Labels;
}

/** What is asked for by name, put in order once. */
export interface TopologyIndex {
  readonly windowMs: number;
  /** By service. */
  readonly calls: ReadonlyMap<string, ServiceCalls>;
  readonly registered: ReadonlyMap<string, RegistryService>;
  /** Whether the registry has been read at all: before that nothing can be said to be missing from it. */
  readonly registryRead: boolean;
  /** Services that an enabled route or a breaker's policy would send calls to. */
  readonly wanted: ReadonlySet<string>;
  readonly thresholds: (service: string) => BindingThresholds;
  /** Of the calls of these routes to a service; of all its calls when none are given. */
  readonly guarded: (service: string, routes?: readonly string[]) => GuardedCalls;
  /** The subset that an instance's labels put it in, by routes' destinations; empty for none. */
  readonly subsetOf: (service: string, metadata: Readonly<Record<string, string>>) => string;
}

export function indexTopology(input: TopologyInput): TopologyIndex {
  const subsets = subsetsBy(input.routes);
  const { registry } = input;
  return {
    windowMs: input.windowMs,
    calls: callsBy(input.calls),
    registered: new Map(registry.services.map((service) => [service.name, service])),
    registryRead: registry.readAtMs > 0,
    wanted: wantedBy(input.routes, input.policies),
    thresholds: remembering(thresholdsBy(input.health ?? DEFAULT_HEALTH_POLICY)),
    guarded: guardedBy(input.breakers),
    subsetOf: (service, metadata) =>
      subsets.get(service)?.find(({ labels }) => hasLabels(metadata, labels))?.name ?? "",
  };
}

const noCalls = (): ServiceCalls => ({ ordinary: new Map(), asBackup: new Map() });

function callsBy(calls: readonly EdgeTotals[]): Map<string, ServiceCalls> {
  const services = new Map<string, ServiceCalls>();
  for (const call of calls) {
    const to = entry(services, call.service, noCalls);
    entry<string, EdgeTotals[]>(call.asFallback ? to.asBackup : to.ordinary, call.caller, () => []).push(call);
  }
  return services;
}

function wantedBy(routes: TopologyInput["routes"], policies: readonly BreakerPolicySpec[]): Set<string> {
  const wanted = new Set<string>();
  for (const { spec } of routes) {
    if (!spec.enabled) continue;
    for (const { service, weight } of spec.destinations) if (weight > 0) wanted.add(service);
  }
  for (const { fallbacks } of policies) for (const backup of backupsIn(fallbacks)) wanted.add(backup);
  return wanted;
}

/** The narrowest first: an instance may carry the labels of several. */
function subsetsBy(routes: TopologyInput["routes"]): Map<string, readonly Subset[]> {
  const services = new Map<string, Map<string, Subset>>();
  for (const { spec } of routes) {
    for (const { service, labels } of spec.destinations) {
      const name = subsetName(labels);
      if (name !== "") entry(services, service, () => new Map()).set(name, { name, labels });
    }
  }
  return new Map([...services].map(([service, subsets]) => [service, [...subsets.values()].sort(narrowestFirst)]));
}

function narrowestFirst(a: Subset, b: Subset): number {
  const more = Object.keys(b.labels).length - Object.keys(a.labels).length;
  return more === 0 ? (a.name < b.name ? -1 : 1) : more;
}

function guardedBy(readings: readonly BreakerReading[]): TopologyIndex["guarded"] {
  const services = new Map<string, Map<string, BreakerReading[]>>();
  for (const reading of readings) {
    const byRoute = entry(services, reading.service, () => new Map<string, BreakerReading[]>());
    entry(byRoute, reading.routeId, () => []).push(reading);
  }
  return (service, routes) => {
    const byRoute = services.get(service);
    if (byRoute === undefined) return { breaker: null, timeoutMs: null };
    const lists = routes === undefined ? [...byRoute.values()] : routes.map((route) => byRoute.get(route) ?? []);
    const own = lists.length === 1 && lists[0] !== undefined ? lists[0] : lists.flat();
    let timeoutMs: number | null = null;
    for (const { thresholds } of own) timeoutMs = Math.min(timeoutMs ?? thresholds.timeoutMs, thresholds.timeoutMs);
    return { breaker: worstBreaker(own), timeoutMs };
  };
}

function remembering<T>(find: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => entry(known, name, () => find(name));
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
