import type { Instance, RegistryService } from "#domain/instance.ts";

export interface HoldOptions {
  /** Time since ZooKeeper came back, ms; infinite when it never went away. */
  readonly sinceReturnMs: number;
  /** Identities known before it went away and not seen since it came back. */
  readonly unconfirmed: ReadonlySet<string>;
  /** How long any missing instance is kept after a return: registrants delete and re-create on reconnect. */
  readonly graceMs: number;
  /** How long a mass disappearance is disbelieved after a return. */
  readonly holdMs: number;
}

export interface Held {
  readonly services: readonly RegistryService[];
  /** When to look again, ms from now; null when nothing is held. */
  readonly lookAgainMs: number | null;
}

/**
 * What to believe of a fresh reading. Away from a reconnect: all of it. Just after one, instances that are missing are
 * kept for a bounded time, because their registrants are reconnecting too: a short one for any; a longer one when the
 * registry is empty or has lost more than half, for those that have not been seen since.
 */
export function holdMissing(
  previous: readonly RegistryService[],
  fresh: readonly RegistryService[],
  options: HoldOptions,
): Held {
  const { sinceReturnMs, unconfirmed, graceMs, holdMs } = options;
  const present = identities(fresh);
  const known = previous.flatMap((service) => service.instances);
  const missing = known.filter((instance) => !present.has(identity(instance)));
  const isMass = missing.length * 2 > known.length;
  const limitOf = (instance: Instance): number => (isMass && unconfirmed.has(identity(instance)) ? holdMs : graceMs);
  const kept = missing.filter((instance) => sinceReturnMs < limitOf(instance));
  if (kept.length === 0) return { services: fresh, lookAgainMs: null };
  return { services: addTo(fresh, kept), lookAgainMs: Math.min(...kept.map(limitOf)) - sinceReturnMs };
}

/** Id and address, not the node's transaction: that changes when a registrant re-creates its entry. */
function identity(instance: Instance): string {
  return JSON.stringify([instance.service, instance.id, instance.address, instance.port]);
}

/** Of every instance of these services. */
export function identities(services: readonly RegistryService[]): Set<string> {
  return new Set(services.flatMap((service) => service.instances.map(identity)));
}

function addTo(services: readonly RegistryService[], instances: readonly Instance[]): readonly RegistryService[] {
  const byName = new Map(services.map((service) => [service.name, service]));
  for (const instance of instances) {
    const service = byName.get(instance.service) ?? { name: instance.service, instances: [], unreadable: [] };
    // The same id at another address is the same instance moved: the fresh entry stands.
    if (service.instances.some((other) => other.id === instance.id)) continue;
    byName.set(instance.service, {
      ...service,
      instances: [...service.instances, instance].sort((a, b) => compare(a.id, b.id)),
    });
  }
  return [...byName.values()].sort((a, b) => compare(a.name, b.name));
}

/** Code-unit order: the same everywhere, whatever the locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
