import {
  authorityOf,
  EMPTY_REGISTRY,
  isCallable,
  type Instance,
  type RegistryPicture,
  type RegistryService,
} from "#domain/instance.ts";
import { mapChange, PersistentMap } from "#domain/persistent-map.ts";
import { settingInForce } from "#domain/service-policy.ts";
import { hasLabels } from "#domain/service.ts";
import type { HeldInstances } from "./held-instances.ts";
import type { InstancePool } from "./instance-pool.ts";
import type { ServiceState } from "./instance-state.ts";
import type { CompiledPolicy, Mesh, MeshInstance, PoolMember, Subset } from "./mesh.ts";
import { registryNews } from "./registry-news.ts";
import type { RuntimeState } from "./runtime-state.ts";

/**
 * Puts policy and registry together, and brings what is known of instances in line with them. `zone` is where the gateway
 * is; empty when nobody said. `previous` is the mesh made last by the same state: it costs what changed since.
 */
export function compileMesh(
  policy: CompiledPolicy,
  registry: RegistryPicture,
  state: RuntimeState,
  zone: string,
  previous: Mesh | null,
): Mesh {
  return new MeshBuild(policy, registry, state, zone, previous).mesh();
}

/** A gateway that has heard of nothing. */
const BEFORE_ANYTHING = {
  registry: EMPTY_REGISTRY,
  services: PersistentMap.empty<readonly Instance[]>(),
  instances: PersistentMap.empty<readonly MeshInstance[]>(),
  policy: {
    source: { services: PersistentMap.empty<never>() },
    pools: PersistentMap.empty<Subset>(),
    held: PersistentMap.empty<HeldInstances>(),
  },
};

class MeshBuild {
  readonly #policy: CompiledPolicy;
  readonly #registry: RegistryPicture;
  readonly #state: RuntimeState;
  readonly #zone: string;
  readonly #before: Mesh | typeof BEFORE_ANYTHING;
  readonly #services: PersistentMap<readonly Instance[]>;
  readonly #instances: [string, readonly MeshInstance[]][] = [];
  readonly #pools: [string, InstancePool][] = [];
  /** Keys of pools whose service is not registered any more. */
  readonly #without: string[] = [];

  constructor(
    policy: CompiledPolicy,
    registry: RegistryPicture,
    state: RuntimeState,
    zone: string,
    previous: Mesh | null,
  ) {
    this.#policy = policy;
    this.#registry = registry;
    this.#state = state;
    this.#zone = zone;
    this.#before = previous ?? BEFORE_ANYTHING;
    const news = registryNews(this.#before.registry.services, registry.services);
    if (previous?.registry !== registry) state.follow(news, registry.readAtMs);
    this.#services = PersistentMap.from(this.#before.services).changed({
      set: news.set.map((service) => [service.name, servingOf(service)]),
      removed: news.removed,
    });
    this.#follow([...news.set.map(({ name }) => name), ...news.removed]);
  }

  mesh(): Mesh {
    const { removed } = mapChange(this.#before.policy.pools, this.#policy.pools);
    return {
      policy: this.#policy,
      registry: this.#registry,
      services: this.#services,
      instances: PersistentMap.from(this.#before.instances).changed({ set: this.#instances, removed }),
      pools: this.#state.keepPools(this.#pools, [...removed, ...this.#without]),
      revision: String(this.#policy.source.revision),
    };
  }

  /** Makes the pools of services anew that register otherwise, or of which policy says something else. */
  #follow(registeredOtherwise: readonly string[]): void {
    const { policy: before } = this.#before;
    const settings = changedKeys(before.source.services, this.#policy.source.services);
    for (const service of new Set([
      ...registeredOtherwise,
      ...settings,
      ...changedKeys(before.held, this.#policy.held),
    ]))
      this.#state.followPolicy(service, this.#policy);
    const changed = new Map(mapChange(before.pools, this.#policy.pools).set);
    // Settings of a service's instances are in its policy, and how connections are made to them.
    for (const service of new Set([...registeredOtherwise, ...settings])) {
      for (const key of this.#policy.poolsOf.get(service) ?? []) {
        const subset = this.#policy.pools.get(key);
        if (subset !== undefined) changed.set(key, subset);
      }
    }
    for (const [key, subset] of changed) this.#pool(key, subset);
  }

  #pool(key: string, { service, labels }: Subset): void {
    const all = this.#services.get(service) ?? [];
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
    if (known === undefined) this.#without.push(key);
    else this.#pools.push([key, this.#state.pool(key, known, members(known, serving, callables, this.#zone))]);
  }
}

/** Those that serve, and can be called. */
function servingOf({ instances }: RegistryService): readonly Instance[] {
  return instances.filter((instance) => instance.serving && isCallable(instance));
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
