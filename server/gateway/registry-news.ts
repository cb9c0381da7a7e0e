import type { RegistryPicture, RegistryService } from "#domain/instance.ts";

/** Which services say something else, or are there no more. */
export interface RegistryNews {
  readonly set: readonly RegistryService[];
  /** Their names. */
  readonly removed: readonly string[];
}

/**
 * What is different between two pictures, told apart by identity: readers of the registry keep the objects of services
 * without news. Beginnings and ends that are the same are passed over, so one service among thousands costs little more
 * than a look at each.
 */
export function registryNews(before: RegistryPicture["services"], now: RegistryPicture["services"]): RegistryNews {
  if (before === now) return { set: [], removed: [] };
  const shorter = Math.min(before.length, now.length);
  let from = 0;
  while (from < shorter && before[from] === now[from]) from += 1;
  let after = 0;
  while (after < shorter - from && before.at(-1 - after) === now.at(-1 - after)) after += 1;
  const was = new Map(before.slice(from, before.length - after).map((service) => [service.name, service]));
  const is = new Map(now.slice(from, now.length - after).map((service) => [service.name, service]));
  return {
    set: [...is.values()].filter((service) => was.get(service.name) !== service),
    removed: [...was.keys()].filter((name) => !is.has(name)),
  };
}
