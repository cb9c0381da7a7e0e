/** Hashes that are the same in every process and version, so that all gateways send a key to the same place. */

/** 32 bits of a text: FNV-1a over its UTF-16 units, then mixed so that similar texts end up far apart. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return mixBits(hash);
}

/** The finalizer of MurmurHash3: every bit of the 32 depends on every other. */
export function mixBits(bits: number): number {
  let mixed = bits ^ (bits >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The hash as a number above 0 and below 1. */
export function hashShare(hash: number): number {
  return (hash + 0.5) / 0x1_0000_0000;
}
