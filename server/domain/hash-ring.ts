import { mixBits, stableHash } from "./stable-hash.ts";

/** Points on the ring of a member with the usual weight: shares are then within about a tenth of what they should be. */
const POINTS = 160;
/** For all members together; very many have fewer points each. */
const MAX_POINTS = 131_072;

/**
 * Consistent hashing on a ring (Karger et al. 1997): a key belongs to the first point after it. Points depend on a
 * member's name and weight only, so when one leaves only its keys move, and each goes on to whoever is next.
 */
export class HashRing {
  /** Ascending; `#owners` at the same index has the member. */
  readonly #points: Uint32Array;
  readonly #owners: Uint32Array;

  /** `weight` is relative to `usualWeight`. Members with weight 0 have no point. */
  constructor(members: readonly { readonly name: string; readonly weight: number }[], usualWeight: number) {
    // By weight, not by number: whoever registers says what they weigh.
    const shares = members.reduce((sum, { weight }) => sum + weight, 0) / usualWeight;
    const each = Math.min(POINTS, MAX_POINTS / Math.max(1, shares));
    const points: { at: number; owner: number; name: string }[] = [];
    for (const [owner, { name, weight }] of members.entries()) {
      const seed = stableHash(name);
      const count = weight === 0 ? 0 : Math.max(1, Math.round((each * weight) / usualWeight));
      for (let point = 0; point < count; point += 1) {
        points.push({ at: mixBits(seed + Math.imul(point, 0x9e3779b1)), owner, name });
      }
    }
    // Two members on the same point: the order of names decides, on every gateway alike.
    points.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1));
    this.#points = Uint32Array.from(points, ({ at }) => at);
    this.#owners = Uint32Array.from(points, ({ owner }) => owner);
  }

  /** How many points there are. */
  get size(): number {
    return this.#points.length;
  }

  /** Index of the first member from the key on that may be used, or -1 when none may. */
  find(keyHash: number, usable: (member: number) => boolean): number {
    const count = this.#points.length;
    const from = this.#firstFrom(keyHash);
    for (let step = 0; step < count; step += 1) {
      const owner = this.#owners[(from + step) % count] ?? -1;
      if (usable(owner)) return owner;
    }
    return -1;
  }

  /** Index of the first point not before the key; all of them when there is none. */
  #firstFrom(keyHash: number): number {
    let low = 0;
    let high = this.#points.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#points[middle] ?? 0) < keyHash) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
