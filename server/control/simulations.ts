import { MeshError } from "#domain/errors.ts";
import { takeTurns, type Steps } from "./take-turns.ts";

/** A run under way. */
export interface SimulationRun {
  /** Does the steps, letting go of the event loop often. Runs of all people take turns. @throws MeshError SIMULATION_REPLACED. */
  finish<T>(steps: Steps<T>): Promise<T>;
  /** @throws MeshError SIMULATION_REPLACED when nobody waits for it any more. */
  check(): void;
}

/** Simulations under way: one for each person, since who edits on has no use for the one before. */
export class Simulations {
  readonly #byPerson = new Map<string, AbortController>();

  /**
   * Runs `work`, and gives up the run of the same person before it. It is given up itself when `signal` aborts.
   * @throws MeshError SIMULATION_REPLACED, or what `work` threw.
   */
  async run<T>(
    personId: string,
    signal: AbortSignal | undefined,
    work: (run: SimulationRun) => Promise<T>,
  ): Promise<T> {
    this.#byPerson.get(personId)?.abort();
    const own = new AbortController();
    this.#byPerson.set(personId, own);
    const check = (): void => {
      if (own.signal.aborted || signal?.aborted === true) throw new MeshError("SIMULATION_REPLACED");
    };
    try {
      return await work({ check, finish: (steps) => takeTurns(steps, check) });
    } finally {
      if (this.#byPerson.get(personId) === own) this.#byPerson.delete(personId);
    }
  }
}
