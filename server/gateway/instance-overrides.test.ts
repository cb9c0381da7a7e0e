import { request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { overrideId, type OverrideMode, type OverrideSpec } from "#domain/override.ts";
import { ServicePolicySpec, type ServicePolicyDraft } from "#domain/service-policy.ts";
import { testInstance } from "#domain/test-instance.ts";
import { HeldInstances } from "./held-instances.ts";
import { takeStandings } from "./instance-standings.ts";
import { ServiceState } from "./instance-state.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

const EPOCH_MS = 1_700_000_000_000;
/** Turned by hand, each on its own: the wall clock may be set. */
let monotonicMs: number;
let wallMs: number;
const clock = { nowMs: () => wallMs, monotonicMs: () => monotonicMs };
function pass(ms: number): void {
  monotonicMs += ms;
  wallMs += ms;
}

let mesh: TestMesh;
/** Instances that answer 500. */
let failing: Set<string>;

beforeEach(async () => {
  monotonicMs = 1000;
  wallMs = EPOCH_MS;
  failing = new Set();
  mesh = await TestMesh.start({ clock, drainMs: 0 });
});
afterEach(() => mesh.stop());

async function serveAll(...ids: string[]): Promise<void> {
  for (const id of ids)
    await mesh.serve(
      "cart",
      (_incoming, response) => {
        response.statusCode = failing.has(id) ? 500 : 200;
        response.end(id);
      },
      { id },
    );
  mesh.route("cart", { destinations: [{ service: "cart", weight: 1 }] });
}

const policy = (draft: Omit<ServicePolicyDraft, "service">): void => mesh.servicePolicy({ service: "cart", ...draft });
const of = (instance: string) => ({ kind: "instance", service: "cart", instance }) as const;
const force = (instance: string, mode: OverrideMode, more: Partial<OverrideSpec> = {}): (() => void) =>
  mesh.force({ target: of(instance), mode, ...more });

async function get(headers: Record<string, string> = {}): Promise<string> {
  return (await request(mesh.edge, { headers })).body.text();
}

async function seen(count = 8, headers?: (n: number) => Record<string, string>): Promise<Record<string, number>> {
  const tally: Record<string, number> = {};
  for (let n = 0; n < count; n += 1) {
    const id = await get(headers?.(n));
    tally[id] = (tally[id] ?? 0) + 1;
  }
  return tally;
}

describe("an instance forced out", () => {
  it("gets no new requests, whatever the way of balancing, and its share again when the override is lifted", async () => {
    await serveAll("a", "b", "c");
    for (const balancing of [
      { kind: "round-robin" },
      { kind: "least-requests" },
      { kind: "random" },
      { kind: "hash", by: { kind: "header", name: "x-user" } },
    ] satisfies ServicePolicyDraft["balancing"][]) {
      policy({ balancing });
      const lift = force("b", "forced-open");
      expect(await seen(24, (n) => ({ "x-user": `user-${n}` }))).not.toHaveProperty("b");
      lift();
      expect(await seen(60, (n) => ({ "x-user": `user-${n}` }))).toHaveProperty("b");
    }
  });

  it("keeps a hashed key where it was, unless it was there", async () => {
    await serveAll("a", "b", "c");
    policy({ balancing: { kind: "hash", by: { kind: "header", name: "x-user" } } });
    const users = Array.from({ length: 30 }, (_, n) => ({ "x-user": `user-${n}` }));
    const before: string[] = [];
    for (const user of users) before.push(await get(user));
    const lift = force("b", "forced-open");
    const meanwhile: string[] = [];
    for (const user of users) meanwhile.push(await get(user));
    expect(meanwhile.filter((_, n) => before[n] !== "b")).toEqual(before.filter((id) => id !== "b"));
    lift();
    for (const [n, user] of users.entries()) expect(await get(user)).toBe(before[n]);
  });

  it("does not come back by the panic threshold, which counts the others only", async () => {
    await serveAll("a", "b", "c");
    policy({ panicPercent: 100, outlier: { consecutiveFailures: 1, maxPercent: 100 } });
    force("a", "forced-open");
    failing.add("b");
    await seen(2);
    failing.clear();
    expect((await mesh.instances())["b"]?.ejectedUntilMs).not.toBeNull();
    expect(await seen()).toEqual({ b: 4, c: 4 });
  });

  it("leaves 503 that says why when nobody else is there", async () => {
    await serveAll("a");
    force("a", "forced-open");
    expect(JSON.parse(await get())).toMatchObject({
      code: "NO_HEALTHY_INSTANCE",
      detail: "cart: people took all its instances out",
    });
  });

  it("does not count as one that could take over from the last that is left", async () => {
    await serveAll("a", "b");
    policy({ outlier: { consecutiveFailures: 1, maxPercent: 100 } });
    force("a", "forced-open");
    failing.add("b");
    await seen(4);
    expect((await mesh.instances())["b"]).toMatchObject({ ejections: 0, ejectedUntilMs: null });
  });
});

describe("an instance kept in", () => {
  it("goes on getting requests while it is ejected underneath, and is out when the override ends", async () => {
    await serveAll("a", "b");
    policy({ outlier: { consecutiveFailures: 2, baseMs: 60_000, maxMs: 60_000 } });
    const lift = force("a", "forced-closed");
    failing.add("a");
    expect(await seen()).toEqual({ a: 4, b: 4 });
    expect((await mesh.instances())["a"]).toMatchObject({ ejections: 1 });
    lift();
    expect(await seen()).toEqual({ b: 8 });
    pass(60_000);
    failing.clear();
    expect(await seen()).toEqual({ a: 4, b: 4 });
  });

  it("is not brought in where the service's policy drains it: that is a person's word too", async () => {
    await serveAll("a", "b");
    policy({ instances: { a: { drained: true } } });
    force("a", "forced-closed");
    expect(await seen()).toEqual({ b: 8 });
  });
});

describe("the end of an instance's override", () => {
  it("is exact, on this gateway's own wall clock, with nobody publishing anything", async () => {
    await serveAll("a", "b");
    force("a", "forced-open", { expiresAtMs: EPOCH_MS + 20_000 });
    pass(19_999);
    expect(await seen()).toEqual({ b: 8 });
    pass(1);
    expect(await seen()).toEqual({ a: 4, b: 4 });
  });

  it("follows the wall clock when that is set, forward and back", async () => {
    await serveAll("a", "b");
    force("a", "forced-open", { expiresAtMs: EPOCH_MS + 20_000 });
    expect(await seen()).toEqual({ b: 8 });
    wallMs += 20_000;
    expect(await seen()).toEqual({ a: 4, b: 4 });
    wallMs -= 10_000;
    expect(await seen()).toEqual({ b: 8 });
  });

  it("hands over to the one underneath: this gateway's before the fleet's", async () => {
    await serveAll("a", "b");
    const here = { kind: "gateway", gatewayId: "gw-test" } as const;
    force("a", "forced-open");
    force("a", "forced-closed", { scope: here, expiresAtMs: EPOCH_MS + 5000 });
    force("b", "forced-open", { scope: { kind: "gateway", gatewayId: "elsewhere" } });
    expect(await seen()).toEqual({ a: 4, b: 4 });
    pass(5000);
    expect(await seen()).toEqual({ b: 8 });
  });
});

describe("standings", () => {
  function stateOf(count: number): ServiceState {
    const service = new ServiceState("cart");
    service.follow(
      Array.from({ length: count }, (_, n) => testInstance({ service: "cart", id: `i${n}` })),
      0,
    );
    const outlier = { consecutiveFailures: 1, maxPercent: 100, baseMs: 1000, maxMs: 1000 };
    service.configure(ServicePolicySpec.parse({ service: "cart", outlier }), 0);
    return service;
  }

  function hold(service: ServiceState, id: string, expiresAtMs: number | null): void {
    const scope = { kind: "fleet" } as const;
    const spec: OverrideSpec = {
      target: of(id),
      mode: "forced-open",
      reason: "test",
      actor: "Ada",
      scope,
      createdAtMs: EPOCH_MS,
      expiresAtMs,
    };
    const bound = [{ id: overrideId(spec.target, scope), spec }];
    service.hold(new HeldInstances(new Map([[id, bound]]), "gw-test", clock.nowMs));
  }

  it("tell of those held, unhealthy or ever ejected, with the end of each on the wall clock, and of nobody else", () => {
    const service = stateOf(4);
    hold(service, "i0", EPOCH_MS + 500);
    service.of(testInstance({ service: "cart", id: "i1" }))?.called("failure", monotonicMs);
    expect(takeStandings([service], 2, clock)).toMatchObject([
      { instance: "i0", worker: 2, override: { id: "instance:cart:i0@fleet", actor: "Ada" }, ejectedUntilMs: null },
      { instance: "i1", override: null, ejections: 1, ejectedUntilMs: EPOCH_MS + 1000 },
    ]);
    pass(1000);
    expect(takeStandings([service], null, clock)).toMatchObject([
      { instance: "i1", ejections: 1, ejectedUntilMs: null, health: "unknown" },
    ]);
  });

  it("are at most 500, the worst of them", () => {
    const service = stateOf(700);
    for (let n = 0; n < 650; n += 1)
      service.of(testInstance({ service: "cart", id: `i${n}` }))?.called("failure", monotonicMs);
    pass(1000);
    service.of(testInstance({ service: "cart", id: "i660" }))?.called("failure", monotonicMs);
    hold(service, "i699", null);
    const standings = takeStandings([service], null, clock);
    expect(standings).toHaveLength(500);
    expect(standings.slice(0, 2).map((standing) => standing.instance)).toEqual(["i699", "i660"]);
  });
});
