import { bindingTargets } from "#domain/breaker-policy.ts";
import { overrideRank, overrideTargetId, type OverrideSpec } from "#domain/override.ts";
import type { MapChange } from "#domain/persistent-map.ts";
import type { Published } from "#domain/snapshot.ts";
import type { BoundOverride } from "./bound-override.ts";

/** The overrides that bind one gateway, by what they hold; follows policy from change to change. */
export class OverrideBook {
  readonly #gatewayId: string;
  readonly #byId = new Map<string, OverrideSpec>();
  readonly #byTarget = new Map<string, readonly BoundOverride[]>();
  /** By service, by instance. */
  readonly #ofInstances = new Map<string, ReadonlyMap<string, readonly BoundOverride[]>>();

  constructor(gatewayId: string) {
    this.#gatewayId = gatewayId;
  }

  /** Takes a change in; what was held or is held now, as far as it changed. */
  follow({ set, removed }: MapChange<Published<OverrideSpec>>): OverrideSpec["target"][] {
    const touched = [
      ...removed.flatMap((id) => this.#forget(id)),
      ...set.flatMap(({ 1: { id, spec } }) => [...this.#forget(id), ...this.#bind(id, spec)]),
    ];
    return touched.map(({ target }) => target);
  }

  /** For the command before for the service; for this gateway before for the fleet; forced open before forced closed. */
  ofCommand(routeId: string, service: string): BoundOverride[] {
    return bindingTargets({ kind: "command", routeId, service }).flatMap(
      (target) => this.#byTarget.get(overrideTargetId(target)) ?? [],
    );
  }

  /** By instance, those that could bind it, the one that wins first; undefined: none of the service is held. */
  ofInstances(service: string): ReadonlyMap<string, readonly BoundOverride[]> | undefined {
    return this.#ofInstances.get(service);
  }

  #bind(id: string, spec: OverrideSpec): OverrideSpec[] {
    if (spec.scope.kind === "gateway" && spec.scope.gatewayId !== this.#gatewayId) return [];
    this.#byId.set(id, spec);
    const others = this.#byTarget.get(overrideTargetId(spec.target)) ?? [];
    const bound = [...others, { id, spec }];
    this.#put(
      spec,
      bound.sort((a, b) => overrideRank(a.spec) - overrideRank(b.spec)),
    );
    return [spec];
  }

  #forget(id: string): OverrideSpec[] {
    const spec = this.#byId.get(id);
    if (spec === undefined) return [];
    this.#byId.delete(id);
    const bound = this.#byTarget.get(overrideTargetId(spec.target)) ?? [];
    this.#put(
      spec,
      bound.filter((other) => other.id !== id),
    );
    return [spec];
  }

  /** What a snapshot was given is not changed. */
  #put({ target }: OverrideSpec, bound: readonly BoundOverride[]): void {
    const id = overrideTargetId(target);
    if (bound.length === 0) this.#byTarget.delete(id);
    else this.#byTarget.set(id, bound);
    if (target.kind !== "instance") return;
    const ofService = new Map(this.#ofInstances.get(target.service));
    if (bound.length === 0) ofService.delete(target.instance);
    else ofService.set(target.instance, bound);
    if (ofService.size === 0) this.#ofInstances.delete(target.service);
    else this.#ofInstances.set(target.service, ofService);
  }
}
