import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EdgeTotals } from "./edge-totals.ts";
import { applyChanges, changesBetween, FIELD_NAMES } from "./live-changes.ts";
import { buildLiveServices } from "./live-services.ts";
import type { BreakerSecond, FleetBreaker, LivePicture } from "./live.ts";
import { testInstance, testRegistry } from "./test-instance.ts";
import { testPicture, testBreaker } from "./test-picture.ts";
import { testReading } from "./test-reading.ts";
import { testTotals } from "./test-totals.ts";
import { buildTopology } from "./topology-build.ts";
import { OUTCOMES } from "./traffic.ts";

const few = fc.nat({ max: 3 });
const outcomes = fc.dictionary(fc.constantFrom(...OUTCOMES), few, { noNullPrototype: true });
const calls: fc.Arbitrary<EdgeTotals> = fc
  .record({
    caller: fc.constantFrom("outside", "a", "b"),
    service: fc.constantFrom("a", "b", "c"),
    subset: fc.constantFrom("", "version=1"),
    instance: fc.constantFrom("", "i1", "i2", "i3"),
    asFallback: fc.boolean(),
    counts: outcomes,
    latency: fc.array(fc.tuple(few, few), { maxLength: 2 }),
    gateways: fc.uniqueArray(fc.record({ gatewayId: fc.constantFrom("g1", "g2"), requests: few, errors: few }), {
      selector: ({ gatewayId }) => gatewayId,
    }),
  })
  .map((change) => testTotals(change));
const registries = fc
  .uniqueArray(fc.record({ name: fc.constantFrom("a", "b", "c", "d"), ids: fc.subarray(["i1", "i2", "i3"]) }), {
    selector: ({ name }) => name,
  })
  .map((services) =>
    testRegistry(
      services.map(({ name, ids }) => ({
        name,
        unreadable: [],
        instances: ids.map((id) => testInstance({ service: name, id })),
      })),
    ),
  );
const histories: fc.Arbitrary<BreakerSecond[]> = fc
  .uniqueArray(fc.nat({ max: 8 }), { maxLength: 6 })
  .chain((seconds) =>
    fc.tuple(
      ...seconds
        .toSorted((a, b) => a - b)
        .map((second) => fc.record({ atMs: fc.constant(second * 1000), counts: outcomes, fallbackServed: few })),
    ),
  );
const breakers: fc.Arbitrary<FleetBreaker> = fc
  .record({
    key: fc.constantFrom("a->x", "b->x", "c->x", "d->y"),
    gateways: fc.array(
      fc
        .record({ gatewayId: fc.constantFrom("g1", "g2"), worker: fc.constantFrom(null, 1, 2), counts: outcomes })
        .map(({ gatewayId, ...reading }) => ({ gatewayId, reading: testReading(reading) })),
      { maxLength: 3 },
    ),
    offeredPerSecond: few,
    p95Ms: fc.option(few),
    history: histories,
  })
  .map((change) => testBreaker(change));
const pictures: fc.Arbitrary<LivePicture> = fc
  .record({
    atMs: few,
    calls: fc.array(calls, { maxLength: 8 }),
    registry: registries,
    breakers: fc
      .uniqueArray(breakers, { selector: ({ key }) => key, maxLength: 4 })
      .map((list) => list.toSorted((a, b) => (a.key < b.key ? -1 : 1))),
  })
  .map(({ atMs, registry, breakers: list, ...given }) => {
    const topology = buildTopology({
      calls: given.calls,
      registry,
      windowMs: 10_000,
      breakers: [],
      routes: [],
      policies: [],
    });
    const services = buildLiveServices({ registry, departed: [], topology, standings: [] });
    return testPicture({ atMs, topology, services, breakers: list });
  });

/** What arrives at the other end of the wire. */
const sent = (picture: LivePicture): LivePicture => JSON.parse(JSON.stringify(picture)) as LivePicture;

describe("changes of the live picture", () => {
  it("lead through any sequence of pictures to each of them", () => {
    fc.assert(
      fc.property(pictures, fc.array(pictures, { minLength: 1, maxLength: 4 }), (first, rest) => {
        let told = first;
        let known = sent(first);
        for (const picture of rest) {
          known = applyChanges(known, changesBetween(told, picture), FIELD_NAMES);
          expect(known).toEqual(picture);
          told = picture;
        }
      }),
    );
  });

  it("leave every node, edge, service and breaker that says the same as before the same object", () => {
    fc.assert(
      fc.property(pictures, pictures, (before, after) => {
        const known = sent(before);
        const next = applyChanges(known, changesBetween(before, after), FIELD_NAMES);
        const listsOf = ({ topology, services, breakers: list }: LivePicture): readonly (readonly object[])[] => [
          topology.nodes,
          topology.edges,
          services,
          list,
        ];
        for (const [at, list] of listsOf(next).entries()) {
          const old = new Map((listsOf(known)[at] ?? []).map((item) => [JSON.stringify(item), item]));
          for (const item of list) expect(old.get(JSON.stringify(item)) ?? item).toBe(item);
        }
      }),
    );
  });

  it("are one second of history where a second has passed", () => {
    const second = (n: number): BreakerSecond => ({ atMs: n * 1000, counts: { success: n }, fallbackServed: 0 });
    const at = (from: number): LivePicture =>
      testPicture({ breakers: [testBreaker({ history: Array.from({ length: 60 }, (_, n) => second(from + n)) })] });
    const [places, names] = [JSON.parse(changesBetween(at(1), at(2))) as unknown, FIELD_NAMES];
    const history = [3, 1, [second(61)]];
    expect(places).toEqual([0, names.indexOf("breakers"), [2, [], [0, [0, names.indexOf("history"), history]], []]]);
  });
});
