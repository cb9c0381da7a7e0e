import { authorityOf, isCallable, type Instance, type RegistryPicture } from "#domain/instance.ts";
import { mapChange, PersistentMap } from "#domain/persistent-map.ts";
import { settingInForce } from "#domain/service-policy.ts";
import { hasLabels } from "#domain/service.ts";
import type { InstancePool } from "./instance-pool.ts";
import type { ServiceState } from "./instance-state.ts";
import type { CompiledPolicy, Mesh, MeshInstance, PoolMember, Subset } from "./mesh.ts";
import type { RuntimeState } from "./runtime-state.ts";

/**
 * Puts policy and registry together, and brings what is known of instances in line with them. `zone` is where the gateway
 * is; empty when nobody said. `previous` is the mesh made last: where the registry is the same, it costs what changed in policy.
 */
export function compileMesh(
  policy: CompiledPolicy,
  registry: RegistryPicture,
  state: RuntimeState,
  zone: string,
  previous: Mesh | null,
): Mesh {
  const build = new MeshBuild(policy, registry, state, zone);
  return previous?.registry === registry ? build.after(previous) : build.fromNothing();
}

class MeshBuild {
  readonly #policy: CompiledPolicy;
  readonly #registry: RegistryPicture;
  readonly #state: RuntimeState;
  readonly #zone: string;
  readonly #instances: [string, readonly MeshInstance[]][] = [];
  readonly #pools: [string, InstancePool][] = [];

  constructor(policy: CompiledPolicy, registry: RegistryPicture, state: RuntimeState, zone: string) {
    this.#policy = policy;
    this.#registry = registry;
    this.#state = state;
    this.#zone = zone;
  }

  fromNothing(): Mesh {
    this.#state.follow(this.#registry, this.#policy);
    for (const [key, subset] of this.#policy.pools) this.#pool(key, subset);
    return this.#mesh(PersistentMap.from(this.#instances), this.#state.keepPools(this.#pools, "all"));
  }

  after(previous: Mesh): Mesh {
    const changed = changedKeys(previous.policy.source.services, this.#policy.source.services);
    for (const service of [...changed, ...changedKeys(previous.policy.held, this.#policy.held)])
      this.#state.followPolicy(service, this.#policy);
    const { set, removed } = mapChange(previous.policy.pools, this.#policy.pools);
    for (const [key, subset] of set) this.#pool(key, subset);
    // Settings of a service's instances are in its policy, and how connections are made to them.
    for (const key of [...changed].flatMap((service) => [...(this.#policy.poolsOf.get(service) ?? [])])) {
      const subset = this.#policy.pools.get(key);
      if (subset !== undefined) this.#pool(key, subset);
    }
    return this.#mesh(
      PersistentMap.from(previous.instances).changed({ set: this.#instances, removed }),
      this.#state.keepPools(this.#pools, removed),
    );
  }

  #mesh(instances: Mesh["instances"], pools: Mesh["pools"]): Mesh {
    return {
      policy: this.#policy,
      registry: this.#registry,
      instances,
      pools,
      revision: String(this.#policy.source.revision),
    };
  }

  #pool(key: string, { service, labels }: Subset): void {
    const all = servingOf(this.#registry).get(service) ?? [];
    const serving = all.filter((instance) => hasLabels(instance.metadata, labels));
    const tls = this.#policy.source.services.get(service)?.spec.tls;
    const mode = tls?.mode ?? "auto";
    // Connections are kept by how they were made: one without verification is not for a policy that asks for it.
    const how = tls === undefined ? "" : JSON.stringify([tls.serverName, tls.verify]);
    const callables = serving.map((instance) =>
      callable(instance, mode === "auto" ? instance.tls : mode === "on", how),
    );
    this.#instances.push([key, callables]);
    const known = this.#state.services.get(service);
    if (known !== undefined)
      this.#pools.push([key, this.#state.pool(key, known, members(known, serving, callables, this.#zone))]);
  }
}

const servingIn = new WeakMap<RegistryPicture, ReadonlyMap<string, readonly Instance[]>>();

/** By service, those that serve; looked for once in a picture, however often policy changes. */
function servingOf(registry: RegistryPicture): ReadonlyMap<string, readonly Instance[]> {
  let known = servingIn.get(registry);
  if (known === undefined) {
    known = new Map(
      registry.services.map(({ name, instances }) => [
        name,
        instances.filter((instance) => instance.serving && isCallable(instance)),
      ]),
    );
    servingIn.set(registry, known);
  }
  return known;
}

function changedKeys<Value>(before: ReadonlyMap<string, Value>, now: ReadonlyMap<string, Value>): Set<string> {
  const { set, removed } = mapChange(before, now);
  return new Set([...set.map(([key]) => key), ...removed]);
}

/**
 * Those that get new requests: neither drained nor without weight. One whose entry has gone gets none while others are
 * there; when it is the last, or more than half are going at once, they go on until they are believed to be gone.
 */
function members(
  service: ServiceState,
  serving: readonly Instance[],
  callables: readonly MeshInstance[],
  zone: string,
): PoolMember[] {
  const { instances: settings, localityLabel } = service.policy;
  const all = serving.flatMap((registered, index) => {
    const state = service.of(registered);
    const instance = callables[index];
    const { weight, drained } = settingInForce(settings, registered);
    if (state === undefined || instance === undefined || drained || weight === 0) return [];
    const local = zone !== "" && localityLabel !== "" && registered.metadata[localityLabel] === zone;
    return [{ member: { instance, state, weight, local }, leaving: registered.presence === "leaving" }];
  });
  const staying = all.filter(({ leaving }) => !leaving);
  return (staying.length * 2 < all.length ? all : staying).map(({ member }) => member);
}

/** `how`: what of the policy its connections are made by, if they are made over TLS. */
function callable(instance: Instance, tls: boolean, how: string): MeshInstance {
  const authority = authorityOf(instance);
  const { id, service, address, port } = instance;
  return { id, service, address, port, tls, origin: tls ? `https://${authority}${how}` : `http://${authority}` };
}
