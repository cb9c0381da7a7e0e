import fc from "fast-check";
import { BUCKETS } from "#domain/histogram.ts";
import { OUTCOMES, type EdgeWindow } from "#domain/traffic.ts";

const count = fc.oneof(fc.nat(300), fc.nat(2 ** 31 - 1), fc.constant(2 ** 32 - 1));
const latency = fc
  .uniqueArray(fc.nat(BUCKETS - 1), { maxLength: 20 })
  .chain((buckets) =>
    fc.tuple(
      ...buckets
        .toSorted((a, b) => a - b)
        .map((bucket) => fc.tuple(fc.constant(bucket), fc.integer({ min: 1, max: 999 }))),
    ),
  );
const counts = fc
  .array(fc.tuple(fc.constantFrom(...OUTCOMES), count), { maxLength: OUTCOMES.length })
  .map((all): EdgeWindow["counts"] => Object.fromEntries(all.filter(([, number]) => number > 0)));

/** For tests: any edge of a few services, whose names hold whatever signs there are. */
export const anyEdge: fc.Arbitrary<EdgeWindow> = fc.record({
  caller: fc.constantFrom("outside", "orders", "\u0000", 'a","b'),
  routeId: fc.constantFrom("shop", "pay", ""),
  service: fc.constantFrom("catalog", "cart", "Grüße →"),
  subset: fc.constantFrom("", "version=2"),
  instance: fc.oneof(fc.constantFrom("", "i1", "i2"), fc.string()),
  asFallback: fc.boolean(),
  counts,
  latency: latency.map((buckets): [number, number][] => buckets.map(([bucket, number]) => [bucket, number])),
  bytesOut: fc.oneof(fc.nat(100_000), fc.nat(2 ** 31 - 1), fc.constant(2 ** 40)),
  inFlight: count,
});
