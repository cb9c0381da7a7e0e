import {
  breakerTargetId,
  DEFAULT_BREAKER_SETTINGS,
  type BreakerPolicySpec,
  type BreakerTarget,
} from "#domain/breaker-policy.ts";
import type { Instance, RegistryPicture } from "#domain/instance.ts";
import type { OverrideSpec } from "#domain/override.ts";
import type { RouteSpec } from "#domain/route.ts";
import { compileRoutes } from "#domain/route-match.ts";
import { hasLabels, subsetName, type Labels } from "#domain/service.ts";
import type { PolicySnapshot, Published } from "#domain/snapshot.ts";
import type { BoundOverride, CompiledPolicy, Mesh, MeshCommand, MeshInstance, MeshRoute, Target } from "./mesh.ts";
import type { RuntimeState } from "./runtime-state.ts";

/**
 * Makes policy ready for requests, and brings the carried-over state in line with it: commands get their settings,
 * what is no longer mentioned is forgotten.
 */
export function compilePolicy(source: PolicySnapshot, gatewayId: string, state: RuntimeState): CompiledPolicy {
  const build = new PolicyBuild(source, gatewayId, state);
  const routes = new Map([...source.routes.values()].map((route) => [route.id, build.route(route.id, route.spec)]));
  const commands = [...build.commands.values()];
  state.retain(new Set(commands.map(({ command }) => command.key)), new Set(routes.keys()));
  return { source, matcher: compileRoutes(source.routes.values()), routes, commands, pools: build.pools };
}

/** Puts policy and registry together. */
export function compileMesh(policy: CompiledPolicy, registry: RegistryPicture): Mesh {
  const services = new Map(
    registry.services.map((service) => [service.name, service.instances.filter((instance) => instance.serving)]),
  );
  const instances = new Map<string, readonly MeshInstance[]>();
  for (const [pool, { service, labels }] of policy.pools) {
    const serving = services.get(service) ?? [];
    const mode = policy.source.services.get(service)?.spec.tls.mode ?? "auto";
    instances.set(
      pool,
      serving
        .filter((instance) => hasLabels(instance.metadata, labels))
        .map((instance) => callable(instance, mode === "auto" ? instance.tls : mode === "on")),
    );
  }
  return { policy, registry, instances, revision: String(policy.source.revision) };
}

function callable(instance: Instance, tls: boolean): MeshInstance {
  const host = instance.address.includes(":") ? `[${instance.address}]` : instance.address;
  const { id, service, address, port } = instance;
  return { id, service, address, port, tls, origin: `${tls ? "https" : "http"}://${host}:${port}` };
}

class PolicyBuild {
  readonly commands = new Map<string, MeshCommand>();
  readonly pools = new Map<string, { service: string; labels: Labels }>();
  readonly #source: PolicySnapshot;
  readonly #gatewayId: string;
  readonly #state: RuntimeState;
  readonly #overrides = new Map<string, BoundOverride[]>();

  constructor(source: PolicySnapshot, gatewayId: string, state: RuntimeState) {
    this.#source = source;
    this.#gatewayId = gatewayId;
    this.#state = state;
    for (const override of source.overrides.values()) this.#bind(override);
  }

  route(id: string, spec: RouteSpec): MeshRoute {
    const destinations = spec.destinations.map(({ service, labels, weight }) => {
      const target = this.#target(this.#guard(id, service, true), service, labels, false);
      return { name: target.pool, weight, target };
    });
    return {
      id,
      spec,
      destinations: merged(destinations),
      balancer: this.#state.balancer(id, spec),
    };
  }

  #target(guard: MeshCommand, service: string, labels: Labels, asFallback: boolean): Target {
    const subset = subsetName(labels);
    const pool = `${service}|${subset}`;
    this.pools.set(pool, { service, labels });
    return { guard, service, subset, pool, asFallback };
  }

  /** A backup's own backups are not followed: a chain of them could be a circle. */
  #guard(routeId: string, service: string, withBackups: boolean): MeshCommand {
    const policy = this.#policyOf(routeId, service);
    const settings = policy?.settings ?? DEFAULT_BREAKER_SETTINGS;
    const command = this.#state.command(routeId, service, settings);
    const fallbacks = withBackups ? (policy?.fallbacks ?? []) : [];
    const backups = fallbacks.map(({ service: backup, labels }) =>
      this.#target(this.#guard(routeId, backup, false), backup, labels, true),
    );
    const guard = {
      command,
      settings,
      group: settings.group === "" ? service : settings.group,
      overrides: this.#overridesOf(routeId, service),
      backups,
    };
    if (withBackups || !this.commands.has(command.key)) this.commands.set(command.key, guard);
    return guard;
  }

  /** A policy for the command beats one for the service. */
  #policyOf(routeId: string, service: string): BreakerPolicySpec | undefined {
    for (const target of targetsOf(routeId, service)) {
      const policy = this.#source.breakers.get(breakerTargetId(target));
      if (policy !== undefined) return policy.spec;
    }
    return undefined;
  }

  /** For the command before for the service; for this gateway before for the fleet; forced open before forced closed. */
  #overridesOf(routeId: string, service: string): BoundOverride[] {
    return targetsOf(routeId, service).flatMap((target) =>
      (this.#overrides.get(breakerTargetId(target)) ?? []).toSorted((a, b) => rank(a.spec) - rank(b.spec)),
    );
  }

  #bind(override: Published<OverrideSpec>): void {
    const { scope, target } = override.spec;
    if (scope.kind === "gateway" && scope.gatewayId !== this.#gatewayId) return;
    const id = breakerTargetId(target);
    this.#overrides.set(id, [...(this.#overrides.get(id) ?? []), { id: override.id, spec: override.spec }]);
  }
}

function targetsOf(routeId: string, service: string): BreakerTarget[] {
  return [
    { kind: "command", routeId, service },
    { kind: "service", service },
  ];
}

function rank(override: OverrideSpec): number {
  return (override.scope.kind === "gateway" ? 0 : 2) + (override.mode === "forced-open" ? 0 : 1);
}

/** Destinations that name the same subset twice are one, with the sum of their weights. */
function merged(destinations: MeshRoute["destinations"]): MeshRoute["destinations"] {
  const byName = new Map<string, MeshRoute["destinations"][number]>();
  for (const destination of destinations) {
    const known = byName.get(destination.name);
    byName.set(
      destination.name,
      known === undefined ? destination : { ...known, weight: known.weight + destination.weight },
    );
  }
  return [...byName.values()];
}
