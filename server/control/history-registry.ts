import type { TrafficTx } from "#db/traffic-store.ts";
import { EMPTY_REGISTRY, type RegistryPicture } from "#domain/instance.ts";
import { readPresenceAt } from "./history-presence.ts";

/** The registry as it was believed to be. */
export interface PastRegistry {
  readonly picture: RegistryPicture;
  /** False: nothing of it is on record. */
  readonly isKnown: boolean;
}

/** The registry at `atMs` (Unix epoch). */
export async function readPastRegistry(tx: TrafficTx, atMs: number): Promise<PastRegistry> {
  const presence = await readPresenceAt(tx, atMs);
  if (presence === null) return { picture: EMPTY_REGISTRY, isKnown: false };
  const byService = Map.groupBy(presence.instances.values(), ({ service }) => service);
  const services = [...byService]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, instances]) => ({
      name,
      instances: instances.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      unreadable: [],
    }));
  return { picture: { ...EMPTY_REGISTRY, services, consumers: presence.consumers, readAtMs: atMs }, isKnown: true };
}
