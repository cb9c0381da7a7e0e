/**
 * Smooth weighted round robin (the algorithm of nginx): over any sum-of-weights picks in a row each choice is picked
 * exactly its weight's times, and as evenly spread as that allows. Its memory is kept by name, so that it carries over
 * when choices or weights change.
 */
export class WeightedRoundRobin {
  readonly #credit = new Map<string, number>();

  /** Index of the next choice, or -1 when all weights are 0. Names must be unique. */
  pick(choices: readonly { readonly name: string; readonly weight: number }[]): number {
    let total = 0;
    let best = -1;
    let bestCredit = Number.NEGATIVE_INFINITY;
    for (const [index, { name, weight }] of choices.entries()) {
      if (weight === 0) continue;
      total += weight;
      const credit = (this.#credit.get(name) ?? 0) + weight;
      this.#credit.set(name, credit);
      if (credit > bestCredit) {
        best = index;
        bestCredit = credit;
      }
    }
    const chosen = choices[best];
    if (chosen === undefined) return -1;
    this.#credit.set(chosen.name, bestCredit - total);
    return best;
  }

  /** Forgets everything: for when weights were edited, so that old credit does not skew the new shares. */
  reset(): void {
    this.#credit.clear();
  }
}

/** Round robin over a list that may change between picks. */
export class RoundRobin {
  #cursor = -1;

  /** The next entry, or undefined when there is none. */
  pick<Entry>(entries: readonly Entry[]): Entry | undefined {
    if (entries.length === 0) return undefined;
    this.#cursor = (this.#cursor + 1) % entries.length;
    return entries[this.#cursor];
  }
}
