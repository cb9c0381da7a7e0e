import { testReading } from "./test-reading.ts";
import { describe, expect, it } from "vitest";
import { BreakerPolicySpec } from "./breaker-policy.ts";
import { DEFAULT_THRESHOLDS, HealthPolicySpec } from "./health-policy.ts";
import { EMPTY_REGISTRY, type RegistryPicture } from "./instance.ts";
import { RouteSpec } from "./route.ts";
import { testInstance, testRegistry } from "./test-instance.ts";
import { testTotals as call } from "./test-totals.ts";
import { buildTopology } from "./topology-build.ts";
import type { TopologyInput } from "./topology-index.ts";
import type { BreakerReading } from "./traffic.ts";

function reading(change: Partial<BreakerReading>): BreakerReading {
  return testReading({ routeId: "shop", service: "storefront", group: "storefront", ...change });
}

function registry(...services: (readonly [string, number])[]): RegistryPicture {
  return testRegistry(
    services.map(([name, count]) => ({
      name,
      unreadable: [],
      instances: Array.from({ length: count }, (_, n) => testInstance({ service: name, id: `i${n}`, port: 80 + n })),
    })),
  );
}

const consumer = (application: string, service: string, address = "10.0.0.9") => ({
  application,
  service,
  address,
  protocol: "",
});

const build = (input: Partial<TopologyInput>) =>
  buildTopology({
    calls: [],
    windowMs: 10_000,
    breakers: [],
    registry: EMPTY_REGISTRY,
    routes: [],
    policies: [],
    ...input,
  });
const route = (id: string, service: string, change: object = {}) => ({
  id,
  spec: RouteSpec.parse({ matches: [{}], destinations: [{ service, weight: 1 }], ...change }),
});

describe("the topology", () => {
  it("adds up calls of all gateways, routes and instances of one arrow", () => {
    const calls = [
      call({}),
      call({ instance: "i2", counts: { success: 20 } }),
      call({ routeId: "other", counts: { timeout: 10 }, latency: [[120, 10]] }),
    ];
    const { edges } = build({ calls });
    expect(edges).toHaveLength(1);
    expect(edges[0]).toMatchObject({
      id: "outside→service:storefront",
      requestsPerSecond: 4,
      errorRatio: 0.25,
      routes: ["other", "shop"],
      configuredOnly: false,
    });
    expect(edges[0]?.split.map(({ instance, requestsPerSecond }) => [instance, requestsPerSecond])).toEqual([
      ["i1", 2],
      ["i2", 2],
    ]);
  });

  it("takes percentiles from the merged histograms, not from averages", () => {
    const calls = [call({ latency: [[40, 99]] }), call({ instance: "i2", latency: [[120, 1]] })];
    const [edge] = build({ calls }).edges;
    expect(edge?.p95Ms).toBeLessThan(0.1);
    expect(edge?.p50Ms).toBe(edge?.p95Ms);
  });

  it("leaves calls that were refused before an instance was picked out of the split, and counts them as errors", () => {
    const [edge] = build({ calls: [call({ instance: "", counts: { "short-circuited": 10 }, latency: [] })] }).edges;
    expect(edge).toMatchObject({ split: [], errorRatio: 1, requestsPerSecond: 1, p95Ms: null });
  });

  it("does not blame the service for callers that went away", () => {
    const [edge] = build({ calls: [call({ counts: { success: 5, abandoned: 5 } })] }).edges;
    expect(edge).toMatchObject({ errorRatio: 0, health: "healthy" });
  });

  it("has dotted arrows from callers that registered as such, one for all their processes, until they call", () => {
    const pair = testRegistry([], {
      consumers: [
        consumer("web", "com.foo.Bar"),
        consumer("web", "com.foo.Bar", "10.0.0.10"),
        consumer("", "com.foo.Bar"),
        consumer("outside", "com.foo.Bar"),
      ],
    });
    const { nodes, edges } = build({ registry: pair });
    expect(edges.map(({ id, from, configuredOnly, health }) => [id, from, configuredOnly, health])).toEqual([
      ["service:web→service:com.foo.Bar", "service:web", true, "idle"],
    ]);
    expect(nodes.map(({ id, kind, healthReason }) => [id, kind, healthReason])).toEqual([
      ["service:com.foo.Bar", "service", "No instance is registered."],
      ["service:web", "caller", "It is to call, and is not in the registry as a service."],
    ]);
    const live = build({ registry: pair, calls: [call({ caller: "web", service: "com.foo.Bar" })] });
    expect(live.edges.find(({ from }) => from === "service:web")).toMatchObject({ configuredOnly: false });
    expect(live.nodes.find(({ id }) => id === "service:web")).toMatchObject({
      kind: "caller",
      healthReason: "It calls, and is not in the registry.",
    });
    const called = build({ registry: pair, calls: [call({ service: "web" })] });
    expect(called.nodes.find(({ id }) => id === "service:web")?.kind).toBe("service");
  });

  it("draws routes from outside dotted until something flows, and egress routes not before somebody calls", () => {
    const routes = [
      route("shop", "storefront"),
      route("inner", "catalog", { listeners: ["egress"] }),
      route("off", "cart", { enabled: false }),
    ];
    expect(build({ routes }).edges.map(({ id, configuredOnly }) => [id, configuredOnly])).toEqual([
      ["outside→service:storefront", true],
    ]);
    expect(build({ routes, calls: [call({})] }).edges.map(({ id, configuredOnly }) => [id, configuredOnly])).toEqual([
      ["outside→service:storefront", false],
    ]);
  });

  it("does not promise a destination of weight 0", () => {
    const spec = {
      destinations: [
        { service: "a", weight: 1 },
        { service: "b", weight: 0 },
      ],
    };
    expect(build({ routes: [route("shop", "a", spec)] }).edges.map((edge) => edge.to)).toEqual(["service:a"]);
  });

  it("draws a backup dotted from the service it stands in for, and its calls from whoever called", () => {
    const policies = [
      BreakerPolicySpec.parse({
        target: { kind: "service", service: "payments" },
        settings: {},
        fallbacks: [{ kind: "service", service: "spare" }],
      }),
    ];
    const calls = [call({ caller: "orders", service: "spare", asFallback: true })];
    const { edges, nodes } = build({ policies, calls });
    expect(edges.map(({ id, asFallback, configuredOnly }) => [id, asFallback, configuredOnly])).toEqual([
      ["service:orders⇢service:spare", true, false],
      ["service:payments⇢service:spare", true, true],
    ]);
    expect(nodes.find((node) => node.id === "service:spare")?.servingAsBackup).toBe(true);
  });

  it("does not count a failure against the outside when a backup answered instead", () => {
    const failed = call({ service: "payments", counts: { success: 50, timeout: 30, "short-circuited": 20 } });
    const backup = call({ service: "spare", asFallback: true, counts: { success: 45 } });
    const outside = build({ calls: [failed, backup] }).nodes.find((node) => node.id === "outside");
    expect(outside).toMatchObject({
      requestsPerSecond: 10,
      errorRatio: 0.05,
      healthReason: "5 % of 100 calls failed (limit 2 %): 5 short-circuited.",
    });
  });

  it("knows services from the registry, from traffic and from configuration", () => {
    const { nodes } = build({ registry: registry(["quiet", 2]), calls: [call({})], routes: [route("r", "planned")] });
    expect(nodes.map(({ id, instances, health }) => [id, instances, health])).toEqual([
      ["outside", null, "healthy"],
      ["service:planned", null, "degraded"],
      ["service:quiet", 2, "idle"],
      ["service:storefront", null, "healthy"],
    ]);
  });

  it("tells a service named outside from the world outside", () => {
    const { nodes, edges } = build({ registry: registry(["outside", 1]), calls: [call({ service: "outside" })] });
    expect(nodes.map(({ id, kind, instances }) => [id, kind, instances])).toEqual([
      ["outside", "outside", null],
      ["service:outside", "service", 1],
    ]);
    expect(edges.map(({ from, to }) => [from, to])).toEqual([["outside", "service:outside"]]);
  });

  it("says what is missing where nothing calls, and warns where something would", () => {
    const reasonOf = (input: Partial<TopologyInput>) => {
      const node = build(input).nodes.find(({ id }) => id === "service:storefront");
      return [node?.health, node?.healthReason];
    };
    const resting = testRegistry([
      { name: "storefront", unreadable: [], instances: [testInstance({ service: "storefront", serving: false })] },
    ]);
    expect(reasonOf({ registry: registry(["storefront", 0]) })).toEqual(["idle", "No instance is registered."]);
    expect(reasonOf({ registry: resting })).toEqual(["idle", "Its only instance is not serving."]);
    expect(reasonOf({ registry: registry(["storefront", 1]) })).toEqual(["idle", "No calls in the last seconds."]);
    expect(reasonOf({ registry: resting, routes: [route("shop", "storefront")] })).toEqual([
      "degraded",
      "Its only instance is not serving: a call to it would fail.",
    ]);
    expect(reasonOf({ routes: [route("shop", "storefront")] })).toEqual(["idle", "No calls in the last seconds."]);
  });

  it("puts instances into the subsets that routes name, with or without calls, the narrowest first", () => {
    const instance = (id: string, metadata: Record<string, string>) =>
      testInstance({ service: "storefront", id, metadata });
    const { nodes } = build({
      registry: testRegistry([
        {
          name: "storefront",
          unreadable: [],
          instances: [
            instance("a", { version: "1" }),
            instance("b", { version: "2", zone: "west" }),
            instance("c", { version: "3" }),
          ],
        },
      ]),
      routes: [
        route("shop", "storefront", {
          destinations: [
            { service: "storefront", weight: 1, labels: { version: "1" } },
            { service: "storefront", weight: 0, labels: { version: "2" } },
            { service: "storefront", weight: 0, labels: { zone: "west", version: "2" } },
          ],
        }),
      ],
      calls: [call({ instance: "a", subset: "version=1" })],
    });
    const node = nodes.find(({ id }) => id === "service:storefront");
    expect(node?.parts.map(({ subset, instance: id, health }) => [subset, id, health])).toEqual([
      ["", "c", "idle"],
      ["version=1", "a", "healthy"],
      ["version=2,zone=west", "b", "idle"],
    ]);
  });

  it("judges edges, services and instances by the thresholds of the service that is called", () => {
    const health = HealthPolicySpec.parse({
      thresholds: DEFAULT_THRESHOLDS,
      overrides: [{ match: "store*", p95MsDegraded: 500 }],
    });
    const calls = [call({ latency: [[160, 10]] }), call({ service: "cart", latency: [[160, 10]] })];
    const { nodes, edges } = build({ calls, health });
    const [node] = nodes.filter(({ id }) => id === "service:storefront");
    expect([node?.health, node?.healthReason]).toEqual(["degraded", "p95 1050 ms is over 500 ms (store*)."]);
    expect(node?.parts[0]?.health).toBe("degraded");
    expect(edges.map(({ to, health: shown }) => [to, shown])).toEqual([
      ["service:cart", "healthy"],
      ["service:storefront", "degraded"],
    ]);
  });

  it("calls degraded what comes near the timeout of its breaker", () => {
    const near = { calls: [call({ latency: [[158, 10]] })], breakers: [reading({})] };
    expect(build(near).edges[0]).toMatchObject({
      health: "degraded",
      healthReason: "p95 882 ms is over 80 % of its timeout of 1000 ms.",
    });
    expect(build({ calls: near.calls }).edges[0]?.health).toBe("healthy");
  });

  it("says why a service is not healthy", () => {
    const healthOf = (input: Partial<TopologyInput>) => {
      const node = build(input).nodes.find(({ id }) => id === "service:storefront");
      return [node?.health, node?.healthReason];
    };
    expect(healthOf({ calls: [call({ counts: { success: 40, timeout: 34, failure: 26 } })] })).toEqual([
      "failing",
      "60 % of 100 calls failed (limit 50 %): 34 timeout, 26 failure.",
    ]);
    expect(healthOf({ calls: [call({ counts: { success: 90, failure: 10 } })] })).toEqual([
      "degraded",
      "10 % of 100 calls failed (limit 2 %): 10 failure.",
    ]);
    expect(healthOf({ calls: [call({ counts: { failure: 2 } })] })).toEqual([
      "idle",
      "100 % of 2 calls failed, fewer than 5 are not judged: 2 failure.",
    ]);
    expect(healthOf({ calls: [call({})], registry: registry(["storefront", 0]) })).toEqual([
      "failing",
      "No instance is registered.",
    ]);
    expect(healthOf({ calls: [call({})], breakers: [reading({ state: "half-open" })] })[0]).toBe("degraded");
    expect(healthOf({ calls: [call({})], breakers: [reading({ state: "open" })] })).toEqual([
      "failing",
      "Its breaker is open.",
    ]);
  });

  it("shows the worst breaker, with a person's override over the automatic state", () => {
    const override = {
      id: "o",
      mode: "forced-closed",
      actor: "Ada",
      reason: "test",
      createdAtMs: 0,
      expiresAtMs: null,
    } as const;
    const breakerOf = (...breakers: BreakerReading[]) => build({ calls: [call({})], breakers }).edges[0]?.breaker;
    expect(breakerOf(reading({}), reading({ state: "open" }), reading({ state: "half-open" }))).toEqual({
      state: "open",
      override: null,
    });
    expect(breakerOf(reading({ state: "open", override }), reading({ state: "half-open" }))).toEqual({
      state: "half-open",
      override: null,
    });
    expect(breakerOf(reading({ override: { ...override, mode: "forced-open" } }))).toEqual({
      state: "closed",
      override: "forced-open",
    });
    expect(breakerOf(reading({ routeId: "other", state: "open" }))).toBeNull();
  });

  it("is the same when nothing changed, whatever order things came in", () => {
    const calls = [
      call({}),
      call({ service: "cart", caller: "storefront" }),
      call({ service: "catalog", caller: "storefront" }),
    ];
    expect(build({ calls: calls.toReversed() })).toEqual(build({ calls }));
  });
});
