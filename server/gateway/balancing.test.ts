import { request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ServicePolicyDraft } from "#domain/service-policy.ts";
import { until, type Peer, type PeerHandler } from "./test-bed/peer.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

/** Turned by hand. */
let nowMs: number;
const clock = { nowMs: () => 1_700_000_000_000 + nowMs, monotonicMs: () => nowMs };
let mesh: TestMesh;
/** Instances that answer 500. */
let failing: Set<string>;

beforeEach(async () => {
  nowMs = 1000;
  failing = new Set();
  mesh = await TestMesh.start({ clock, zone: "here", drainMs: 0 });
});
afterEach(() => mesh.stop());

function serve(id: string, metadata: Record<string, string> = {}): Promise<Peer> {
  return mesh.serve(
    "cart",
    (_incoming, response) => {
      response.statusCode = failing.has(id) ? 500 : 200;
      response.end(id);
    },
    { id, metadata },
  );
}

async function serveAll(...ids: string[]): Promise<void> {
  for (const id of ids) await serve(id);
  mesh.route("cart", { destinations: [{ service: "cart", weight: 1 }] });
}

const policy = (draft: Omit<ServicePolicyDraft, "service">): void => mesh.servicePolicy({ service: "cart", ...draft });

async function get(headers: Record<string, string> = {}): Promise<string> {
  const answer = await request(mesh.edge, { headers });
  return answer.body.text();
}

/** How many requests each got. */
async function tally(count: number, headers?: (n: number) => Record<string, string>): Promise<Record<string, number>> {
  const seen: Record<string, number> = {};
  for (let n = 0; n < count; n += 1) {
    const id = await get(headers?.(n));
    seen[id] = (seen[id] ?? 0) + 1;
  }
  return seen;
}

describe("weights and drains of a service's policy", () => {
  it("give each instance exactly its share by turns, and a drained one nothing", async () => {
    await serveAll("a", "b", "c", "d");
    expect(await tally(8)).toEqual({ a: 2, b: 2, c: 2, d: 2 });
    policy({ instances: { a: { weight: 300 }, c: { drained: true }, d: { weight: 0 } } });
    expect(await tally(8)).toEqual({ a: 6, b: 2 });
  });

  it("let requests in flight end when their instance is drained, and say so when all are", async () => {
    let finish = (): void => undefined;
    await mesh.serve("slow", (_incoming, response) => (finish = () => void response.end("done")), { id: "s" });
    mesh.route("slow", { hosts: ["slow.test"], destinations: [{ service: "slow", weight: 1 }] });
    const running = get({ host: "slow.test" });
    await until(async () => (await mesh.instances())["s"]?.inFlight === 1);
    mesh.servicePolicy({ service: "slow", instances: { s: { drained: true } } });
    const refusal: unknown = JSON.parse(await get({ host: "slow.test" }));
    expect(refusal).toMatchObject({ code: "NO_HEALTHY_INSTANCE", detail: "slow: all its instances are drained" });
    finish();
    expect(await running).toBe("done");
    await until(async () => (await mesh.instances())["s"]?.inFlight === 0);
  });
});

describe("least requests", () => {
  it("keeps away from an instance with calls in flight", async () => {
    let finish: (() => void) | null = null;
    for (const id of ["a", "b"]) {
      const handler: PeerHandler = ({ url }, response) => {
        if (url === "/hold") finish = () => void response.end(id);
        else response.end(id);
      };
      await mesh.serve("cart", handler, { id });
    }
    await serveAll();
    policy({ balancing: { kind: "least-requests" } });
    const held = request(`${mesh.edge}/hold`).then(({ body }) => body.text());
    const end = await until(() => finish);
    const seen = Object.entries(await tally(20));
    end();
    expect(seen).toEqual([[(await held) === "a" ? "b" : "a", 20]]);
  });
});

describe("at random", () => {
  it("uses all, and never one without weight", async () => {
    await serveAll("a", "b", "c");
    policy({ balancing: { kind: "random" }, instances: { c: { weight: 0 } } });
    const seen = await tally(60);
    expect(Object.keys(seen).sort()).toEqual(["a", "b"]);
  });
});

describe("hashing", () => {
  const byUser = (n: number) => ({ "x-user": `u${n % 30}` });
  const owners = async (): Promise<string[]> => {
    const owned = [];
    for (let n = 0; n < 30; n += 1) owned.push(await get(byUser(n)));
    return owned;
  };

  it("sends a key to the same instance, moves only the keys of one that leaves, and takes turns without a key", async () => {
    await serveAll("a", "b", "c");
    policy({ balancing: { kind: "hash", by: { kind: "header", name: "x-user" } } });
    const before = await owners();
    expect(new Set(before)).toEqual(new Set(["a", "b", "c"]));
    expect(await owners()).toEqual(before);
    expect(await tally(6)).toEqual({ a: 2, b: 2, c: 2 });
    mesh.deregister("b");
    const after = await owners();
    const kept = (owned: readonly string[]) => owned.filter((_, n) => before[n] !== "b");
    expect(kept(after)).toEqual(kept(before));
    expect(after).not.toContain("b");
    await serve("b");
    expect(await owners()).toEqual(before);
  });
});

describe("ejection", () => {
  const OUTLIER = { consecutiveFailures: 3, baseMs: 1000, maxMs: 10_000 };

  it("takes an instance out that fails where others do not, for a while that grows, and shows it", async () => {
    await serveAll("a", "b", "c");
    policy({ outlier: OUTLIER });
    failing.add("b");
    await tally(9);
    expect(await tally(10)).toEqual({ a: 5, c: 5 });
    expect((await mesh.instances())["b"]?.ejectedUntilMs).toBe(clock.nowMs() + 1000);
    const metrics = await (await request(`${mesh.admin}/metrics`)).body.text();
    expect(metrics).toContain('meshkeeper_instance_ejected{service="cart",instance="b"} 1');
    expect(metrics).not.toContain('instance="a"');
    nowMs += 1000;
    expect((await tally(9))["b"]).toBe(3);
    expect(await tally(10)).toEqual({ a: 5, c: 5 });
    nowMs += 1000;
    expect((await tally(3))["b"]).toBeUndefined();
    nowMs += 1000;
    failing.clear();
    expect(await tally(9)).toEqual({ a: 3, b: 3, c: 3 });
    expect((await mesh.instances())["b"]?.ejectedUntilMs).toBeNull();
  });

  it("is not for an instance that answers well in between", async () => {
    await serveAll("a", "b");
    policy({ outlier: OUTLIER });
    for (let round = 0; round < 4; round += 1) {
      failing.add("b");
      await tally(4);
      failing.clear();
      await tally(2);
    }
    expect(await tally(4)).toEqual({ a: 2, b: 2 });
  });

  it("never takes out more than the share of the policy", async () => {
    await serveAll("a", "b", "c", "d");
    policy({ outlier: { ...OUTLIER, maxPercent: 25 } });
    failing.add("a").add("b");
    await tally(40);
    const out = Object.values(await mesh.instances()).filter(({ ejectedUntilMs }) => ejectedUntilMs !== null);
    expect(out).toHaveLength(1);
    expect(Object.keys(await tally(12))).toHaveLength(3);
  });

  it("survives other snapshots, and ends with the policy that asks for it", async () => {
    await serveAll("a", "b", "c");
    policy({ outlier: OUTLIER });
    failing.add("b");
    await tally(9);
    await serve("d");
    mesh.route("other", { hosts: ["other.test"], destinations: [{ service: "cart", weight: 1 }] });
    expect((await tally(6))["b"]).toBeUndefined();
    policy({ outlier: { enabled: false } });
    expect((await tally(8))["b"]).toBe(2);
  });

  it("is passed over when fewer than the panic threshold are left", async () => {
    await serveAll("a", "b", "c");
    policy({ outlier: { ...OUTLIER, maxPercent: 100 }, panicPercent: 60 });
    failing.add("b");
    await tally(9);
    expect(await tally(6)).toEqual({ a: 3, c: 3 });
    failing.add("c");
    await tally(6);
    expect(Object.keys(await tally(6)).sort()).toEqual(["a", "b", "c"]);
  });
});

describe("where the gateway is", () => {
  it("instances are preferred; when some of them are out, the rest spills over in proportion", async () => {
    await serve("here-1", { zone: "here" });
    await serve("here-2", { zone: "here" });
    await serve("there-1", { zone: "there" });
    await serve("there-2", { zone: "there" });
    mesh.route("cart", { destinations: [{ service: "cart", weight: 1 }] });
    policy({ outlier: { consecutiveFailures: 1, baseMs: 60_000 } });
    expect(await tally(10)).toEqual({ "here-1": 5, "here-2": 5 });
    failing.add("here-2");
    await tally(2);
    // 1.4 × 50 % stays; the others share what is left.
    const seen = await tally(200);
    expect(Math.abs((seen["here-1"] ?? 0) - 140)).toBeLessThanOrEqual(1);
    expect(Math.abs((seen["there-1"] ?? 0) - 30)).toBeLessThanOrEqual(1);
    policy({ localityLabel: "", outlier: { enabled: false } });
    expect(Object.keys(await tally(8))).toHaveLength(4);
  });
});

describe("slow start", () => {
  it("lets a new instance's share grow; those that were there at the start have all of it", async () => {
    await serveAll("a", "b");
    policy({ slowStartMs: 10_000 });
    expect(await tally(10)).toEqual({ a: 5, b: 5 });
    await serve("c");
    expect((await tally(42))["c"]).toBe(2);
    nowMs += 5000;
    const { c = 0 } = await tally(51);
    expect(Math.abs(c - 11)).toBeLessThanOrEqual(1);
    nowMs += 5000;
    const { c: whole = 0 } = await tally(30);
    expect(Math.abs(whole - 10)).toBeLessThanOrEqual(1);
  });
});

describe("a sticky route", () => {
  it("keeps each key at its destination; raising a weight moves keys to it only", async () => {
    await serve("v1", { version: "1" });
    await serve("v2", { version: "2" });
    const weights = (v1: number, v2: number): void =>
      mesh.route("cart", {
        sticky: { kind: "cookie", name: "user" },
        destinations: [
          { service: "cart", labels: { version: "1" }, weight: v1 },
          { service: "cart", labels: { version: "2" }, weight: v2 },
        ],
      });
    const all = async (): Promise<string[]> => {
      const seen = [];
      for (let n = 0; n < 60; n += 1) seen.push(await get({ cookie: `theme=dark; user=u${n}` }));
      return seen;
    };
    weights(80, 20);
    const before = await all();
    expect(await all()).toEqual(before);
    weights(80, 80);
    const after = await all();
    expect(after.filter((_, n) => before[n] === "v2")).toEqual(before.filter((at) => at === "v2"));
    expect(after.filter((at) => at === "v2").length).toBeGreaterThan(before.filter((at) => at === "v2").length);
    // Without the cookie, by turns.
    expect(await tally(10)).toEqual({ v1: 5, v2: 5 });
  });
});
