import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyChanges, changesBetween } from "./breaker-changes.ts";
import type { BreakerSecond, FleetBreaker } from "./live.ts";
import { testReading } from "./test-reading.ts";
import { OUTCOMES, type BreakerReading, type BreakerTransition } from "./traffic.ts";

const few = fc.nat({ max: 3 });
const outcomes = fc.dictionary(fc.constantFrom(...OUTCOMES), few, { noNullPrototype: true });
const readings: fc.Arbitrary<BreakerReading> = fc
  .record({
    worker: fc.constantFrom(null, 1, 2),
    state: fc.constantFrom("closed", "open", "half-open"),
    sinceMs: few,
    nextTrialAtMs: fc.option(few),
    counts: outcomes,
    latency: fc.array(fc.tuple(few, few), { maxLength: 2 }),
    backups: fc.array(fc.constantFrom("a", "b"), { maxLength: 2 }),
  })
  .map((change) => testReading(change));
const transitions: fc.Arbitrary<BreakerTransition & { gatewayId: string }> = few.map((atMs) => ({
  gatewayId: "a",
  atMs,
  target: { kind: "service", service: "payments" },
  from: "closed",
  to: "open",
  cause: "",
  percent: null,
}));
const histories: fc.Arbitrary<BreakerSecond[]> = fc
  .uniqueArray(fc.nat({ max: 8 }), { maxLength: 6 })
  .chain((seconds) =>
    fc.tuple(
      ...seconds
        .toSorted((a, b) => a - b)
        .map((second) => fc.record({ atMs: fc.constant(second * 1000), counts: outcomes, fallbackServed: few })),
    ),
  );
const outlooks: fc.Arbitrary<FleetBreaker["outlooks"][number]> = fc.record({
  service: fc.constantFrom("m", "n"),
  verdict: fc.constantFrom("enough", "unproven", "too-small"),
  words: fc.constantFrom("one", "two"),
});
const breakers: fc.Arbitrary<FleetBreaker> = fc.record({
  key: fc.constantFrom("a->x", "b->x", "c->x", "d->y"),
  routeId: fc.constant("r"),
  service: fc.constant("x"),
  group: fc.constantFrom("x", "y"),
  gateways: fc.array(fc.record({ gatewayId: fc.constantFrom("g1", "g2"), reading: readings }), { maxLength: 3 }),
  offeredPerSecond: few,
  callers: fc.array(fc.constantFrom("m", "n"), { maxLength: 2 }),
  p50Ms: fc.option(few),
  p95Ms: fc.option(few),
  p99Ms: fc.option(few),
  history: histories,
  transitions: fc.array(transitions, { maxLength: 2 }),
  outlooks: fc.array(outlooks, { maxLength: 2 }),
});
const pictures = fc
  .uniqueArray(breakers, { selector: ({ key }) => key, maxLength: 4 })
  .map((list) => list.toSorted((a, b) => (a.key < b.key ? -1 : 1)));

/** What arrives at the other end of the wire. */
const sent = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

describe("changes of the fleet's breakers", () => {
  it("lead through any sequence of pictures to each of them, over the wire", () => {
    fc.assert(
      fc.property(fc.array(pictures, { minLength: 1, maxLength: 6 }), (sequence) => {
        let [known = []]: readonly (readonly FleetBreaker[])[] = sent(sequence);
        for (const [at, picture] of sequence.entries()) {
          known = applyChanges(known, sent(changesBetween(sequence[at - 1] ?? known, picture)));
          expect(known).toEqual(picture);
        }
      }),
    );
  });

  it("leave a breaker that says the same as before the same object", () => {
    fc.assert(
      fc.property(pictures, pictures, (before, after) => {
        const copy = sent(after).map((breaker, at) => (at % 2 === 0 ? (before[at] ?? breaker) : breaker));
        const sorted = [...new Map(copy.map((breaker) => [breaker.key, breaker])).values()];
        for (const breaker of applyChanges(before, sent(changesBetween(before, sent(sorted))))) {
          const known = before.find(({ key }) => key === breaker.key);
          if (JSON.stringify(known) === JSON.stringify(breaker)) expect(breaker).toBe(known);
        }
      }),
    );
  });

  it("are one second of history where a second has passed", () => {
    const second = (n: number): BreakerSecond => ({ atMs: n * 1000, counts: { success: n }, fallbackServed: 0 });
    const [base] = fc.sample(breakers, { numRuns: 1, seed: 1 });
    const at = (from: number): FleetBreaker => ({
      ...(base as FleetBreaker),
      history: Array.from({ length: 60 }, (_, n) => second(from + n)),
    });
    const { patched } = changesBetween([at(1)], [at(2)]);
    expect(patched).toEqual([{ key: base?.key, fields: {}, history: { drop: 1, add: [second(61)] } }]);
  });
});
