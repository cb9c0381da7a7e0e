import { hashShare, mixBits } from "./stable-hash.ts";

/** Something with a weight that keys are divided among. */
export interface StickyChoice {
  /** Stable hash of its name. */
  readonly seed: number;
  readonly weight: number;
}

/**
 * Weighted rendezvous hashing (Thaler & Ravishankar 1998; weights by Schindelhauer & Schomaker 2005): each choice bids
 * for the key, the highest bid wins. A choice's bid depends on nothing but itself, so raising its weight moves keys only
 * to it, and exactly its gain in share. -1 when all weights are 0.
 */
export function stickyChoice(choices: readonly StickyChoice[], keyHash: number): number {
  let best = -1;
  let bestBid = 0;
  for (let index = 0; index < choices.length; index += 1) {
    const { seed = 0, weight = 0 } = choices[index] ?? {};
    const bid = -weight / Math.log(hashShare(mixBits(keyHash ^ seed)));
    if (bid > bestBid) {
      best = index;
      bestBid = bid;
    }
  }
  return best;
}
