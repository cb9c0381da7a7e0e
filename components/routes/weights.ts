/** Shares of `count` destinations that are as equal as whole percents can be: 34, 33, 33. */
export function evenSplit(count: number): readonly number[] {
  const least = count === 0 ? 0 : Math.floor(100 / count);
  return Array.from({ length: count }, (_, at) => least + (at < 100 - least * count ? 1 : 0));
}

/** Each weight's share of all, 0 … 1; all 0 while nothing has weight. Weights that are no numbers count as 0. */
export function sharesOf(weights: readonly number[]): readonly number[] {
  const clean = weights.map((weight) => (Number.isFinite(weight) && weight > 0 ? weight : 0));
  const sum = clean.reduce((total, weight) => total + weight, 0);
  return clean.map((weight) => (sum === 0 ? 0 : weight / sum));
}
