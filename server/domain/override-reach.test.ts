import { describe, expect, it } from "vitest";
import type { LiveService } from "./live.ts";
import type { OverrideScope } from "./override.ts";
import { needsConfirmation, othersServing, reachOf } from "./override-reach.ts";
import { testBreaker, testPicture, testService } from "./test-picture.ts";
import { testReading } from "./test-reading.ts";
import type { TopologyEdge } from "./topology.ts";

const FLEET: OverrideScope = { kind: "fleet" };
const at = (gatewayId: string): OverrideScope => ({ kind: "gateway", gatewayId });
const command = { kind: "command", routeId: "checkout", service: "payments" } as const;

const edge = (change: Partial<TopologyEdge>): TopologyEdge => ({
  id: "",
  from: "service:orders",
  to: "service:payments",
  configuredOnly: false,
  asFallback: false,
  requestsPerSecond: 0,
  errorRatio: 0,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  routes: ["checkout"],
  split: [],
  bytesPerSecond: 0,
  inFlight: 0,
  gateways: [],
  health: "healthy",
  healthReason: "",
  breaker: null,
  ...change,
});

describe("whom an override would affect now", () => {
  const here = testBreaker({
    offeredPerSecond: 9,
    callers: ["orders", "support"],
    gateways: [
      { gatewayId: "one", reading: testReading({ counts: { success: 4, "short-circuited": 2 } }) },
      { gatewayId: "two", reading: testReading({ counts: { failure: 3 } }) },
    ],
  });
  const other = testBreaker({ key: "refund->payments", routeId: "refund", offeredPerSecond: 2, callers: ["support"] });
  const picture = testPicture({
    breakers: [here, other],
    services: [
      testService("payments", ["a", "b"], {
        traffic: [{ instance: "a", requestsPerSecond: 5, errorRatio: 0, p95Ms: null }],
      }),
    ],
    topology: {
      nodes: [],
      edges: [
        edge({
          requestsPerSecond: 6,
          split: [
            { subset: "", instance: "a", requestsPerSecond: 4, errorRatio: 0, p95Ms: null },
            { subset: "", instance: "b", requestsPerSecond: 2, errorRatio: 0, p95Ms: null },
          ],
        }),
        edge({ from: "service:support", requestsPerSecond: 5, routes: ["checkout", "refund"] }),
        edge({ from: "outside", to: "service:orders", requestsPerSecond: 50 }),
      ],
    },
  });

  it("is the calls of the route alone when only they are held, refused ones included", () => {
    expect(reachOf(picture, { target: command, scope: FLEET }).requestsPerSecond).toBe(9);
    const service = { kind: "service", service: "payments" } as const;
    expect(reachOf(picture, { target: service, scope: FLEET }).requestsPerSecond).toBe(11);
  });

  it("is a gateway's share of it, and all of it while nothing says whose it is", () => {
    expect(reachOf(picture, { target: command, scope: at("one") })).toMatchObject({
      requestsPerSecond: 6,
      gateways: ["one"],
    });
    const idle = testPicture({ breakers: [{ ...here, gateways: [] }] });
    expect(reachOf(idle, { target: command, scope: at("one") }).requestsPerSecond).toBe(9);
  });

  it("names callers, with their rates where these are known for the routes that are held", () => {
    expect(reachOf(picture, { target: command, scope: FLEET }).callers).toEqual([
      { name: "orders", requestsPerSecond: 6 },
      { name: "support", requestsPerSecond: null },
    ]);
    const service = { kind: "service", service: "payments" } as const;
    expect(reachOf(picture, { target: service, scope: FLEET }).callers).toContainEqual({
      name: "support",
      requestsPerSecond: 5,
    });
  });

  it("is what an instance carries, by caller", () => {
    const target = { kind: "instance", service: "payments", instance: "a" } as const;
    expect(reachOf(picture, { target, scope: FLEET })).toMatchObject({
      requestsPerSecond: 5,
      callers: [{ name: "orders", requestsPerSecond: 4 }],
      breakers: [],
    });
  });
});

describe("the guard", () => {
  it("asks from the threshold on, always at 0, and for the last instance whatever it carries", () => {
    expect(needsConfirmation(9.9, 10, false)).toBe(false);
    expect(needsConfirmation(10, 10, false)).toBe(true);
    expect(needsConfirmation(0, 0, false)).toBe(true);
    expect(needsConfirmation(0, 10, true)).toBe(true);
  });

  const standing = (instance: string, change: Partial<LiveService["standings"][number]>) => ({
    service: "payments",
    instance,
    worker: null,
    gatewayId: "one",
    ejections: 0,
    ejectedUntilMs: null,
    health: "unknown" as const,
    override: null,
    ...change,
  });
  const override = (mode: "forced-open" | "forced-closed", expiresAtMs: number | null) => ({
    id: "x",
    mode,
    actor: "Ada",
    reason: "test",
    createdAtMs: 0,
    expiresAtMs,
  });
  const left = (
    standings: LiveService["standings"],
    scope: OverrideScope = FLEET,
    nowMs = 0,
    settings = {},
  ): string[] =>
    othersServing(testService("payments", ["a", "b", "c"], { standings }), settings, { instance: "a", scope }, nowMs);

  it("counts as others only those that every gateway of the scope sends requests", () => {
    expect(left([])).toEqual(["b", "c"]);
    expect(left([standing("b", { health: "unhealthy" }), standing("c", { ejectedUntilMs: 5 })])).toEqual([]);
    expect(left([standing("b", { health: "unhealthy" })], at("two"))).toEqual(["b", "c"]);
    expect(left([standing("c", { ejectedUntilMs: 5 })], FLEET, 5)).toEqual(["b", "c"]);
    expect(left([], FLEET, 0, { b: { weight: 0, drained: false }, c: { weight: 100, drained: true } })).toEqual([]);
  });

  it("counts no instance that registered no weight, that gateways cannot call, or that is leaving", () => {
    const service = testService("payments", ["a", "b", "c", "d", "e"]);
    const changes = { b: { weight: 0 }, c: { protocol: "dubbo" }, d: { presence: "leaving" } } as const;
    const instances = service.instances.map((instance) => ({
      ...instance,
      ...new Map(Object.entries(changes)).get(instance.id),
    }));
    const rest = (settings: Parameters<typeof othersServing>[1]): string[] =>
      othersServing({ ...service, instances }, settings, { instance: "a", scope: FLEET }, 0);
    expect(rest({})).toEqual(["e"]);
    expect(rest({ b: { weight: 50, drained: false } })).toEqual(["b", "e"]);
  });

  it("takes people at their word: forced out is away, kept in is not, until the end of either", () => {
    const out = standing("b", { override: override("forced-open", 10) });
    expect(left([out])).toEqual(["c"]);
    expect(left([out], FLEET, 10)).toEqual(["b", "c"]);
    expect(left([standing("b", { health: "unhealthy", override: override("forced-closed", null) })])).toEqual([
      "b",
      "c",
    ]);
  });
});
