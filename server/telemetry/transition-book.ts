import { breakerTargetId } from "#domain/breaker-policy.ts";
import type { BreakerTransition } from "#domain/traffic.ts";

export type PlacedTransition = BreakerTransition & { readonly gatewayId: string };

/** Kept and shown of one breaker. */
const TRANSITIONS_SHOWN = 20;
/** Routes and services come and go: the one that was quiet for longest makes room. */
const MAX_TARGETS = 5000;

const NONE: readonly PlacedTransition[] = [];

/** The latest transitions of each breaker: one that flaps does not push out those of the others. */
export class TransitionBook {
  /** By target, the one with the latest news last. Lists are never changed once made. */
  readonly #byTarget = new Map<string, readonly PlacedTransition[]>();

  add(transition: PlacedTransition): void {
    const id = breakerTargetId(transition.target);
    const known = this.#byTarget.get(id) ?? NONE;
    this.#byTarget.delete(id);
    this.#byTarget.set(id, latestOf([transition, ...known]));
    if (this.#byTarget.size <= MAX_TARGETS) return;
    for (const [oldest] of this.#byTarget) {
      this.#byTarget.delete(oldest);
      return;
    }
  }

  /** Those of a command and those of its whole service, latest first. The same list while there is no news. */
  of(routeId: string, service: string): readonly PlacedTransition[] {
    const own = this.#byTarget.get(breakerTargetId({ kind: "command", routeId, service })) ?? NONE;
    const shared = this.#byTarget.get(breakerTargetId({ kind: "service", service })) ?? NONE;
    if (shared.length === 0) return own;
    return own.length === 0 ? shared : latestOf([...own, ...shared]);
  }
}

/** By time, since a gateway that connects late tells of earlier ones; of one moment, the one told last comes first. */
function latestOf(transitions: readonly PlacedTransition[]): readonly PlacedTransition[] {
  return transitions.toSorted((a, b) => b.atMs - a.atMs).slice(0, TRANSITIONS_SHOWN);
}
