import type { InstanceTransition } from "#domain/traffic.ts";
import type { Clock } from "#platform/clock.ts";
import type { InstanceNews, InstanceState, ServiceState } from "./instance-state.ts";

/**
 * Tells of instances that are taken out and come back. An ejection ends by itself, without anything happening at that
 * moment: `look` finds those that have ended, and says when.
 */
export class InstanceTurns {
  readonly #clock: Clock;
  readonly #tell: (transition: InstanceTransition) => void;
  /** Those that are out, as far as is known. */
  readonly #out = new Map<InstanceState, ServiceState>();

  constructor(clock: Clock, tell: (transition: InstanceTransition) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  take({ service, instance, turn, atMs, cause }: InstanceNews): void {
    // It may have been back for less than a window.
    if (turn === "ejected" && this.#out.has(instance)) this.#returned(service, instance, atMs);
    if (turn === "ejected") this.#out.set(instance, service);
    this.#say(service.name, instance, turn, atMs, turn === "ejected" ? instance.outlier.untilMs : null, cause);
  }

  /** Once a window. */
  look(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [instance, service] of this.#out) {
      // One that is not registered any more does not come back.
      if (!service.has(instance)) this.#out.delete(instance);
      else if (!instance.outlier.ejectedAt(nowMs)) this.#returned(service, instance, instance.outlier.untilMs);
    }
  }

  #returned(service: ServiceState, instance: InstanceState, atMs: number): void {
    this.#out.delete(instance);
    this.#say(service.name, instance, "returned", atMs, null, "its ejection is over");
  }

  #say(
    service: string,
    { id }: InstanceState,
    turn: InstanceTransition["turn"],
    atMs: number,
    untilMs: number | null,
    cause: string,
  ): void {
    const epochMs = this.#clock.nowMs() - this.#clock.monotonicMs();
    this.#tell({
      atMs: Math.round(epochMs + atMs),
      service,
      instance: id,
      worker: null,
      turn,
      untilMs: untilMs === null ? null : Math.round(epochMs + untilMs),
      cause,
    });
  }
}
