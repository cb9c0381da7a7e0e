/** Round figures of an axis from 0 to beyond `top`, three or four steps; at least up to `leastTop`. */
export function valueTicks(top: number, leastTop: number): readonly number[] {
  const most = Math.max(top, leastTop);
  const magnitude = 10 ** Math.floor(Math.log10(most / 3));
  const step = [1, 2, 5, 10].map((round) => round * magnitude).find((one) => one * 4 >= most) ?? 10 * magnitude;
  const count = Math.max(1, Math.ceil(most / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(6)));
}
