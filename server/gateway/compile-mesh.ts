import {
  bindingPolicy,
  bindingTargets,
  DEFAULT_BREAKER_SETTINGS,
  type BreakerPolicySpec,
  type Fallback,
} from "#domain/breaker-policy.ts";
import { failureStatusTest, type FailureStatuses } from "#domain/failure-statuses.ts";
import { authorityOf, isCallable, type Instance, type RegistryPicture } from "#domain/instance.ts";
import { overrideRank, overrideTargetId, type OverrideSpec } from "#domain/override.ts";
import type { RouteSpec } from "#domain/route.ts";
import { compileRoutes, recompileRoutes } from "#domain/route-match.ts";
import { settingInForce } from "#domain/service-policy.ts";
import { hasLabels, subsetName, type Labels } from "#domain/service.ts";
import type { PolicySnapshot, Published } from "#domain/snapshot.ts";
import { stableHash } from "#domain/stable-hash.ts";
import type { BoundOverride } from "./bound-override.ts";
import { compileFilters } from "./compile-filters.ts";
import { compileFixed } from "./filters/answer-directly.ts";
import type { HeldInstances } from "./held-instances.ts";
import type { InstancePool } from "./instance-pool.ts";
import type { ServiceState } from "./instance-state.ts";
import type {
  CompiledPolicy,
  Mesh,
  MeshCommand,
  MeshFallback,
  MeshInstance,
  MeshRoute,
  PoolMember,
  RouteDestination,
  Target,
} from "./mesh.ts";
import { compileRetry } from "./retry-rule.ts";
import type { MirrorPlan } from "./route-filters.ts";
import type { RuntimeState } from "./runtime-state.ts";

/**
 * Makes policy ready for requests, and brings the carried-over state in line with it: commands get their settings,
 * what is no longer mentioned is forgotten. Only routes that `previous` does not have are indexed anew.
 */
export function compilePolicy(
  source: PolicySnapshot,
  gatewayId: string,
  state: RuntimeState,
  previous: CompiledPolicy | null,
): CompiledPolicy {
  const build = new PolicyBuild(source, gatewayId, state);
  const routes = new Map([...source.routes.values()].map((route) => [route.id, build.route(route.id, route.spec)]));
  const commands = [...build.commands.values()];
  const keeping = commands.filter(({ lastGood }) => lastGood !== null);
  state.retain(keysOf(commands), new Set(routes.keys()), keysOf(keeping));
  const matcher =
    previous === null ? compileRoutes(source.routes.values()) : recompileRoutes(previous.matcher, source.routes);
  return { source, matcher, routes, commands, pools: build.pools, held: build.held() };
}

/**
 * Puts policy and registry together, and brings what is known of instances in line with them. `zone` is where the gateway
 * is; empty when nobody said.
 */
export function compileMesh(
  policy: CompiledPolicy,
  registry: RegistryPicture,
  state: RuntimeState,
  zone: string,
): Mesh {
  state.follow(registry, policy);
  const services = new Map(
    registry.services.map(({ name, instances: all }) => [
      name,
      all.filter((instance) => instance.serving && isCallable(instance)),
    ]),
  );
  const instances = new Map<string, readonly MeshInstance[]>();
  const pools = new Map<string, InstancePool>();
  for (const [key, { service, labels }] of policy.pools) {
    const serving = (services.get(service) ?? []).filter((instance) => hasLabels(instance.metadata, labels));
    const tls = policy.source.services.get(service)?.spec.tls;
    const mode = tls?.mode ?? "auto";
    // Connections are kept by how they were made: one without verification is not for a policy that asks for it.
    const how = tls === undefined ? "" : JSON.stringify([tls.serverName, tls.verify]);
    const callables = serving.map((instance) =>
      callable(instance, mode === "auto" ? instance.tls : mode === "on", how),
    );
    instances.set(key, callables);
    const known = state.services.get(service);
    if (known !== undefined) pools.set(key, state.pool(key, known, members(known, serving, callables, zone)));
  }
  state.retainPools(pools);
  return { policy, registry, instances, pools, revision: String(policy.source.revision) };
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

class PolicyBuild {
  readonly commands = new Map<string, MeshCommand>();
  readonly pools = new Map<string, { service: string; labels: Labels }>();
  readonly #source: PolicySnapshot;
  readonly #gatewayId: string;
  readonly #state: RuntimeState;
  readonly #overrides = new Map<string, BoundOverride[]>();
  readonly #failureTests = new Map<string, MeshCommand["fails"]>();
  /** By service, by instance. */
  readonly #ofInstances = new Map<string, Map<string, readonly BoundOverride[]>>();

  constructor(source: PolicySnapshot, gatewayId: string, state: RuntimeState) {
    this.#source = source;
    this.#gatewayId = gatewayId;
    this.#state = state;
    for (const override of source.overrides.values()) this.#bind(override);
  }

  held(): ReadonlyMap<string, HeldInstances> {
    return new Map(
      [...this.#ofInstances].map(([service, overrides]) => [service, this.#state.holding(overrides, this.#gatewayId)]),
    );
  }

  route(id: string, spec: RouteSpec): MeshRoute {
    const named = spec.destinations.map(({ service, labels, weight }) => {
      const target = this.#target(this.#guard(id, service, true), service, labels, false);
      return { weight, seed: stableHash(target.pool), target };
    });
    const destinations = merged(named);
    return {
      id,
      spec,
      destinations,
      balancer: this.#state.balancer(id, destinations),
      retry: spec.retry === null ? null : compileRetry(spec.retry, this.#state.retryBudget(id)),
      ...compileFilters(spec),
      rateLimits: this.#state.rateLimiter(id, spec),
      mirror: this.#mirror(spec.mirror),
    };
  }

  #target(guard: MeshCommand, service: string, labels: Labels, asFallback: boolean): Target {
    return { guard, service, subset: subsetName(labels), pool: this.#pool(service, labels), asFallback };
  }

  #mirror(mirror: RouteSpec["mirror"]): MirrorPlan | null {
    if (mirror === null) return null;
    const { service, labels, percent } = mirror;
    return { service, percent, pool: this.#pool(service, labels) };
  }

  #pool(service: string, labels: Labels): string {
    const pool = `${service}|${subsetName(labels)}`;
    this.pools.set(pool, { service, labels });
    return pool;
  }

  /** A backup's own fallbacks are not followed: a chain of them could be a circle. */
  #guard(routeId: string, service: string, withBackups: boolean): MeshCommand {
    const policy = this.#policyOf(routeId, service);
    const settings = policy?.settings ?? DEFAULT_BREAKER_SETTINGS;
    const command = this.#state.command(routeId, service, settings);
    const spec = withBackups ? (policy?.fallbacks ?? []) : [];
    const fallbacks = spec.map((fallback) => this.#fallback(routeId, command.key, fallback));
    const guard = {
      command,
      settings,
      group: settings.group === "" ? service : settings.group,
      overrides: this.#overridesOf(routeId, service),
      fails: this.#failureTest(settings.failureStatuses),
      fallbacks,
      lastGood: fallbacks.find((fallback) => fallback.kind === "last-good") ?? null,
    };
    if (withBackups || !this.commands.has(command.key)) this.commands.set(command.key, guard);
    return guard;
  }

  #fallback(routeId: string, commandKey: string, fallback: Fallback): MeshFallback {
    switch (fallback.kind) {
      case "service": {
        const { service, labels } = fallback;
        return { kind: "service", target: this.#target(this.#guard(routeId, service, false), service, labels, true) };
      }
      case "last-good":
        return { ...fallback, replies: this.#state.replies(commandKey) };
      case "fixed":
        return { kind: "fixed", answer: compileFixed(fallback) };
    }
  }

  /** One table for all commands that say the same. */
  #failureTest(statuses: FailureStatuses): MeshCommand["fails"] {
    const key = statuses.join();
    let test = this.#failureTests.get(key);
    if (test === undefined) this.#failureTests.set(key, (test = failureStatusTest(statuses)));
    return test;
  }

  #policyOf(routeId: string, service: string): BreakerPolicySpec | undefined {
    return bindingPolicy({ kind: "command", routeId, service }, (id) => this.#source.breakers.get(id))?.spec;
  }

  /** For the command before for the service; for this gateway before for the fleet; forced open before forced closed. */
  #overridesOf(routeId: string, service: string): BoundOverride[] {
    return bindingTargets({ kind: "command", routeId, service }).flatMap(
      (target) => this.#overrides.get(overrideTargetId(target)) ?? [],
    );
  }

  #bind(override: Published<OverrideSpec>): void {
    const { scope, target } = override.spec;
    if (scope.kind === "gateway" && scope.gatewayId !== this.#gatewayId) return;
    const id = overrideTargetId(target);
    const bound = [...(this.#overrides.get(id) ?? []), { id: override.id, spec: override.spec }];
    this.#overrides.set(
      id,
      bound.sort((a, b) => overrideRank(a.spec) - overrideRank(b.spec)),
    );
    if (target.kind !== "instance") return;
    const ofService = this.#ofInstances.get(target.service) ?? new Map<string, readonly BoundOverride[]>();
    this.#ofInstances.set(target.service, ofService.set(target.instance, bound));
  }
}

function keysOf(commands: readonly MeshCommand[]): ReadonlySet<string> {
  return new Set(commands.map(({ command }) => command.key));
}

/** Destinations that name the same subset twice are one, with the sum of their weights. */
function merged(destinations: readonly RouteDestination[]): readonly RouteDestination[] {
  const byPool = new Map<string, RouteDestination>();
  for (const destination of destinations) {
    const { pool } = destination.target;
    const known = byPool.get(pool);
    byPool.set(pool, known === undefined ? destination : { ...known, weight: known.weight + destination.weight });
  }
  return [...byPool.values()];
}
