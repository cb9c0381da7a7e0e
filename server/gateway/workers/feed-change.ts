import { EMPTY_REGISTRY, type RegistryPicture, type RegistryService } from "#domain/instance.ts";
import type { MapChange } from "#domain/persistent-map.ts";

/** From one picture to the next. */
export interface RegistryChange {
  readonly readAtMs: number;
  /** Their order; null: as before. */
  readonly names: readonly string[] | null;
  readonly services: MapChange<RegistryService>;
}

/** What has to be told to whom has `before`; `null`: to whom has nothing. */
export function registryChange(before: RegistryPicture | null, now: RegistryPicture): RegistryChange {
  const was = before?.services ?? [];
  const isSameOrder =
    was.length === now.services.length && was.every(({ name }, at) => name === now.services[at]?.name);
  return {
    readAtMs: now.readAtMs,
    names: isSameOrder ? null : now.services.map(({ name }) => name),
    // The registry makes new objects with each reading.
    services: difference(byName(before?.services ?? []), byName(now.services)),
  };
}

export function applyRegistryChange(before: RegistryPicture, change: RegistryChange): RegistryPicture {
  const services = changed(byName(before.services), change.services);
  // Who consumes what is not for those who serve.
  return {
    ...EMPTY_REGISTRY,
    readAtMs: change.readAtMs,
    services: (change.names ?? before.services.map(({ name }) => name)).flatMap((name) => services.get(name) ?? []),
  };
}

function difference(
  before: ReadonlyMap<string, RegistryService>,
  now: ReadonlyMap<string, RegistryService>,
): MapChange<RegistryService> {
  const set = [...now].filter(([name, service]) => !isSameJson(before.get(name), service));
  return { set, removed: [...before.keys()].filter((name) => !now.has(name)) };
}

function changed(
  before: ReadonlyMap<string, RegistryService>,
  { set, removed }: MapChange<RegistryService>,
): Map<string, RegistryService> {
  const now = new Map(before);
  for (const key of removed) now.delete(key);
  for (const [key, value] of set) now.set(key, value);
  return now;
}

function byName(services: readonly RegistryService[]): ReadonlyMap<string, RegistryService> {
  return new Map(services.map((service) => [service.name, service]));
}

function isSameJson(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
