/** Measures one contender once; resolves to the figure, in the case's unit. */
export type Measure = () => number | Promise<number>;

export interface Comparison {
  readonly ours: Measure;
  readonly peers: Readonly<Record<string, Measure>>;
  /** Rounds that count. */
  readonly rounds?: number;
  /** Rounds before them that do not: code is compiled, connections are opened. */
  readonly warmUps?: number;
}

/** The median of each contender. */
export interface Medians {
  readonly ours: number;
  readonly peers: Readonly<Record<string, number>>;
}

/**
 * Measures contenders in turn, A B C A B C …, and resolves to their medians. What slows the machine for a while slows all of
 * them, so figures of one run can be compared, though none of them is stable from run to run.
 * @throws RangeError when a figure is not positive, because then something else was measured than was meant.
 */
export async function compare({ ours, peers, rounds = 7, warmUps = 1 }: Comparison): Promise<Medians> {
  const contenders = [
    { name: "ours", measure: ours, figures: new Array<number>() },
    ...Object.entries(peers).map(([name, measure]) => ({ name, measure, figures: new Array<number>() })),
  ];
  for (let round = 0; round < warmUps + rounds; round += 1) {
    for (const { name, measure, figures } of contenders) {
      const figure = await measure();
      if (!(figure > 0 && Number.isFinite(figure))) throw new RangeError(`${name} measured ${figure}.`);
      if (round >= warmUps) figures.push(figure);
    }
  }
  const [mine, ...others] = contenders.map(({ name, figures }) => [name, median(figures)] as const);
  return { ours: mine?.[1] ?? Number.NaN, peers: Object.fromEntries(others) };
}

/** The middle figure, or the mean of the two in the middle; NaN of nothing. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}
