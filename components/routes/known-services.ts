import type { FleetBreaker, LivePicture } from "#domain/live.ts";
import { ServiceName } from "#domain/service.ts";

/** Keys the platform writes for itself; nobody selects instances by them. */
const PLATFORM_KEYS = new Set(["instance_status"]);

/** Labels with so many values, such as process ids, are no use for subsets. */
const VALUES_MAX = 8;

/** Services of the registry that a route may point at. */
export function routableServices(picture: LivePicture | null): readonly string[] {
  return (picture?.services ?? []).map((service) => service.name).filter((name) => ServiceName.safeParse(name).success);
}

/** Labels that instances of a service carry now, sorted. */
export function knownLabels(
  picture: LivePicture | null,
  service: string,
): readonly { readonly key: string; readonly value: string }[] {
  const instances = picture?.services.find((candidate) => candidate.name === service)?.instances ?? [];
  const pairs = instances.flatMap((instance) =>
    Object.entries(instance.metadata).map(([key, value]) => ({ key, value })),
  );
  const byKey = Map.groupBy(pairs, (pair) => pair.key);
  return [...byKey]
    .filter(([key]) => !PLATFORM_KEYS.has(key))
    .flatMap(([key, group]) => {
      const values = [...new Set(group.map((pair) => pair.value))].filter((value) => value !== "");
      return values.length > VALUES_MAX ? [] : values.toSorted().map((value) => ({ key, value }));
    })
    .toSorted((a, b) => a.key.localeCompare(b.key));
}

/** Requests a second a route carries now, refused ones included. */
export function routeRate(picture: LivePicture | null, routeId: string): number {
  return (picture?.breakers ?? [])
    .filter((breaker) => breaker.routeId === routeId)
    .reduce((sum, breaker) => sum + breaker.offeredPerSecond, 0);
}

/** The same for every route that carries any. */
export function routeRates(breakers: readonly FleetBreaker[]): ReadonlyMap<string, number> {
  const rates = new Map<string, number>();
  for (const { routeId, offeredPerSecond } of breakers)
    rates.set(routeId, (rates.get(routeId) ?? 0) + offeredPerSecond);
  return rates;
}
