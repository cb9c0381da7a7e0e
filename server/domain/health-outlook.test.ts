import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { healthOutlook, type JudgedPicture } from "./health-outlook.ts";
import { DEFAULT_HEALTH_POLICY, DEFAULT_THRESHOLDS, HealthPolicySpec } from "./health-policy.ts";
import { buildLiveServices } from "./live-services.ts";
import { RouteSpec } from "./route.ts";
import { testInstance, testRegistry } from "./test-instance.ts";
import { testBreaker, testPicture } from "./test-picture.ts";
import { testReading } from "./test-reading.ts";
import { testTotals } from "./test-totals.ts";
import { buildTopology } from "./topology-build.ts";
import type { EdgeTotals } from "./edge-totals.ts";
import { BreakerState } from "./traffic.ts";

const NAMES = ["cart", "payments", "payroll", "planned"];

interface World {
  readonly calls: readonly EdgeTotals[];
  readonly state: BreakerState;
  readonly registered: readonly string[];
}

const worlds: fc.Arbitrary<World> = fc.record({
  calls: fc.array(
    fc
      .record({
        caller: fc.constantFrom("outside", "cart"),
        service: fc.constantFrom(...NAMES.slice(0, 3)),
        counts: fc.record({ success: fc.nat({ max: 40 }), failure: fc.nat({ max: 20 }) }),
        latency: fc.constantFrom([[100, 9] as const], [[158, 3] as const], []),
      })
      .map((change) => testTotals(change)),
    { maxLength: 5 },
  ),
  state: fc.constantFrom(...BreakerState.options),
  registered: fc.subarray(NAMES),
});

/** The picture of a world by these thresholds. */
function pictureOf({ calls, state, registered }: World, health: HealthPolicySpec): JudgedPicture {
  const registry = testRegistry(
    registered.map((name, at) => ({
      name,
      unreadable: [],
      instances: [testInstance({ service: name, serving: at % 2 === 0 })],
    })),
  );
  const reading = testReading({ routeId: "shop", service: "payments", state });
  const topology = buildTopology({
    calls,
    registry,
    health,
    windowMs: 10_000,
    breakers: [reading],
    routes: [{ id: "r", spec: RouteSpec.parse({ matches: [{}], destinations: [{ service: "planned", weight: 1 }] }) }],
    policies: [],
  });
  return testPicture({
    topology,
    breakers: [testBreaker({ service: "payments", gateways: [{ gatewayId: "g", reading }] })],
    services: buildLiveServices({ registry, departed: [], topology, standings: [] }),
  });
}

const STRICT = HealthPolicySpec.parse({
  thresholds: { ...DEFAULT_THRESHOLDS, errorPercentFailing: 20, minRequests: 3 },
  overrides: [{ match: "pay*", p95MsDegraded: 500, errorPercentDegraded: 10 }],
});

describe("the outlook for other thresholds", () => {
  it("is what the live picture says once they are saved", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const [before, after] = [pictureOf(world, DEFAULT_HEALTH_POLICY), pictureOf(world, STRICT)];
        const { now, drafted, shifts } = healthOutlook(before, DEFAULT_HEALTH_POLICY, STRICT);
        const judged = ({ topology }: JudgedPicture) => topology.nodes.filter(({ kind }) => kind !== "caller");
        for (const [counts, picture] of [
          [now, before],
          [drafted, after],
        ] as const)
          for (const [health, count] of Object.entries(counts))
            expect(judged(picture).filter((node) => node.health === health)).toHaveLength(count);
        for (const { id, from, to } of shifts) {
          expect(judged(before).find((node) => node.id === id)?.health).toBe(from);
          expect(judged(after).find((node) => node.id === id)?.health).toBe(to);
        }
      }),
    );
  });

  it("names those that would be judged otherwise, the worst first", () => {
    const world: World = {
      calls: [
        testTotals({ service: "payroll", counts: { success: 20 }, latency: [[158, 20]] }),
        testTotals({ service: "cart", counts: { success: 15, failure: 5 } }),
        testTotals({ service: "payments", counts: { success: 19, failure: 1 } }),
      ],
      state: "closed",
      registered: ["payroll", "idle-1", "cart", "idle-2", "payments"],
    };
    const { shifts } = healthOutlook(pictureOf(world, DEFAULT_HEALTH_POLICY), DEFAULT_HEALTH_POLICY, STRICT);
    expect(shifts.map(({ name, from, to, reason }) => [name, from, to, reason])).toEqual([
      ["cart", "degraded", "failing", "25 % of 20 calls failed (limit 20 %)."],
      ["payroll", "healthy", "degraded", "p95 882 ms is over 500 ms (pay*)."],
      ["payments", "degraded", "healthy", "5 % of 20 calls failed."],
    ]);
  });
});
