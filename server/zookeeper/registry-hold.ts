import type { Instance, RegistryService } from "#domain/instance.ts";

export interface HoldTimes {
  /** How long any instance is shown as leaving before it is gone, ms: registrants delete and re-create their entries. */
  readonly flapMs: number;
  /** Disappearances within this time are taken together, ms: sessions that end together do so within their heartbeat. */
  readonly windowMs: number;
  /** How long a mass disappearance is disbelieved, ms. */
  readonly holdMs: number;
}

export const HOLD_TIMES: HoldTimes = { flapMs: 3000, windowMs: 10_000, holdMs: 15_000 };

/** Fewer are no mass, unless ZooKeeper has just come back. */
const MASS_MIN = 3;
/** Each return of ZooKeeper gives those who are missing their time anew, but not for ever. */
const RESTARTS_MAX = 3;

/** An instance that was there, and whose entry is not. */
interface Missing {
  /** As it is shown. */
  readonly instance: Instance;
  /** When it was missed, or ZooKeeper came back since, monotonic ms. */
  readonly sinceMs: number;
  readonly restarts: number;
  /** Known from before a restart only: nobody has seen its entry since. */
  readonly remembered: boolean;
}

interface Gone {
  readonly service: string;
  /** When it was missed. */
  readonly sinceMs: number;
}

/** What is remembered from one reading to the next. Never changed once made. */
export interface HoldState {
  /** As last read. */
  readonly fresh: readonly RegistryService[];
  /** As last shown. */
  readonly services: readonly RegistryService[];
  /** By identity. */
  readonly missing: ReadonlyMap<string, Missing>;
  /** Those that were let go within the window, and nobody has come in their place. */
  readonly gone: readonly Gone[];
  /** No complete reading since ZooKeeper came back. */
  readonly returned: boolean;
  /** `fresh` is from before a restart. */
  readonly remembered: boolean;
}

export const NOTHING_HELD: HoldState = {
  fresh: [],
  services: [],
  missing: new Map(),
  gone: [],
  returned: false,
  remembered: false,
};

/**
 * A process that starts, and knows from its disk who was there: the first reading is judged by that, as after a return of
 * ZooKeeper. Otherwise a restart in the middle of a mass disappearance would make it real. Whoever is remembered only
 * stands in for a service of which nobody is registered.
 */
export function rememberedFrom(services: readonly RegistryService[]): HoldState {
  const fresh = services.map((service) => ({
    ...service,
    instances: service.instances.map((instance) => ({ ...instance, presence: "present" as const })),
  }));
  return { ...NOTHING_HELD, fresh, services: fresh, returned: true, remembered: true };
}

export interface Belief {
  readonly state: HoldState;
  /** When to look again, ms from now; null when nothing is held. */
  readonly lookAgainMs: number | null;
  /** Instances that are from now on not believed to be gone. */
  readonly doubted: number;
  /** Unconfirmed ones that are now believed to be gone. */
  readonly letGo: number;
}

/** ZooKeeper is back after an interruption: whoever is missing gets time to register again. */
export function afterReturn(state: HoldState, nowMs: number): HoldState {
  const missing = [...state.missing].map(([key, one]): [string, Missing] => [
    key,
    one.restarts < RESTARTS_MAX ? { ...one, sinceMs: nowMs, restarts: one.restarts + 1 } : one,
  ]);
  return { ...state, missing: new Map(missing), returned: true };
}

/**
 * What to believe of a complete reading at `nowMs` (monotonic). Pure. Whoever is missing is *leaving* for a moment; when
 * more than half of all instances go within the window, and at least three (or any number, in the first reading after
 * ZooKeeper was away), they are *unconfirmed* for a longer, bounded time. What is unchanged stays the same object.
 */
export function believe(
  before: HoldState,
  fresh: readonly RegistryService[],
  nowMs: number,
  times: HoldTimes = HOLD_TIMES,
): Belief {
  const missing = missingNow(before, fresh, nowMs);
  const lately = before.gone.filter(({ sinceMs }) => nowMs - sinceMs < times.windowMs);
  const gone = notReplaced(lately, before.fresh, fresh);
  const present = fresh.reduce((sum, { instances }) => sum + instances.length, 0);
  const recent = [...missing].filter(([, { sinceMs }]) => nowMs - sinceMs < times.windowMs);
  const vanished = recent.length + gone.length;
  const isMass = vanished >= (before.returned ? 1 : MASS_MIN) && vanished > present + missing.size - recent.length;
  let doubted = 0;
  for (const [key, one] of isMass ? recent : []) {
    if (one.instance.presence === "unconfirmed") continue;
    missing.set(key, { ...one, instance: { ...one.instance, presence: "unconfirmed" } });
    doubted += 1;
  }
  let letGo = 0;
  let lookAgainMs: number | null = null;
  for (const [key, { instance, sinceMs }] of missing) {
    const leftMs = sinceMs + (instance.presence === "unconfirmed" ? times.holdMs : times.flapMs) - nowMs;
    if (leftMs > 0) {
      lookAgainMs = Math.min(lookAgainMs ?? leftMs, leftMs);
      continue;
    }
    missing.delete(key);
    gone.push({ service: instance.service, sinceMs });
    if (instance.presence === "unconfirmed") letGo += 1;
  }
  const services = withMissing(before.services, fresh, missing.values());
  const state = { fresh, services, missing, gone, returned: false, remembered: false };
  return { state, lookAgainMs, doubted, letGo };
}

/** Id and address, not the node's transaction: that changes when a registrant re-creates its entry. */
function identity({ service, id, address, port }: Instance): string {
  // Neither ids nor addresses hold a slash.
  return `${service}/${id}/${address}:${port}`;
}

function missingNow(before: HoldState, fresh: readonly RegistryService[], nowMs: number): Map<string, Missing> {
  const missing = new Map(before.missing);
  const now = new Map(fresh.map((service) => [service.name, service]));
  for (const service of before.fresh) {
    const same = now.get(service.name);
    if (same === service) continue;
    const there = new Set(same?.instances.map(identity));
    for (const instance of service.instances) {
      const key = identity(instance);
      const { remembered } = before;
      if (!there.has(key))
        missing.set(key, { instance: { ...instance, presence: "leaving" }, sinceMs: nowMs, restarts: 0, remembered });
    }
  }
  const seen = new Map<string, ReturnType<typeof namesIn>>();
  for (const [key, { instance, remembered }] of missing) {
    const names = seen.get(instance.service) ?? namesIn(now.get(instance.service));
    seen.set(instance.service, names);
    // The same id elsewhere is the same instance moved; the same place under another id is the same server restarted.
    const isThere = names.ids.has(instance.id) || names.places.has(placeOf(instance));
    if (isThere || (remembered && names.ids.size > 0)) missing.delete(key);
  }
  return missing;
}

/** Whoever registers takes the place of one of its service that has gone: a server that restarts again and again is one. */
function notReplaced(
  gone: readonly Gone[],
  before: readonly RegistryService[],
  fresh: readonly RegistryService[],
): Gone[] {
  if (gone.length === 0) return [];
  const was = new Map(before.map((service) => [service.name, service]));
  const arrivals = new Map<string, number>();
  for (const service of fresh) {
    const same = was.get(service.name);
    if (same === service) continue;
    const there = new Set(same?.instances.map(identity));
    const count = service.instances.filter((instance) => !there.has(identity(instance))).length;
    arrivals.set(service.name, count);
  }
  return gone.filter(({ service }) => {
    const left = arrivals.get(service) ?? 0;
    arrivals.set(service, left - 1);
    return left <= 0;
  });
}

function namesIn(service: RegistryService | undefined) {
  const instances = service?.instances ?? [];
  return { ids: new Set(instances.map(({ id }) => id)), places: new Set(instances.map(placeOf)) };
}

function placeOf({ address, port }: Instance): string {
  return `${address} ${port}`;
}

const NONE: RegistryService["unreadable"] = [];

function withMissing(
  before: readonly RegistryService[],
  fresh: readonly RegistryService[],
  missing: Iterable<Missing>,
): readonly RegistryService[] {
  const held = Map.groupBy(missing, ({ instance }) => instance.service);
  if (held.size === 0) return fresh;
  const shown = new Map(before.map((service) => [service.name, service]));
  const services = new Map(fresh.map((service) => [service.name, service]));
  for (const [name, absent] of held) {
    const { instances = [], unreadable = NONE } = services.get(name) ?? {};
    const all = [...instances, ...absent.map(({ instance }) => instance)].sort((a, b) => compare(a.id, b.id));
    const known = shown.get(name);
    const isSame = known !== undefined && known.unreadable === unreadable && isSameList(known.instances, all);
    services.set(name, isSame ? known : { name, instances: all, unreadable });
  }
  return [...services.values()].sort((a, b) => compare(a.name, b.name));
}

/** Whether two lists hold the same objects. */
export function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

/** Code-unit order: the same everywhere, whatever the locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
