import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BUCKETS } from "./histogram.ts";
import { packMinute, unpackMinute } from "./recorded-minute.ts";
import { mergeSeconds, type RecordedSecond } from "./recorded-second.ts";
import { OUTCOMES } from "./traffic.ts";

const count = fc.integer({ min: 0, max: 2 ** 40 });
const second = fc.record({
  offset: fc.integer({ min: 0, max: 59 }),
  breakers: fc.integer({ min: 1, max: 64 }),
  counts: fc.dictionary(fc.constantFrom(...OUTCOMES), fc.integer({ min: 1, max: 2 ** 40 }), { noNullPrototype: true }),
  latency: fc.dictionary(fc.integer({ min: 0, max: BUCKETS - 1 }).map(String), fc.integer({ min: 1, max: 2 ** 33 }), {
    noNullPrototype: true,
  }),
  fallbackServed: count,
  fallbackFailed: count,
});

describe("a packed minute", () => {
  it("has every second as it was put in", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000_000 }), fc.array(second), (minute, drafts) => {
        const seconds = mergeSeconds(
          drafts.map(({ offset, latency, ...rest }): RecordedSecond => ({
            ...rest,
            atMs: minute * 60_000 + offset * 1000,
            latency: Object.entries(latency).map(([bucket, n]): [number, number] => [Number(bucket), n]),
          })),
        );
        expect(unpackMinute(minute, packMinute(seconds))).toEqual(seconds);
      }),
    );
  });

  it("of another version, or cut off, is taken for none, and never for other numbers", () => {
    const packed = packMinute([
      { atMs: 1000, breakers: 1, counts: { success: 300 }, latency: [[80, 300]], fallbackServed: 0, fallbackFailed: 0 },
    ]);
    expect(unpackMinute(0, packed.with(0, 9))).toBeNull();
    for (let length = 2; length < packed.length; length += 1)
      expect(unpackMinute(0, packed.slice(0, length))).toBeNull();
    expect(unpackMinute(0, new Uint8Array())).toBeNull();
  });
});
