import type { TrafficTx } from "#db/traffic-store.ts";
import { EMPTY_REGISTRY, type RegistryPicture } from "#domain/instance.ts";

/** The registry as it was believed to be. */
export interface PastRegistry {
  readonly picture: RegistryPicture;
  readonly isKnown: boolean;
}

export async function readPastRegistry(_tx: TrafficTx, _atMs: number): Promise<PastRegistry> {
  return { picture: EMPTY_REGISTRY, isKnown: false };
}
