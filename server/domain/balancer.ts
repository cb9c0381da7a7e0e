/**
 * Smooth weighted round robin (the algorithm of nginx) over choices known by their index: in any sum-of-weights picks
 * in a row each is picked exactly its weight's times, and as evenly spread as that allows. Equal weights take turns in
 * one step; others cost one pass over the choices. Picking allocates nothing.
 */
export class WeightedRoundRobin {
  #weights: readonly number[] = [];
  #credit = new Float64Array();
  #total = 0;
  /** All positive weights are the same. */
  #even = true;
  #last = -1;

  /**
   * Goes on where `previous` is, if given: `from` says at which index each choice was there, -1 where it is new. The
   * previous one stays as it is.
   */
  constructor(weights: readonly number[] = [], previous?: WeightedRoundRobin, from: readonly number[] = []) {
    if (previous !== undefined) {
      this.#credit = Float64Array.from(from, (before) => previous.#credit[before] ?? 0);
      this.#total = previous.#total;
      this.#last = lastBefore(from, previous.#last);
    }
    this.reweigh(weights);
  }

  /** Index of the next choice, or -1 when all weights are 0. */
  pick(): number {
    if (this.#total === 0) return -1;
    this.#last = this.#even ? this.#following() : this.#richest();
    return this.#last;
  }

  /** Other weights for the same choices. What each is owed carries over in proportion, so that shares hold over the change. */
  reweigh(weights: readonly number[]): void {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const scale = this.#total === 0 ? 0 : total / this.#total;
    const credit = this.#credit;
    this.#credit = Float64Array.from(weights, (_, index) => (credit[index] ?? 0) * scale);
    this.#weights = weights;
    this.#total = total;
    const first = weights.find((weight) => weight > 0);
    this.#even = weights.every((weight) => weight === 0 || weight === first);
  }

  /** Next in turn after the last one picked. */
  #following(): number {
    const count = this.#weights.length;
    for (let step = 1; step <= count; step += 1) {
      const index = (this.#last + step) % count;
      if ((this.#weights[index] ?? 0) > 0) return index;
    }
    return -1;
  }

  #richest(): number {
    let best = -1;
    let bestCredit = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < this.#weights.length; index += 1) {
      const weight = this.#weights[index] ?? 0;
      if (weight === 0) continue;
      const credit = (this.#credit[index] ?? 0) + weight;
      this.#credit[index] = credit;
      if (credit > bestCredit) {
        best = index;
        bestCredit = credit;
      }
    }
    this.#credit[best] = bestCredit - this.#total;
    return best;
  }
}

/** Where to go on when the last one picked may have moved or gone: behind the nearest before it that is still there. */
function lastBefore(from: readonly number[], last: number): number {
  let found = -1;
  for (const [index, before] of from.entries()) {
    if (before !== -1 && before <= last && (found === -1 || before > (from[found] ?? -1))) found = index;
  }
  return found;
}
