import { EMPTY_REGISTRY, type RegistryPicture, type RegistryService } from "#domain/instance.ts";
import { EMPTY_SNAPSHOT, type PolicySnapshot } from "#domain/snapshot.ts";

/** What is different in a map; values are as they are now. */
interface MapChange<Value> {
  readonly set: readonly (readonly [string, Value])[];
  readonly removed: readonly string[];
}

const KINDS = ["routes", "breakers", "overrides", "services"] as const;
type Kind = (typeof KINDS)[number];
type ValueOf<K extends Kind> = PolicySnapshot[K] extends ReadonlyMap<string, infer Value> ? Value : never;

/** From one snapshot to the next, for a worker that has the first. */
export interface PolicyChange {
  readonly incarnation: string;
  readonly revision: number;
  readonly root: string;
  readonly routes: MapChange<ValueOf<"routes">>;
  readonly breakers: MapChange<ValueOf<"breakers">>;
  readonly overrides: MapChange<ValueOf<"overrides">>;
  readonly services: MapChange<ValueOf<"services">>;
}

/** From one picture to the next. */
export interface RegistryChange {
  readonly readAtMs: number;
  /** Their order. */
  readonly names: readonly string[];
  readonly services: MapChange<RegistryService>;
}

/** What has to be told to whom has `before`; `null`: to whom has nothing. */
export function policyChange(before: PolicySnapshot | null, now: PolicySnapshot): PolicyChange {
  const from = before ?? EMPTY_SNAPSHOT;
  const { incarnation, revision, root } = now;
  return {
    incarnation,
    revision,
    root,
    // Objects that were not published again are the same objects.
    routes: difference(from.routes, now.routes, Object.is),
    breakers: difference(from.breakers, now.breakers, Object.is),
    overrides: difference(from.overrides, now.overrides, Object.is),
    services: difference(from.services, now.services, Object.is),
  };
}

export function applyPolicyChange(before: PolicySnapshot, change: PolicyChange): PolicySnapshot {
  const { incarnation, revision, root } = change;
  return {
    incarnation,
    revision,
    root,
    routes: changed(before.routes, change.routes),
    breakers: changed(before.breakers, change.breakers),
    overrides: changed(before.overrides, change.overrides),
    services: changed(before.services, change.services),
  };
}

export function registryChange(before: RegistryPicture | null, now: RegistryPicture): RegistryChange {
  return {
    readAtMs: now.readAtMs,
    names: now.services.map(({ name }) => name),
    // The registry makes new objects with each reading.
    services: difference(byName(before?.services ?? []), byName(now.services), isSameJson),
  };
}

export function applyRegistryChange(before: RegistryPicture, change: RegistryChange): RegistryPicture {
  const services = changed(byName(before.services), change.services);
  // Who consumes what is not for those who serve.
  return {
    ...EMPTY_REGISTRY,
    readAtMs: change.readAtMs,
    services: change.names.flatMap((name) => services.get(name) ?? []),
  };
}

function difference<Value>(
  before: ReadonlyMap<string, Value>,
  now: ReadonlyMap<string, Value>,
  isSame: (one: Value, other: Value) => boolean,
): MapChange<Value> {
  const set = [...now].filter(([key, value]) => {
    const known = before.get(key);
    return known === undefined || !isSame(known, value);
  });
  return { set, removed: [...before.keys()].filter((key) => !now.has(key)) };
}

function changed<Value>(before: ReadonlyMap<string, Value>, { set, removed }: MapChange<Value>): Map<string, Value> {
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
