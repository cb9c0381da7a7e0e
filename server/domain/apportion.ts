/** Rounding must not turn what is whole but for the last bits into one less. */
const EPSILON = 1e-6;

/**
 * Hands out `total` whole things by shares, which add up to 1. What rounding gave too much or too little is kept in `carry`, and
 * made up for the next time: in the long run everybody has their share.
 */
export function apportion(shares: readonly number[], total: number, carry: number[]): number[] {
  const due = shares.map((share, at) => share * total + (carry[at] ?? 0));
  const given = due.map((amount) => Math.max(0, Math.floor(amount + EPSILON)));
  let left = total - given.reduce((sum, amount) => sum + amount, 0);
  while (left !== 0) {
    const step = left > 0 ? 1 : -1;
    const at = neediest(due, given, step);
    given[at] = (given[at] ?? 0) + step;
    left -= step;
  }
  given.forEach((amount, at) => (carry[at] = (due[at] ?? 0) - amount));
  return given;
}

/** Who is furthest from what is due: behind, or with `step` -1 ahead with something to take away. */
function neediest(due: readonly number[], given: readonly number[], step: 1 | -1): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (const [at, amount] of due.entries()) {
    const has = given[at] ?? 0;
    const behind = (amount - has) * step;
    if (behind > most && (step > 0 || has > 0)) {
      most = behind;
      best = at;
    }
  }
  return best;
}
