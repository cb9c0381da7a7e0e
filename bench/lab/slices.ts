import { median } from "../measure.ts";

/** A short while under load. */
export interface Slice {
  /** CPU time of the proxy's processes for each request, µs. */
  readonly cpuUs: number;
  readonly perSecond: number;
  /** What other programs took meanwhile, as a share of one core. */
  readonly foreignShare: number;
  /** CPU time the proxy had, as a share of one core. */
  readonly ownShare: number;
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** What the slices of one contender in one case come to. */
export interface Cell {
  readonly cpuUs: Spread;
  readonly perSecond: Spread;
  readonly accepted: number;
  readonly dropped: number;
  /** Too few slices were undisturbed: the figures stand on the least disturbed ones. */
  readonly disturbed: boolean;
}

/** Above this share of a core, others are in the way. */
const FOREIGN_MAX = 0.12;
/** A proxy that had this much of the core it is pinned to was not held up, whatever went on beside it. */
const UNDISTURBED_OWN_SHARE = 0.93;
/** Figures of a program that never changes, nginx, are this close to their median on a quiet machine. */
const QUIET = 0.3;

/** `pinned`: the proxy has a core to itself, unless somebody intrudes. */
export function isUndisturbed({ foreignShare, ownShare }: Slice, pinned: boolean): boolean {
  return foreignShare < FOREIGN_MAX || (pinned && ownShare >= UNDISTURBED_OWN_SHARE);
}

export interface Turns {
  /** Undisturbed slices each contender needs. */
  readonly wanted: number;
  /** Slices each contender gets at most. */
  readonly attempts: number;
  readonly pinned: boolean;
  /** Asked once before each slice that is measured again: whether there is time for it. */
  readonly mayRepeat: () => boolean;
}

/** Takes slices of all contenders in turn, A B C A B C …, until each has enough undisturbed ones. */
export async function inTurn(
  contenders: Readonly<Record<string, () => Promise<Slice>>>,
  { wanted, attempts, pinned, mayRepeat }: Turns,
): Promise<Record<string, Cell>> {
  const taken = Object.keys(contenders).map((name) => [name, new Array<Slice>()] as const);
  for (let round = 0; round < attempts; round += 1) {
    for (const [name, slices] of taken) {
      const undisturbed = slices.filter((slice) => isUndisturbed(slice, pinned)).length;
      if (undisturbed >= wanted || (round >= wanted && !mayRepeat())) continue;
      const slice = await contenders[name]?.();
      if (slice !== undefined) slices.push(slice);
    }
  }
  return Object.fromEntries(taken.map(([name, slices]) => [name, cellOf(slices, wanted, pinned)]));
}

function cellOf(slices: readonly Slice[], wanted: number, pinned: boolean): Cell {
  const undisturbed = slices.filter((slice) => isUndisturbed(slice, pinned));
  const calmest = slices.toSorted((a, b) => a.foreignShare - b.foreignShare).slice(0, wanted);
  const disturbed = undisturbed.length < wanted;
  const counted = disturbed ? calmest : undisturbed;
  return {
    cpuUs: spreadOf(counted.map(({ cpuUs }) => cpuUs)),
    perSecond: spreadOf(counted.map(({ perSecond }) => perSecond)),
    accepted: undisturbed.length,
    dropped: slices.length - undisturbed.length,
    disturbed,
  };
}

function spreadOf(figures: readonly number[]): Spread {
  return { median: median(figures), least: Math.min(...figures), most: Math.max(...figures) };
}

/** Whether the figures of one and the same program are so far apart that those of others cannot be compared. */
export function isTooWide({ median: middle, least, most }: Spread): boolean {
  return most > middle * (1 + QUIET) || least < middle * (1 - QUIET);
}
