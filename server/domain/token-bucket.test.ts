import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { isFull, resizedBucket, takeToken, waitForToken, type BucketSize } from "./token-bucket.ts";

/** A bucket whose clock a test turns by hand. */
class Trial {
  nowMs = 1_000_000;
  fullAtMs = 0;
  size: BucketSize;
  constructor(size: BucketSize) {
    this.size = size;
  }
  /** 0 when a token was taken, else the wait, ms. */
  ask(): number {
    const waitMs = waitForToken(this.size, this.fullAtMs, this.nowMs);
    if (waitMs === 0) this.fullAtMs = takeToken(this.size, this.fullAtMs, this.nowMs);
    return waitMs;
  }
  taken(tries: number): number {
    let taken = 0;
    for (let index = 0; index < tries; index += 1) taken += this.ask() === 0 ? 1 : 0;
    return taken;
  }
}

describe("a token bucket", () => {
  it.each([1, 3, 7, 1000])("gives a burst of %d at once and not one more, whatever the rate", (capacity) => {
    for (const msPerToken of [1000 / 3, 0.7, 3_600_000]) {
      expect(new Trial({ capacity, msPerToken }).taken(capacity + 10)).toBe(capacity);
    }
  });

  it("says how long the next token takes, and has it then and not before", () => {
    const bucket = new Trial({ capacity: 2, msPerToken: 500 });
    bucket.taken(2);
    expect(bucket.ask()).toBe(500);
    bucket.nowMs += 499;
    expect(bucket.ask()).toBeCloseTo(1);
    bucket.nowMs += 1;
    expect(bucket.ask()).toBe(0);
    expect(bucket.ask()).toBe(500);
  });

  it("never holds more than its capacity, however long it rested", () => {
    const bucket = new Trial({ capacity: 5, msPerToken: 10 });
    bucket.nowMs += 1_000_000;
    expect(bucket.taken(50)).toBe(5);
  });

  it("is full again when all it gave has come back, and then need not be kept", () => {
    const bucket = new Trial({ capacity: 4, msPerToken: 100 });
    bucket.taken(3);
    bucket.nowMs += 299;
    expect(isFull(bucket.fullAtMs, bucket.nowMs)).toBe(false);
    bucket.nowMs += 1;
    expect(isFull(bucket.fullAtMs, bucket.nowMs)).toBe(true);
  });

  it("never gives more than capacity and what came back, over any span and pattern of requests", () => {
    const cases = fc.tuple(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 500 }),
      fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 200 }),
    );
    fc.assert(
      fc.property(cases, ([capacity, msPerToken, pauses]) => {
        const bucket = new Trial({ capacity, msPerToken });
        const startMs = bucket.nowMs;
        let taken = 0;
        for (const pause of pauses) {
          bucket.nowMs += pause;
          taken += bucket.taken(3);
        }
        expect(taken).toBeLessThanOrEqual(capacity + (bucket.nowMs - startMs) / msPerToken + 0.01);
      }),
    );
  });
});

describe("a bucket whose limit was edited", () => {
  const from = { capacity: 10, msPerToken: 100 };

  it("stays as empty as it was", () => {
    const bucket = new Trial(from);
    bucket.taken(7);
    const to = { capacity: 20, msPerToken: 1000 };
    bucket.fullAtMs = resizedBucket(from, to, bucket.fullAtMs, bucket.nowMs);
    bucket.size = to;
    expect(bucket.taken(50)).toBe(13);
  });

  it("owes no more than the smaller one holds", () => {
    const bucket = new Trial(from);
    bucket.taken(10);
    const to = { capacity: 2, msPerToken: 100 };
    bucket.fullAtMs = resizedBucket(from, to, bucket.fullAtMs, bucket.nowMs);
    bucket.size = to;
    expect(bucket.ask()).toBe(100);
    bucket.nowMs += 200;
    expect(bucket.taken(5)).toBe(2);
  });
});
