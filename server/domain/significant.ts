/** Powers of ten from 1e-12 to 1e12, so that none is computed for each figure. */
const POWERS = Array.from({ length: 25 }, (_, at) => Number(`1e${at - 12}`));

/**
 * A figure to three significant digits: what people can tell apart, so that what only trembles is the same figure again.
 * Called for every figure of the picture, hence by arithmetic and not by way of its text.
 */
export function significant(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const digits = 2 - Math.floor(Math.log10(Math.abs(value)));
  const power = POWERS[12 + Math.abs(digits)];
  if (power === undefined) return value;
  return digits >= 0 ? Math.round(value * power) / power : Math.round(value / power) * power;
}
