import { describe, expect, it } from "vitest";
import type { GatewayStatus, LivePicture } from "./live.ts";
import { meshTroubles, NO_SOURCES } from "./mesh-troubles.ts";
import type { OverrideSpec } from "./override.ts";
import { testBreaker, testPicture, testService } from "./test-picture.ts";
import { testReading } from "./test-reading.ts";
import { testSync, testZooKeeperLink } from "./test-sync.ts";
import type { TopologyEdge, TopologyNode } from "./topology.ts";
import type { BreakerReading } from "./traffic.ts";
import type { Trouble } from "./trouble.ts";

function gateway(id: string, change: Partial<GatewayStatus> = {}): GatewayStatus {
  return {
    id,
    registration: { id, adminUrl: "http://a", edgeUrl: "http://b", version: "1", startedAtMs: 0 },
    acknowledgement: { gatewayId: id, incarnation: "a", revision: 1, root: "", refused: [], appliedAtMs: 0 },
    stream: { state: "up", sinceMs: 0, problem: "" },
    lastWindowAtMs: 900,
    lostWindows: 0,
    dropped: 0,
    ...change,
  };
}

function node(name: string, change: Partial<TopologyNode> = {}): TopologyNode {
  return {
    id: `service:${name}`,
    kind: "service",
    name,
    instances: 1,
    requestsPerSecond: 10,
    errorRatio: 0,
    p50Ms: 1,
    p95Ms: 1,
    p99Ms: 1,
    bytesPerSecond: 0,
    health: "healthy",
    healthReason: "All calls succeed.",
    breaker: null,
    servingAsBackup: false,
    parts: [],
    ...change,
  };
}

const failing = (name: string, errorRatio = 0.6): TopologyNode =>
  node(name, { errorRatio, health: "failing", healthReason: "60 % of 100 calls failed: 60 failure." });

function edge(from: string, to: string, change: Partial<TopologyEdge> = {}): TopologyEdge {
  return {
    id: `${from}→service:${to}`,
    from: from === "outside" ? "outside" : `service:${from}`,
    to: `service:${to}`,
    configuredOnly: false,
    asFallback: false,
    requestsPerSecond: 10,
    errorRatio: 0,
    p50Ms: 1,
    p95Ms: 1,
    p99Ms: 1,
    bytesPerSecond: 0,
    inFlight: 0,
    routes: ["checkout"],
    split: [],
    gateways: [],
    health: "healthy",
    healthReason: "",
    breaker: null,
    ...change,
  };
}

const picture = (change: Partial<LivePicture>): LivePicture =>
  testPicture({ gateways: [gateway("gateway-1")], ...change });

function breakerAt(reading: Partial<BreakerReading>, gatewayId = "gateway-1", offeredPerSecond = 10) {
  return testBreaker({ offeredPerSecond, gateways: [{ gatewayId, reading: testReading(reading) }] });
}

const open = breakerAt({
  state: "open",
  sinceMs: 800,
  cause: "the trial failed",
  outage: { sinceMs: 500, cause: "61 % of 214 calls failed" },
});

function only(troubles: readonly Trouble[]): Trouble {
  expect(troubles.map(({ title }) => title)).toHaveLength(1);
  const [first] = troubles;
  if (first === undefined) throw new Error("no trouble");
  return first;
}

describe("a mesh without trouble", () => {
  it("has none", () => {
    const services = [testService("payments", ["a"])];
    const topology = { nodes: [node("payments")], edges: [edge("outside", "payments")] };
    expect(meshTroubles(picture({ services, topology, breakers: [breakerAt({})] }))).toEqual([]);
  });

  it("does not miss an instance of a service that nothing leads to", () => {
    expect(
      meshTroubles(
        picture({ services: [testService("retired", [])], topology: { nodes: [node("retired")], edges: [] } }),
      ),
    ).toEqual([]);
  });
});

describe("a service", () => {
  it("is one trouble whatever speaks against it, with the first cause of the outage and since when", () => {
    const topology = { nodes: [failing("payments")], edges: [edge("orders", "payments")] };
    const trouble = only(
      meshTroubles(picture({ topology, services: [testService("payments", ["a"])], breakers: [open] })),
    );
    expect(trouble).toMatchObject({
      id: "service:payments",
      severity: "bad",
      sinceMs: 500,
      title: "payments: its breaker is open",
    });
    expect(trouble.why).toBe("61 % of 214 calls failed.");
    expect(trouble.affects).toMatchObject({ requestsPerSecond: 10, failingPerSecond: 6, callers: ["orders"] });
    expect(trouble.places[0]).toEqual({ kind: "breaker", key: "checkout->payments" });
  });

  it("tells what fallbacks answer apart from what fails", () => {
    const answered = { ...open, history: [{ atMs: 1, counts: {}, fallbackServed: 4 }] };
    const topology = { nodes: [failing("payments")], edges: [edge("orders", "payments")] };
    const trouble = only(
      meshTroubles(picture({ topology, services: [testService("payments", ["a"])], breakers: [answered] })),
    );
    expect(trouble.affects).toMatchObject({ failingPerSecond: 2, fallbackPerSecond: 4 });
  });

  it("names the gateway when not all of them have it open", () => {
    const breaker = { ...open, gateways: [...open.gateways, { gatewayId: "gateway-2", reading: testReading({}) }] };
    expect(only(meshTroubles(picture({ breakers: [breaker] }))).why).toContain("At gateway-1 only.");
  });

  it("that nobody calls while its breaker is open is a lesser trouble", () => {
    const idle = { ...open, offeredPerSecond: 0 };
    expect(only(meshTroubles(picture({ breakers: [idle] }))).severity).toBe("warn");
  });

  it("held closed by hand while it fails is worse than one forced open by hand", () => {
    const override = { id: "o", actor: "Ada", reason: "sale", createdAtMs: 100, expiresAtMs: null };
    const held = breakerAt({ state: "open", override: { ...override, mode: "forced-closed" } });
    expect(only(meshTroubles(picture({ breakers: [held] })))).toMatchObject({ severity: "bad", rank: 12 });
    const forced = breakerAt({ override: { ...override, mode: "forced-open" } });
    const trouble = only(meshTroubles(picture({ breakers: [forced] })));
    expect(trouble).toMatchObject({ severity: "warn", sinceMs: 100, why: "By Ada: “sale”." });
  });

  it("without an instance is told of with the last one that left, and with its routes", () => {
    const departed = [{ id: "pay-1", address: "h", port: 1, atMs: 700 }];
    const topology = {
      nodes: [
        node("payments", { instances: 0, errorRatio: 1, health: "failing", healthReason: "No instance is serving." }),
      ],
      edges: [edge("orders", "payments", { errorRatio: 1 })],
    };
    const services = [testService("payments", [], { departed })];
    const trouble = only(meshTroubles(picture({ topology, services })));
    expect(trouble).toMatchObject({ severity: "bad", title: "payments has no instance", sinceMs: 700, also: [] });
    expect(trouble.why).toBe("The last one, pay-1, has left the registry, and route checkout leads to it.");
  });

  it("that nothing serves and nobody calls at the moment is not to be looked at for failures", () => {
    const reason = "No instance is registered: a call to it would fail.";
    const topology = {
      nodes: [node("payments", { instances: 0, health: "degraded", healthReason: reason })],
      edges: [],
    };
    const trouble = only(meshTroubles(picture({ topology, services: [testService("payments", [])] })));
    expect(trouble).toMatchObject({
      why: reason,
      advice: "Start an instance that registers, or lead the routes elsewhere.",
    });
  });

  it("whose calls are answered though nothing is registered is first told of for what hinders them", () => {
    const topology = { nodes: [node("payments", { instances: null })], edges: [edge("orders", "payments")] };
    const trouble = only(meshTroubles(picture({ topology, breakers: [open] })));
    expect(trouble.title).toBe("payments: its breaker is open");
    expect(trouble.also[0]).toContain("payments has no instance.");
  });

  it("is not called empty while the registry cannot be read", () => {
    const topology = { nodes: [node("payments", { instances: null })], edges: [edge("orders", "payments")] };
    const zookeeper = testZooKeeperLink({ state: "down", sinceMs: 10 });
    const { database } = testPicture().links;
    const troubles = meshTroubles(picture({ topology, links: { zookeeper, database } }));
    expect(troubles.map(({ id }) => id)).toEqual(["zookeeper"]);
  });

  it("tells instances that gateways took out from those that a person set aside", () => {
    const standing = {
      service: "payments",
      worker: null,
      ejections: 1,
      override: null,
      gatewayId: "gateway-1",
    } as const;
    const services = [
      testService("payments", ["a", "b", "c"], {
        standings: [{ ...standing, instance: "a", ejectedUntilMs: 5000, health: "unknown" }],
      }),
    ];
    const topology = { nodes: [node("payments", { instances: 3 })], edges: [edge("orders", "payments")] };
    const settings = new Map([["payments", { b: { drained: true, weight: 100 } }]]);
    const trouble = only(meshTroubles(picture({ services, topology }), { ...NO_SOURCES, settings }));
    expect(trouble).toMatchObject({ severity: "warn", title: "payments: 1 of 3 instances is out" });
    expect(trouble.also).toEqual(["payments: 1 of 3 instances is set aside. Drained: b."]);
    const drained = new Map([
      ["payments", Object.fromEntries(["b", "c"].map((id) => [id, { drained: true, weight: 100 }]))],
    ]);
    expect(only(meshTroubles(picture({ services, topology }), { ...NO_SOURCES, settings: drained }))).toMatchObject({
      severity: "bad",
      title: "payments: none of its 3 instances takes calls",
    });
  });

  it("warns of a backup that would not hold, and of an override without an end", () => {
    const words = "10/s of 900 ms each are 9 calls at once; 5 fallbacks may be under way.";
    const breaker = testBreaker({ outlooks: [{ service: "backup", verdict: "too-small", words }] });
    const spec: OverrideSpec = {
      target: { kind: "service", service: "payments" },
      mode: "forced-closed",
      reason: "sale",
      actor: "Ada",
      scope: { kind: "fleet" },
      createdAtMs: 1,
      expiresAtMs: null,
    };
    const trouble = only(meshTroubles(picture({ breakers: [breaker] }), { ...NO_SOURCES, overrides: [spec] }));
    expect(trouble).toMatchObject({
      severity: "warn",
      title: "payments: its backup backup would not hold",
      why: words,
    });
    expect(trouble.also).toHaveLength(1);
    const ending = { ...spec, expiresAtMs: 61_000 };
    const note = only(meshTroubles(picture({}), { ...NO_SOURCES, overrides: [ending] }));
    expect(note).toMatchObject({ severity: "note" });
    expect(note.title).toContain("ends within 5 min");
    expect(meshTroubles(picture({}), { ...NO_SOURCES, overrides: [{ ...spec, expiresAtMs: 900 }] })).toEqual([]);
  });
});

describe("a service that fails because of one that it calls", () => {
  const services = ["shop", "orders", "payments"].map((name) => testService(name, ["a"]));

  it("stands under that one, also over several steps", () => {
    const topology = {
      nodes: [failing("shop"), failing("orders"), failing("payments")],
      edges: [
        edge("outside", "shop", { errorRatio: 0.6 }),
        edge("shop", "orders", { errorRatio: 0.6 }),
        edge("orders", "payments", { errorRatio: 0.6 }),
      ],
    };
    const trouble = only(meshTroubles(picture({ topology, services, breakers: [open] })));
    expect(trouble.id).toBe("service:payments");
    expect(trouble.consequences).toEqual([
      "shop is failing, as it calls orders. 60 % of 100 calls failed: 60 failure.",
      "orders is failing, as it calls payments. 60 % of 100 calls failed: 60 failure.",
    ]);
  });

  it("stands by itself when most of its failures are its own", () => {
    const topology = {
      nodes: [failing("orders", 0.9), failing("payments")],
      edges: [edge("outside", "orders"), edge("orders", "payments", { requestsPerSecond: 1, errorRatio: 1 })],
    };
    expect(meshTroubles(picture({ topology, services })).map(({ id }) => id)).toEqual([
      "service:orders",
      "service:payments",
    ]);
  });

  it("keeps its own trouble when two blame each other", () => {
    const topology = {
      nodes: [failing("orders"), failing("payments")],
      edges: [edge("orders", "payments", { errorRatio: 0.6 }), edge("payments", "orders", { errorRatio: 0.6 })],
    };
    expect(meshTroubles(picture({ topology, services })).map(({ id }) => id)).toEqual([
      "service:orders",
      "service:payments",
    ]);
  });
});

describe("what carries traffic and policy", () => {
  const ids = (change: Partial<LivePicture>): string[] => meshTroubles(picture(change)).map(({ id }) => id);

  it("tells of a silent gateway, and of all of them at once as one trouble before everything else", () => {
    const silent = (id: string) => gateway(id, { lastWindowAtMs: 1 });
    const at = { atMs: 10_000, breakers: [open] };
    expect(ids({ ...at, gateways: [silent("gateway-1"), gateway("gateway-2", { lastWindowAtMs: 9500 })] })).toEqual([
      "service:payments",
      "gateway:gateway-1",
    ]);
    expect(ids({ ...at, gateways: [silent("gateway-1"), silent("gateway-2")] })).toEqual([
      "gateways",
      "service:payments",
    ]);
    expect(ids({ gateways: [] })).toEqual(["gateways"]);
  });

  it("waits a moment before it calls a gateway behind, and does not wait with what it refuses", () => {
    const ack = { gatewayId: "gateway-1", incarnation: "a", root: "", appliedAtMs: 0 };
    const sync = testSync({ savedRevision: 3, publishedRevision: 3 });
    const behind = only(
      meshTroubles(
        picture({ sync, gateways: [gateway("gateway-1", { acknowledgement: { ...ack, revision: 2, refused: [] } })] }),
      ),
    );
    expect(behind).toMatchObject({ title: "gateway-1 is 1 revision behind", severity: "warn", graceMs: 5000 });
    const refused = [{ key: "routes/checkout", revision: 3, reason: "Unknown field" }];
    const refusing = picture({
      sync,
      gateways: [gateway("gateway-1", { acknowledgement: { ...ack, revision: 3, refused } })],
    });
    expect(only(meshTroubles(refusing))).toMatchObject({ severity: "bad", graceMs: 0 });
    // What somebody else changed says nothing against what was published.
    expect(meshTroubles(refusing, { ...NO_SOURCES, driftedKeys: new Set(["routes/checkout"]) })).toEqual([]);
  });

  it("does not tell beside a lost ZooKeeper what only follows from it", () => {
    const zookeeper = testZooKeeperLink({ state: "down", sinceMs: 400, problem: "connection refused" });
    const { database } = testPicture().links;
    const sync = testSync({ halted: "ZooKeeper is away", leader: null, publishedRevision: null });
    const gateways = [gateway("gateway-1", { registration: null })];
    const trouble = only(meshTroubles(picture({ links: { zookeeper, database }, sync, gateways })));
    expect(trouble).toMatchObject({ id: "zookeeper", sinceMs: 400, severity: "bad" });
  });

  it("tells of a halt, of nodes that cannot be written, and of drift", () => {
    const sync = testSync({
      halted: "an object is out of bounds",
      blocked: [{ path: "/a", problem: "no permission" }],
      openDrift: 2,
    });
    expect(ids({ sync })).toEqual(["publishing", "blocked", "drift"]);
  });
});
