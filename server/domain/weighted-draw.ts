/** Draws by weight in logarithmic time, without allocating. Chance is passed in: numbers from 0 up to, not with, 1. */
export class WeightedDraw {
  /** Sums of the weights up to and with each index. */
  readonly #sums: Float64Array;
  readonly #total: number;
  /** Where the line ends: a point that was rounded up to its end is in this one's part, not in one without weight. */
  readonly #last: number;

  constructor(weights: readonly number[]) {
    let sum = 0;
    this.#sums = Float64Array.from(weights, (weight) => (sum += weight));
    this.#total = sum;
    this.#last = weights.findLastIndex((weight) => weight > 0);
  }

  /** An index, each as likely as its share of the weights; -1 when all are 0. */
  one(chance: number): number {
    return this.#total === 0 ? -1 : this.#at(pointOf(chance, this.#total));
  }

  /** Another than `first`, each as likely as its share of the rest; -1 when there is none. */
  another(first: number, chance: number): number {
    const before = first === 0 ? 0 : (this.#sums[first - 1] ?? 0);
    const weight = (this.#sums[first] ?? 0) - before;
    const rest = this.#total - weight;
    if (rest <= 0) return -1;
    const at = pointOf(chance, rest);
    const found = this.#at(at < before ? at : at + weight);
    return found === first ? -1 : found;
  }

  /** The index whose part of the line from 0 to the total the point lies in. */
  #at(point: number): number {
    let low = 0;
    let high = this.#last;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sums[middle] ?? 0) <= point) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A point below `length`: the product of a chance close to 1 is rounded up to it. */
function pointOf(chance: number, length: number): number {
  return Math.min(chance, 1 - Number.EPSILON) * length;
}

/**
 * Power of two choices (Mitzenmacher 2001): of two drawn by weight, the one with less load for its weight; on a tie the
 * first, so that without load shares are the weights'. -1 when all weights are 0.
 */
export function lessLoadedOfTwo(
  draw: WeightedDraw,
  weights: readonly number[],
  load: (index: number) => number,
  chance: () => number,
): number {
  const first = draw.one(chance());
  if (first === -1) return -1;
  const second = draw.another(first, chance());
  if (second === -1) return first;
  return load(second) * (weights[first] ?? 0) < load(first) * (weights[second] ?? 0) ? second : first;
}
