import {
  bindingPolicy,
  DEFAULT_BREAKER_SETTINGS,
  type BreakerPolicySpec,
  type Fallback,
} from "#domain/breaker-policy.ts";
import { failureStatusTest, type FailureStatuses } from "#domain/failure-statuses.ts";
import type { RouteSpec } from "#domain/route.ts";
import { subsetName, type Labels } from "#domain/service.ts";
import type { PolicySnapshot, Published } from "#domain/snapshot.ts";
import { stableHash } from "#domain/stable-hash.ts";
import { compileFilters } from "./compile-filters.ts";
import { compileFixed } from "./filters/answer-directly.ts";
import type { MeshCommand, MeshFallback, MeshRoute, RouteDestination, Subset, Target } from "./mesh.ts";
import type { OverrideBook } from "./override-book.ts";
import { compileRetry } from "./retry-rule.ts";
import type { MirrorPlan } from "./route-filters.ts";
import type { RuntimeState } from "./runtime-state.ts";

/** A route ready for requests, with all that exists for its sake. */
export interface RouteParts {
  readonly route: MeshRoute;
  /** By key; those of other routes have other keys. */
  readonly commands: ReadonlyMap<string, MeshCommand>;
  /** By pool key. */
  readonly pools: ReadonlyMap<string, Subset>;
  /** Services whose breaker policies and overrides were looked at. */
  readonly services: ReadonlySet<string>;
}

/** What the routes of one snapshot are compiled from. */
export interface RouteSources {
  readonly source: PolicySnapshot;
  readonly overrides: OverrideBook;
  readonly state: RuntimeState;
  /** One table for all commands that say the same; filled as they come. */
  readonly failureTests: Map<string, MeshCommand["fails"]>;
}

/** Makes one route ready, and brings the state it carries on with in line with it. */
export function compileRoute({ id, spec }: Published<RouteSpec>, shared: RouteSources): RouteParts {
  return new RouteBuild(shared).parts(id, spec);
}

class RouteBuild {
  readonly #shared: RouteSources;
  readonly #commands = new Map<string, MeshCommand>();
  readonly #pools = new Map<string, Subset>();
  readonly #services = new Set<string>();

  constructor(shared: RouteSources) {
    this.#shared = shared;
  }

  parts(id: string, spec: RouteSpec): RouteParts {
    const route = this.#route(id, spec);
    return { route, commands: this.#commands, pools: this.#pools, services: this.#services };
  }

  #route(id: string, spec: RouteSpec): MeshRoute {
    const named = spec.destinations.map(({ service, labels, weight }) => {
      const target = this.#target(this.#guard(id, service, true), service, labels, false);
      return { weight, seed: stableHash(target.pool), target };
    });
    const destinations = merged(named);
    return {
      id,
      spec,
      destinations,
      balancer: this.#shared.state.balancer(id, destinations),
      retry: spec.retry === null ? null : compileRetry(spec.retry, this.#shared.state.retryBudget(id)),
      ...compileFilters(spec),
      rateLimits: this.#shared.state.rateLimiter(id, spec),
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
    this.#pools.set(pool, { service, labels });
    return pool;
  }

  /** A backup's own fallbacks are not followed: a chain of them could be a circle. */
  #guard(routeId: string, service: string, withBackups: boolean): MeshCommand {
    this.#services.add(service);
    const policy = this.#policyOf(routeId, service);
    const settings = policy?.settings ?? DEFAULT_BREAKER_SETTINGS;
    const command = this.#shared.state.command(routeId, service, settings);
    const spec = withBackups ? (policy?.fallbacks ?? []) : [];
    const fallbacks = spec.map((fallback) => this.#fallback(routeId, command.key, fallback));
    const guard = {
      command,
      settings,
      group: settings.group === "" ? service : settings.group,
      overrides: this.#shared.overrides.ofCommand(routeId, service),
      fails: this.#failureTest(settings.failureStatuses),
      fallbacks,
      lastGood: fallbacks.find((fallback) => fallback.kind === "last-good") ?? null,
    };
    if (withBackups || !this.#commands.has(command.key)) this.#commands.set(command.key, guard);
    return guard;
  }

  #fallback(routeId: string, commandKey: string, fallback: Fallback): MeshFallback {
    switch (fallback.kind) {
      case "service": {
        const { service, labels } = fallback;
        return { kind: "service", target: this.#target(this.#guard(routeId, service, false), service, labels, true) };
      }
      case "last-good":
        return { ...fallback, replies: this.#shared.state.replies(commandKey) };
      case "fixed":
        return { kind: "fixed", answer: compileFixed(fallback) };
    }
  }

  /** One table for all commands that say the same. */
  #failureTest(statuses: FailureStatuses): MeshCommand["fails"] {
    const key = statuses.join();
    let test = this.#shared.failureTests.get(key);
    if (test === undefined) this.#shared.failureTests.set(key, (test = failureStatusTest(statuses)));
    return test;
  }

  #policyOf(routeId: string, service: string): BreakerPolicySpec | undefined {
    return bindingPolicy({ kind: "command", routeId, service }, (id) => this.#shared.source.breakers.get(id))?.spec;
  }
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
