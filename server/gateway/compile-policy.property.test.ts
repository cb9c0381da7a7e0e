import { testInstance, testRegistry } from "#domain/test-instance.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BreakerPolicySpec, breakerTargetId, DEFAULT_BREAKER_SETTINGS } from "#domain/breaker-policy.ts";
import type { RegistryPicture } from "#domain/instance.ts";
import { overrideId, type OverrideSpec } from "#domain/override.ts";
import { PersistentMap } from "#domain/persistent-map.ts";
import { policyKey } from "#domain/policy.ts";
import { parsePolicyValue, type PolicyValue } from "#domain/policy-value.ts";
import { decide } from "#domain/route-match.ts";
import { ServicePolicySpec } from "#domain/service-policy.ts";
import { changeSnapshot, SnapshotDraft } from "#domain/snapshot-change.ts";
import { EMPTY_SNAPSHOT, type PolicySnapshot } from "#domain/snapshot.ts";
import { SomeDraft, SomeRequest, testRequest, testRoute } from "#domain/test-route.ts";
import { compileMesh } from "./compile-mesh.ts";
import { PolicyCompiler } from "./compile-policy.ts";
import type { Mesh, MeshCommand, MeshFallback } from "./mesh.ts";
import { RuntimeState } from "./runtime-state.ts";

const Service = fc.constantFrom("ant", "ant", "bee", "bee", "cat");
const RouteName = fc.constantFrom("r0", "r1", "r2");
const Target = fc.oneof(
  fc.record({ kind: fc.constant("service" as const), service: Service }),
  fc.record({ kind: fc.constant("command" as const), routeId: RouteName, service: Service }),
);
const InstanceTarget = fc.record({
  kind: fc.constant("instance" as const),
  service: Service,
  instance: fc.constantFrom("1", "2"),
});
const Labelled = fc.constantFrom<Record<string, string>>({}, {}, { v: "1" });
const Destinations = fc.uniqueArray(fc.record({ service: Service, labels: Labelled, weight: fc.nat(3) }), {
  minLength: 1,
  maxLength: 3,
  selector: ({ service, labels }) => `${service} ${JSON.stringify(labels)}`,
});

type Edit = { readonly set: PolicyValue } | { readonly remove: readonly [kind: PolicyValue["kind"], id: string] };

const set = (kind: PolicyValue["kind"], id: string, spec: unknown): Edit => {
  const parsed = parsePolicyValue(kind, id, { revision: 1 }, spec);
  return parsed.ok ? { set: parsed.value } : { remove: [kind, id] };
};

const RouteEdit = fc
  .tuple(RouteName, SomeDraft, Destinations, fc.boolean(), fc.option(Service), fc.boolean())
  .map(([id, draft, to, limited, mirrored, gone]): Edit => {
    if (gone) return { remove: ["routes", id] };
    const destinations = to.map((destination) => ({ ...destination, weight: destination.weight + 1 }));
    const mirror = mirrored === null ? null : { service: mirrored, percent: 5 };
    const rateLimits = limited ? [{ requests: 5, perMs: 1000, burst: 5 }] : [];
    return set("routes", id, testRoute(id, { ...draft, destinations, mirror, rateLimits }).spec);
  });
const BreakerEdit = fc
  .tuple(Target, fc.constantFrom(500, 700), fc.array(Service, { maxLength: 2 }), fc.boolean(), fc.boolean())
  .map(([target, timeoutMs, backups, lastGood, gone]): Edit => {
    const id = breakerTargetId(target);
    if (gone) return { remove: ["breakers", id] };
    const fallbacks = [
      ...backups.map((service) => ({ kind: "service", service })),
      ...(lastGood ? [{ kind: "last-good" }] : []),
    ];
    const parsed = BreakerPolicySpec.safeParse({ target, settings: { timeoutMs }, fallbacks });
    return parsed.success ? set("breakers", id, parsed.data) : { remove: ["breakers", id] };
  });
const OverrideEdit = fc
  .tuple(fc.oneof(Target, InstanceTarget), fc.constantFrom("", "gw", "other"), fc.boolean(), fc.boolean())
  .map(([target, gatewayId, open, gone]): Edit => {
    const scope: OverrideSpec["scope"] = gatewayId === "" ? { kind: "fleet" } : { kind: "gateway", gatewayId };
    const id = overrideId(target, scope);
    if (gone) return { remove: ["overrides", id] };
    const mode = open ? "forced-open" : "forced-closed";
    return set("overrides", id, { target, scope, mode, reason: "x", actor: "x", createdAtMs: 0, expiresAtMs: null });
  });
const ServiceEdit = fc
  .tuple(Service, fc.constantFrom("auto", "on"), fc.nat(2), fc.boolean())
  .map(([service, mode, weight, gone]): Edit => {
    if (gone) return { remove: ["services", service] };
    const instances = weight === 0 ? {} : { "1": { weight: weight * 50 }, "2": { drained: weight === 1 } };
    return set("services", service, ServicePolicySpec.parse({ service, tls: { mode }, instances }));
  });
/** What becomes of a service's instances: how many there are, which one is otherwise, and how. */
const Registering = fc.array(
  fc.record({
    service: fc.constantFrom("ant", "bee", "cat", "dog"),
    instances: fc.array(
      fc.record({
        id: fc.constantFrom("1", "2", "3"),
        port: fc.constantFrom(8000, 8001),
        v: fc.constantFrom("1", "2"),
        serving: fc.boolean(),
        presence: fc.constantFrom("present" as const, "leaving" as const, "unconfirmed" as const),
        protocol: fc.constantFrom("http", "http", "dubbo"),
      }),
      { maxLength: 3 },
    ),
  }),
  { maxLength: 2 },
);
type Registering = typeof Registering extends fc.Arbitrary<infer Value> ? Value : never;
const Step = fc.oneof(
  { weight: 5, arbitrary: fc.array(fc.oneof(RouteEdit, BreakerEdit, OverrideEdit, ServiceEdit), { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.nat(2) },
  { weight: 4, arbitrary: Registering.map((services) => ({ services })) },
);

function edited(before: PolicySnapshot, edits: readonly Edit[]): PolicySnapshot {
  const draft = new SnapshotDraft();
  // One edit of an object a step, as published.
  const latest = new Map(
    edits.map((edit) => [
      "set" in edit ? policyKey(edit.set.kind, edit.set.published.id) : edit.remove.join("/"),
      edit,
    ]),
  );
  for (const edit of latest.values()) {
    if ("set" in edit) draft.set(edit.set);
    else draft.remove(...edit.remove);
  }
  return changeSnapshot(before, draft.change({ incarnation: "x", revision: before.revision + 1, root: "" }));
}

function picture(present: number): RegistryPicture {
  const services = ["ant", "bee", "cat"].slice(present).map((service, at) => ({
    name: service,
    unreadable: [],
    instances: ["1", "2"].map((id) =>
      testInstance({ service, id, port: 8000 + at, metadata: { v: id }, serving: present !== 1 || id === "1" }),
    ),
  }));
  return testRegistry(services);
}

/** Services that nothing is said of stay the same objects; one without instances is gone. */
function registered(before: RegistryPicture, changes: Registering): RegistryPicture {
  const services = new Map(before.services.map((service) => [service.name, service]));
  for (const { service, instances } of changes) {
    const byId = new Map(
      instances.map(({ v, ...instance }) => [instance.id, testInstance({ service, metadata: { v }, ...instance })]),
    );
    if (byId.size === 0) services.delete(service);
    else services.set(service, { name: service, unreadable: [], instances: [...byId.values()] });
  }
  const sorted = [...services.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return testRegistry(sorted, { readAtMs: before.readAtMs + 1 });
}

const newState = (): RuntimeState =>
  new RuntimeState(
    { nowMs: () => 0, monotonicMs: () => 0 },
    new Map(),
    () => undefined,
    () => undefined,
  );

/** What requests can tell of a mesh, without the state it carries on with. */
function told(mesh: Mesh, state: RuntimeState): unknown {
  const { policy } = mesh;
  const command = ({ command: { key }, settings, group, overrides, fallbacks, lastGood }: MeshCommand): unknown => ({
    key,
    settings,
    group,
    overrides,
    fallbacks: fallbacks.map(fallback),
    lastGood: lastGood === null ? null : [lastGood.maxAgeMs, lastGood.replies === state.replies(key)],
  });
  const fallback = (to: MeshFallback): unknown =>
    to.kind === "service" ? { ...to.target, guard: command(to.target.guard) } : to.kind;
  const sorted = <Value>(map: ReadonlyMap<string, Value>, show: (value: Value) => unknown): unknown =>
    Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, show(value)]));
  return {
    routes: sorted(policy.routes, ({ id, spec, destinations, rateLimits, mirror }) => ({
      id,
      spec,
      destinations: destinations.map(({ weight, target }) => ({ weight, ...target, guard: command(target.guard) })),
      limited: rateLimits !== null,
      mirror,
    })),
    commands: sorted(policy.commands, command),
    known: [...state.commands].map(({ key }) => key).sort(),
    breakers: [...state.commands].map(({ key, breaker }) => `${key} ${breaker.settings.timeoutMs}`).sort(),
    pools: sorted(policy.pools, (subset) => subset),
    poolsOf: sorted(policy.poolsOf, (keys) => [...keys].sort()),
    held: sorted(policy.held, (held) => ["1", "2"].map((id) => held.modeOf(id))),
    instances: sorted(mesh.instances, (instances) => instances),
    members: sorted(mesh.pools, ({ members }) =>
      members.map(({ instance, weight, state: { id } }) => [instance, weight, id]),
    ),
    services: [...state.services]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, policy: { tls }, held, instances }) => [
        name,
        tls,
        held !== null,
        [...instances].map(({ id }) => id),
      ]),
    serving: sorted(mesh.services, (instances) => instances),
  };
}

describe("policy compiled from the one before", () => {
  it("serves like the same compiled from nothing, after any edits and changes of the registry", () => {
    fc.assert(
      fc.property(
        fc.array(Step, { minLength: 1, maxLength: 14, size: "max" }),
        fc.array(SomeRequest, { maxLength: 4 }),
        (steps, asked) => {
          const state = newState();
          const compiler = new PolicyCompiler("gw", state);
          const requests = asked.map(testRequest);
          let [snapshot, registry] = [EMPTY_SNAPSHOT, picture(0)];
          let mesh = compileMesh(compiler.compile(snapshot), registry, state, "", null);
          for (const step of steps) {
            const before = mesh;
            const winners = requests.map((request) => decide(before.policy.matcher, request));
            if (typeof step === "number") registry = picture(step);
            else if ("services" in step) registry = registered(registry, step.services);
            else snapshot = edited(snapshot, step);
            const policy = mesh.policy.source === snapshot ? mesh.policy : compiler.compile(snapshot);
            mesh = compileMesh(policy, registry, state, "", mesh);
            const other = newState();
            const anew = compileMesh(new PolicyCompiler("gw", other).compile(snapshot), registry, other, "", null);
            expect(told(mesh, state)).toEqual(told(anew, other));
            for (const request of requests)
              expect(decide(mesh.policy.matcher, request)?.route.id).toBe(
                decide(anew.policy.matcher, request)?.route.id,
              );
            expect(requests.map((request) => decide(before.policy.matcher, request))).toEqual(winners);
            expect([...before.policy.routes.keys()].sort()).toEqual([...before.policy.source.routes.keys()].sort());
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("has the very same objects for all that an edit does not concern", () => {
    const state = newState();
    const compiler = new PolicyCompiler("gw", state);
    const route = (id: string, service: string): Edit =>
      set("routes", id, testRoute(id, { destinations: [{ service, weight: 1 }] }).spec);
    const first = edited(EMPTY_SNAPSHOT, [route("r0", "ant"), route("r1", "bee"), route("r2", "bee")]);
    const before = compileMesh(compiler.compile(first), picture(0), state, "", null);
    const breaker = set("breakers", "service:ant", {
      target: { kind: "service", service: "ant" },
      settings: { ...DEFAULT_BREAKER_SETTINGS, timeoutMs: 77 },
      fallbacks: [],
    });
    const after = compileMesh(compiler.compile(edited(first, [breaker])), before.registry, state, "", before);
    expect(after.policy.routes.get("r0")?.destinations[0]?.target.guard.settings.timeoutMs).toBe(77);
    for (const id of ["r1", "r2"]) expect(after.policy.routes.get(id)).toBe(before.policy.routes.get(id));
    expect(after.policy.commands.get("r1->bee")).toBe(before.policy.commands.get("r1->bee"));
    expect(after.policy.pools).toBe(before.policy.pools);
    expect([after.pools, after.instances]).toEqual([before.pools, before.instances]);
    expect(after.policy.matcher.index).toBe(before.policy.matcher.index);
    expect(PersistentMap.from(after.policy.routes).changeFrom(PersistentMap.from(before.policy.routes))).toMatchObject({
      set: [["r0", { id: "r0" }]],
      removed: [],
    });
  });

  it("has the very same pools for services without news, when instances come and go", () => {
    const state = newState();
    const compiler = new PolicyCompiler("gw", state);
    const route = (id: string, service: string): Edit =>
      set("routes", id, testRoute(id, { destinations: [{ service, weight: 1 }] }).spec);
    const policy = compiler.compile(edited(EMPTY_SNAPSHOT, [route("r0", "ant"), route("r1", "bee")]));
    const before = compileMesh(policy, picture(0), state, "", null);
    const instances: Registering[0]["instances"] = (["1", "2", "3"] as const).map((id) => ({
      id,
      port: 8000,
      v: "1",
      serving: true,
      presence: "present",
      protocol: "http",
    }));
    const come = registered(before.registry, [{ service: "ant", instances }]);
    const after = compileMesh(policy, come, state, "", before);
    expect(after.pools.get("ant|")?.members.map(({ state: { id } }) => id)).toEqual(["1", "2", "3"]);
    expect(PersistentMap.from(after.pools).changeFrom(PersistentMap.from(before.pools)).set).toHaveLength(1);
    expect(PersistentMap.from(after.instances).changeFrom(PersistentMap.from(before.instances)).set).toHaveLength(1);
    expect(after.policy).toBe(before.policy);
    const gone = compileMesh(policy, registered(come, [{ service: "ant", instances: [] }]), state, "", after);
    expect([gone.pools.has("ant|"), gone.instances.get("ant|"), gone.pools.get("bee|")]).toEqual([
      false,
      [],
      before.pools.get("bee|"),
    ]);
  });

  it("begins from nothing after one that could not be compiled", () => {
    const state = newState();
    const compiler = new PolicyCompiler("gw", state);
    const route = (id: string): Edit =>
      set("routes", id, testRoute(id, { destinations: [{ service: "ant", weight: 1 }] }).spec);
    const first = edited(EMPTY_SNAPSHOT, [route("r0"), route("r1")]);
    compiler.compile(first);
    const second = edited(first, [{ remove: ["routes", "r0"] }, route("r2")]);
    const broken: PolicySnapshot = {
      ...second,
      get breakers(): PolicySnapshot["breakers"] {
        throw new Error("it breaks");
      },
    };
    expect(() => compiler.compile(broken)).toThrow("it breaks");
    expect([...compiler.compile(second).routes.keys()].sort()).toEqual(["r1", "r2"]);
    expect([...state.commands].map(({ key }) => key).sort()).toEqual(["r1->ant", "r2->ant"]);
  });
});
