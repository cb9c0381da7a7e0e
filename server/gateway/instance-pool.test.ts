import { describe, expect, it } from "vitest";
import type { Instance } from "#domain/instance.ts";
import { testInstance } from "#domain/test-instance.ts";
import { ServicePolicySpec, type ServicePolicyDraft } from "#domain/service-policy.ts";
import { InstancePool } from "./instance-pool.ts";
import { ServiceState, ServiceStates, type InstanceNews } from "./instance-state.ts";
import type { PoolMember } from "./mesh.ts";

const registered = (id: string, port = 80): Instance => testInstance({ service: "cart", id, port });

/** Evenly spread chances, so that shares come out as they must. */
function evenChances(): () => number {
  let n = 0;
  return () => (n = (n + 0.618_033_988_75) % 1);
}

function serviceOf(draft: Omit<ServicePolicyDraft, "service">, ...ids: string[]): [ServiceState, PoolMember[]] {
  const service = new ServiceState("cart");
  const instances = ids.map((id) => registered(id));
  service.follow(instances, Number.NEGATIVE_INFINITY);
  service.configure(ServicePolicySpec.parse({ service: "cart", ...draft }), 0);
  return [service, instances.map((instance) => memberOf(service, instance))];
}

function memberOf(service: ServiceState, registration: Instance, local = false): PoolMember {
  const state = service.of(registration);
  if (state === undefined) throw new Error("not followed");
  const { id, address, port, tls } = registration;
  const instance = { id, service: "cart", address, port, tls, origin: `http://${address}:${port}` };
  return { instance, state, weight: 100, local };
}

const idOf = (member: PoolMember | null): string => member?.state.id ?? "nobody";
function tally(pool: InstancePool, count: number, key: (n: number) => string | null = () => null) {
  const seen: Record<string, number> = {};
  for (let n = 0; n < count; n += 1) {
    const id = idOf(pool.pick(0, key(n), []));
    seen[id] = (seen[id] ?? 0) + 1;
  }
  return seen;
}

describe("a pool of instances", () => {
  it("goes on where the one it replaces was, while requests of older snapshots still pick there", () => {
    const [service, [a, b, c]] = serviceOf({}, "a", "b", "c");
    if (a === undefined || b === undefined || c === undefined) throw new Error("three were made");
    const before = new InstancePool(service, [a, b]);
    expect(idOf(before.pick(0, null, []))).toBe("a");
    const after = new InstancePool(service, [a, b, c], before);
    expect([1, 2, 3].map(() => idOf(after.pick(0, null, [])))).toEqual(["b", "c", "a"]);
    expect([1, 2].map(() => idOf(before.pick(0, null, [])))).toEqual(["b", "a"]);
    expect([before.holds([a, b]), before.holds([a, c]), before.holds([a])]).toEqual([true, false, false]);
  });

  it.each(["round-robin", "least-requests", "random"] as const)("by %s gives each its share", (kind) => {
    const [service, members] = serviceOf({ balancing: { kind } }, "a", "b");
    const weighted = members.map((member, index) => ({ ...member, weight: index === 0 ? 100 : 300 }));
    const { a = 0 } = tally(new InstancePool(service, weighted, undefined, evenChances()), 4000);
    expect(Math.abs(a - 1000)).toBeLessThan(40);
  });

  it("by least requests evens out what is in flight", () => {
    const [service, members] = serviceOf({ balancing: { kind: "least-requests" } }, "a", "b", "c", "d");
    const pool = new InstancePool(service, members, undefined, evenChances());
    for (let n = 0; n < 400; n += 1) {
      const picked = pool.pick(0, null, []);
      if (picked !== null) picked.state.inFlight += 1;
    }
    for (const { state } of members) expect(Math.abs(state.inFlight - 100)).toBeLessThan(6);
  });

  it.each(["round-robin", "least-requests", "random"] as const)("by %s passes over those that were tried", (kind) => {
    const [service, members] = serviceOf({ balancing: { kind } }, "a", "b", "c");
    const pool = new InstancePool(service, members, undefined, evenChances());
    const [a, b, c] = members;
    if (a === undefined || b === undefined || c === undefined) throw new Error("three were made");
    for (let n = 0; n < 20; n += 1) expect(idOf(pool.pick(0, null, [a, b]))).toBe("c");
    expect([pool.hasAnother(0, [a, b]), pool.hasAnother(0, [a, b, c])]).toEqual([true, false]);
    expect(["a", "b", "c"]).toContain(idOf(pool.pick(0, null, [a, b, c])));
  });

  it("by hash goes on to the next on the ring when one was tried", () => {
    const balancing = { kind: "hash", by: { kind: "address" } } as const;
    const [service, members] = serviceOf({ balancing }, "a", "b", "c");
    const pool = new InstancePool(service, members);
    const first = pool.pick(0, "key", []);
    if (first === null) throw new Error("somebody is there");
    const second = pool.pick(0, "key", [first]);
    expect(second).not.toBe(first);
    expect(pool.pick(0, "key", [first])).toBe(second);
    expect(pool.pick(0, "key", [])).toBe(first);
  });

  it("by hash keeps a key on its side while some requests spill over to other places", () => {
    const balancing = { kind: "hash", by: { kind: "address" } } as const;
    const [service, members] = serviceOf({ balancing, outlier: { consecutiveFailures: 1 } }, "a", "b", "c", "d");
    const placed = members.map((member, index) => ({ ...member, local: index < 2 }));
    const pool = new InstancePool(service, placed);
    const keys = (n: number): string => `key-${n}`;
    expect(Object.keys(tally(pool, 500, keys)).sort()).toEqual(["a", "b"]);
    members[1]?.state.called("failure", 0);
    const before = Array.from({ length: 1000 }, (_, n) => idOf(pool.pick(0, keys(n), [])));
    expect(Array.from({ length: 1000 }, (_, n) => idOf(pool.pick(0, keys(n), [])))).toEqual(before);
    expect(Math.abs(before.filter((id) => id === "a").length - 700)).toBeLessThan(60);
    expect(new Set(before)).toEqual(new Set(["a", "c", "d"]));
  });

  it("has nobody to pick when it is empty, or all are out and there is no panic", () => {
    const [service, members] = serviceOf({ panicPercent: 0, outlier: { consecutiveFailures: 1 } }, "a", "b");
    expect(new InstancePool(service, []).pick(0, null, [])).toBeNull();
    const [a] = members;
    a?.state.called("timeout", 0);
    const alone = new InstancePool(service, members.slice(0, 1));
    expect(alone.pick(1, null, [])).toBeNull();
    expect(idOf(alone.pick(30_000, null, []))).toBe("a");
  });
});

describe("what is known of instances", () => {
  const states = (): ServiceStates => new ServiceStates();
  const cart = (...instances: Instance[]) => ({ set: [{ name: "cart", instances, unreadable: [] }], removed: [] });

  it("outlives readings of the registry, and starts afresh at another address", () => {
    const known = states();
    known.follow(cart(registered("a")), 1, 5);
    const first = known.get("cart")?.of(registered("a"));
    known.follow(cart(registered("a"), registered("b")), 2, 9);
    expect(known.get("cart")?.of(registered("a"))).toBe(first);
    known.follow(cart(registered("a", 81)), 3, 10);
    expect(known.get("cart")?.of(registered("a", 81))).not.toBe(first);
    known.follow({ set: [], removed: ["cart"] }, 4, 11);
    expect(known.get("cart")).toBeUndefined();
  });

  it("says when an instance is taken out, and until when", () => {
    const ejected: InstanceNews[] = [];
    const known = new ServiceStates((event) => ejected.push(event));
    known.follow(cart(registered("a"), registered("b")), 1, 0);
    for (let n = 0; n < 7; n += 1) known.get("cart")?.of(registered("a"))?.called("unreachable", 100);
    expect(ejected).toMatchObject([{ turn: "ejected", atMs: 100, cause: "5 failures in a row" }]);
    expect(ejected.map(({ service, instance }) => [service.name, instance.id, instance.outlier.untilMs])).toEqual([
      ["cart", "a", 30_100],
    ]);
  });

  it("takes nothing for new that the first reading had, however often it was looked before", () => {
    const known = states();
    known.follow({ set: [], removed: [] }, 0, 1);
    known.follow(cart(registered("a")), 1, 5);
    known.follow(cart(registered("a"), registered("b")), 2, 9);
    const since = ["a", "b"].map((id) => known.get("cart")?.of(registered(id))?.sinceMs);
    expect(since).toEqual([Number.NEGATIVE_INFINITY, 9]);
  });
});
