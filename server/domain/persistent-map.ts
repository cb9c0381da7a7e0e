import { stableHash } from "./stable-hash.ts";

/** Shards of a map: with 10,000 entries a change copies 20 of them. A power of two. */
const SHARDS = 512;
const EMPTY_SHARD: ReadonlyMap<string, never> = new Map<string, never>();
const NO_SHARDS: readonly ReadonlyMap<string, never>[] = Array.from({ length: SHARDS }, () => EMPTY_SHARD);

/** What is different in a map; values are as they are now. */
export interface MapChange<Value> {
  readonly set: readonly (readonly [string, Value])[];
  readonly removed: readonly string[];
}

/**
 * A map that never changes: a change makes another, which shares with it all that stayed the same. So a change costs the
 * same however large the map is, and what differs between two versions is found without looking at the rest. In no order.
 */
export class PersistentMap<Value> implements ReadonlyMap<string, Value> {
  static readonly #empty = new PersistentMap<never>(NO_SHARDS, 0);
  readonly #shards: readonly ReadonlyMap<string, Value>[];
  readonly size: number;
  #nonEmpty: readonly ReadonlyMap<string, Value>[] | null = null;

  private constructor(shards: readonly ReadonlyMap<string, Value>[], size: number) {
    this.#shards = shards;
    this.size = size;
  }

  static from<Value>(entries: PersistentMap<Value> | Iterable<readonly [string, Value]>): PersistentMap<Value> {
    return entries instanceof PersistentMap ? entries : PersistentMap.empty<Value>().changed({ set: entries });
  }

  static empty<Value>(): PersistentMap<Value> {
    return PersistentMap.#empty;
  }

  get(key: string): Value | undefined {
    return this.#shards[shardOf(key)]?.get(key);
  }

  has(key: string): boolean {
    return this.#shards[shardOf(key)]?.has(key) === true;
  }

  /** The map with these changes, removals first; itself when they change nothing. */
  changed({
    set = [],
    removed = [],
  }: {
    readonly set?: Iterable<readonly [string, Value]>;
    readonly removed?: Iterable<string>;
  }): PersistentMap<Value> {
    const draft = new Draft(this.#shards);
    let { size } = this;
    for (const key of removed) {
      if (!draft.shard(key).has(key)) continue;
      draft.own(key).delete(key);
      size -= 1;
    }
    for (const [key, value] of set) {
      const shard = draft.shard(key);
      const known = shard.get(key);
      if (known === value && (known !== undefined || shard.has(key))) continue;
      if (known === undefined && !shard.has(key)) size += 1;
      draft.own(key).set(key, value);
    }
    return draft.shards === this.#shards ? this : new PersistentMap(draft.shards, size);
  }

  /** What has to be changed in `before` to make this map of it. Values are told apart by identity. */
  changeFrom(before: PersistentMap<Value>): MapChange<Value> {
    const set: (readonly [string, Value])[] = [];
    const removed: string[] = [];
    for (const [at, now] of this.#shards.entries()) {
      const was = before.#shards[at] ?? EMPTY_SHARD;
      if (was === now) continue;
      for (const entry of now) if (was.get(entry[0]) !== entry[1] || !was.has(entry[0])) set.push(entry);
      for (const key of was.keys()) if (!now.has(key)) removed.push(key);
    }
    return { set, removed };
  }

  *entries(): Generator<[string, Value], undefined> {
    for (const shard of this.#filled()) yield* shard.entries();
  }

  *keys(): Generator<string, undefined> {
    for (const shard of this.#filled()) yield* shard.keys();
  }

  *values(): Generator<Value, undefined> {
    for (const shard of this.#filled()) yield* shard.values();
  }

  forEach(callback: (value: Value, key: string, map: ReadonlyMap<string, Value>) => void): void {
    for (const shard of this.#shards) for (const [key, value] of shard) callback(value, key, this);
  }

  [Symbol.iterator](): Generator<[string, Value], undefined> {
    return this.entries();
  }

  /** Shards that hold something: most maps are small, and many empty. */
  #filled(): readonly ReadonlyMap<string, Value>[] {
    if (this.size === 0) return [];
    this.#nonEmpty ??= this.#shards.filter((shard) => shard !== EMPTY_SHARD && shard.size > 0);
    return this.#nonEmpty;
  }
}

/** What has to be changed in `before` to make `now` of it, by identity: at the cost of the changes where both are persistent. */
export function mapChange<Value>(
  before: ReadonlyMap<string, Value>,
  now: ReadonlyMap<string, Value>,
): MapChange<Value> {
  if (before === now) return { set: [], removed: [] };
  return PersistentMap.from(now).changeFrom(PersistentMap.from(before));
}

/** Shards under change: each is copied once, when it is first written. */
class Draft<Value> {
  shards: readonly ReadonlyMap<string, Value>[];
  readonly #own = new Map<number, Map<string, Value>>();
  #written: ReadonlyMap<string, Value>[] | null = null;

  constructor(shards: readonly ReadonlyMap<string, Value>[]) {
    this.shards = shards;
  }

  shard(key: string): ReadonlyMap<string, Value> {
    return this.shards[shardOf(key)] ?? EMPTY_SHARD;
  }

  own(key: string): Map<string, Value> {
    const at = shardOf(key);
    let own = this.#own.get(at);
    if (own === undefined) {
      own = new Map(this.shards[at]);
      this.#own.set(at, own);
      this.#written ??= [...this.shards];
      this.#written[at] = own;
      this.shards = this.#written;
    }
    return own;
  }
}

function shardOf(key: string): number {
  return stableHash(key) & (SHARDS - 1);
}
