/** How many tokens a bucket holds, and how fast they come back. */
export interface BucketSize {
  readonly capacity: number;
  readonly msPerToken: number;
}

/** In tokens: what rounding may add to a burst that exactly empties the bucket. */
const SLACK = 0.001;

/**
 * A token bucket is one number: the time at which it is full again (the generic cell rate algorithm, ITU-T I.371, calls
 * it the theoretical arrival time). What is not in the past therefore need not be kept. Times are monotonic, ms.
 */
export type FullAtMs = number;

export function isFull(fullAtMs: FullAtMs, nowMs: number): boolean {
  return fullAtMs <= nowMs;
}

/** How long until there is a token, ms; 0 when there is one now. */
export function waitForToken(size: BucketSize, fullAtMs: FullAtMs, nowMs: number): number {
  const missing = missingTokens(size, fullAtMs, nowMs) + 1 - size.capacity;
  return missing <= SLACK ? 0 : missing * size.msPerToken;
}

/** The bucket with one token less. Ask `waitForToken` first. */
export function takeToken(size: BucketSize, fullAtMs: FullAtMs, nowMs: number): FullAtMs {
  return Math.max(fullAtMs, nowMs) + size.msPerToken;
}

/** The bucket after its size was changed: what was taken stays taken, as far as the new size can owe it. */
export function resizedBucket(from: BucketSize, to: BucketSize, fullAtMs: FullAtMs, nowMs: number): FullAtMs {
  return nowMs + Math.min(missingTokens(from, fullAtMs, nowMs), to.capacity) * to.msPerToken;
}

function missingTokens(size: BucketSize, fullAtMs: FullAtMs, nowMs: number): number {
  return Math.max(0, fullAtMs - nowMs) / size.msPerToken;
}
