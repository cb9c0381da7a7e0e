import { createHash } from "node:crypto";
import type { RateLimit, RequestKey } from "#domain/route-actions.ts";
import { isFull, resizedBucket, takeToken, waitForToken, type BucketSize } from "#domain/token-bucket.ts";

/** Buckets a limit keeps at most: about 2 MB. */
const MAX_BUCKETS = 10_000;
/** Longer values are told apart by their digest: a bucket must not cost what a caller likes. */
const LONGEST_KEY = 64;

/** Null: the request has no such value. All those share one bucket, or leaving the value out would be a way around. */
export type KeyOf = (by: RequestKey) => string | null;

/**
 * The rate limits of one route; carried over snapshots. A gateway counts by itself: n gateways together let n times as
 * much through.
 */
export class RateLimiter {
  readonly #sharers: number;
  #limits: LimitBuckets[] = [];
  /** Buckets dropped while they were not full, for lack of room: their callers began anew. */
  forgotten = 0;

  /** `sharers`: how many workers of the gateway share the limits; each keeps its part. */
  constructor(sharers = 1) {
    this.#sharers = sharers;
  }

  /** Brings the limits in line with an edited route; what was taken stays taken where it can be told whose it was. */
  configure(limits: readonly RateLimit[], nowMs: number): void {
    const known = [...this.#limits];
    const claim = (fits: (buckets: LimitBuckets) => boolean): LimitBuckets | undefined => {
      const at = known.findIndex(fits);
      return at === -1 ? undefined : known.splice(at, 1)[0];
    };
    // Of several with one key, those for the same span come first: the others are edits of what is left.
    const unchanged = limits.map((limit) => claim((buckets) => buckets.counts(limit)));
    this.#limits = limits.map((limit, at) => {
      const buckets = unchanged[at] ?? claim((left) => left.hasKeyOf(limit)) ?? new LimitBuckets(limit, this.#sharers);
      buckets.resize(limit, nowMs);
      return buckets;
    });
  }

  /** Takes a token from every limit and returns 0; or takes none, and says how long until all have one, ms. */
  admit(keyOf: KeyOf, nowMs: number): number {
    const buckets = this.#limits.map((limit) => limit.bucketOf(keyOf));
    let waitMs = 0;
    for (const [at, bucket] of buckets.entries())
      waitMs = Math.max(waitMs, this.#limits[at]?.waitMs(bucket, nowMs) ?? 0);
    if (waitMs > 0) return waitMs;
    for (const [at, bucket] of buckets.entries()) this.forgotten += this.#limits[at]?.take(bucket, nowMs) ?? 0;
    return 0;
  }
}

interface Bucket {
  readonly key: string | null;
  fullAtMs: number;
}

/** One limit's buckets, the one asked for longest ago first. A bucket that is not there is full. */
class LimitBuckets {
  #limit: RateLimit;
  readonly #sharers: number;
  #size: BucketSize;
  readonly #buckets = new Map<string | null, Bucket>();

  constructor(limit: RateLimit, sharers: number) {
    this.#limit = limit;
    this.#sharers = sharers;
    this.#size = sizeOf(limit, sharers);
  }

  /** Whether it tells requests apart as the limit does. */
  hasKeyOf(limit: RateLimit): boolean {
    return JSON.stringify(this.#limit.by) === JSON.stringify(limit.by);
  }

  counts(limit: RateLimit): boolean {
    return this.hasKeyOf(limit) && this.#limit.perMs === limit.perMs;
  }

  resize(limit: RateLimit, nowMs: number): void {
    const size = sizeOf(limit, this.#sharers);
    const { capacity, msPerToken } = this.#size;
    this.#limit = limit;
    if (size.capacity === capacity && size.msPerToken === msPerToken) return;
    for (const bucket of this.#buckets.values())
      bucket.fullAtMs = resizedBucket(this.#size, size, bucket.fullAtMs, nowMs);
    this.#size = size;
  }

  bucketOf(keyOf: KeyOf): Bucket {
    const value = this.#limit.by === null ? null : keyOf(this.#limit.by);
    const key = value !== null && value.length > LONGEST_KEY ? digest(value) : value;
    const known = this.#buckets.get(key);
    if (known === undefined) return { key: key === null ? null : ownCopy(key), fullAtMs: 0 };
    if (this.#buckets.size > 1) {
      this.#buckets.delete(known.key);
      this.#buckets.set(known.key, known);
    }
    return known;
  }

  waitMs({ fullAtMs }: Bucket, nowMs: number): number {
    return waitForToken(this.#size, fullAtMs, nowMs);
  }

  /** Returns how many buckets had to be forgotten to keep this one. */
  take(bucket: Bucket, nowMs: number): number {
    bucket.fullAtMs = takeToken(this.#size, bucket.fullAtMs, nowMs);
    if (this.#buckets.has(bucket.key)) return 0;
    const forgotten = this.#makeRoom(nowMs);
    this.#buckets.set(bucket.key, bucket);
    return forgotten;
  }

  /** Drops up to two full buckets for every new one, so that they do not pile up; at the limit, one that is not full. */
  #makeRoom(nowMs: number): number {
    for (let tries = 0; tries < 2; tries += 1) {
      const [oldest] = this.#buckets.values();
      if (oldest === undefined) return 0;
      const full = isFull(oldest.fullAtMs, nowMs);
      if (!full && this.#buckets.size < MAX_BUCKETS) return 0;
      this.#buckets.delete(oldest.key);
      if (!full) return 1;
    }
    return 0;
  }
}

function sizeOf({ burst, perMs, requests }: RateLimit, sharers: number): BucketSize {
  return { capacity: Math.max(1, burst / sharers), msPerToken: (perMs / requests) * sharers };
}

/** Header values are slices of a whole head, which they would keep in memory. */
function ownCopy(key: string): string {
  return Buffer.from(key, "utf16le").toString("utf16le");
}

function digest(value: string): string {
  return createHash("sha256").update(value).digest("base64");
}
