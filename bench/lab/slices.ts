import { median } from "../measure.ts";

/** What went on beside a measurement. */
export interface Surroundings {
  /** What other programs took meanwhile, as a share of one core. */
  readonly foreignShare: number;
  /** CPU time the proxy had, as a share of one core. */
  readonly ownShare: number;
}

/** A short while under load. */
export interface Slice extends Surroundings {
  /** CPU time of the proxy's processes for each request, µs. */
  readonly cpuUs: number;
  readonly perSecond: number;
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** The measurements of one contender. */
export interface Taken<Sample> {
  /** Those that its figures stand on. */
  readonly counted: readonly Sample[];
  readonly accepted: number;
  readonly dropped: number;
  /** Too few were undisturbed: the figures stand on the least disturbed ones. */
  readonly disturbed: boolean;
}

/** Above this share of a core, others are in the way. */
const FOREIGN_MAX = 0.12;
/** A proxy that had this much of the core it is pinned to was not held up, whatever went on beside it. */
const UNDISTURBED_OWN_SHARE = 0.93;
/** Figures of a program that never changes, nginx, are this close to their median on a quiet machine. */
const QUIET = 0.3;

/** `pinned`: the proxy has a core to itself, unless somebody intrudes. */
export function isUndisturbed({ foreignShare, ownShare }: Surroundings, pinned: boolean): boolean {
  return foreignShare < FOREIGN_MAX || (pinned && ownShare >= UNDISTURBED_OWN_SHARE);
}

export interface Turns {
  /** Undisturbed measurements each contender needs. */
  readonly wanted: number;
  /** Measurements each contender gets at most. */
  readonly attempts: number;
  readonly pinned: boolean;
  /** Asked once before each that is taken again: whether there is time for it. */
  readonly mayRepeat: () => boolean;
}

/** Measures all contenders in turn, A B C A B C …, until each has been measured often enough undisturbed. */
export async function inTurn<Sample extends Surroundings>(
  contenders: Readonly<Record<string, () => Promise<Sample>>>,
  { wanted, attempts, pinned, mayRepeat }: Turns,
): Promise<Record<string, Taken<Sample>>> {
  const all = Object.entries(contenders).map(([name, measure]) => ({ name, measure, samples: new Array<Sample>() }));
  for (let round = 0; round < attempts; round += 1) {
    for (const { measure, samples } of all) {
      const undisturbed = samples.filter((sample) => isUndisturbed(sample, pinned)).length;
      if (undisturbed >= wanted || (round >= wanted && !mayRepeat())) continue;
      samples.push(await measure());
    }
  }
  return Object.fromEntries(all.map(({ name, samples }) => [name, chosen(samples, wanted, pinned)]));
}

function chosen<Sample extends Surroundings>(
  samples: readonly Sample[],
  wanted: number,
  pinned: boolean,
): Taken<Sample> {
  const undisturbed = samples.filter((sample) => isUndisturbed(sample, pinned));
  const calmest = samples.toSorted((a, b) => a.foreignShare - b.foreignShare).slice(0, wanted);
  const disturbed = undisturbed.length < wanted;
  return {
    counted: disturbed ? calmest : undisturbed,
    accepted: undisturbed.length,
    dropped: samples.length - undisturbed.length,
    disturbed,
  };
}

export function spreadOf(figures: readonly number[]): Spread {
  return { median: median(figures), least: Math.min(...figures), most: Math.max(...figures) };
}

/** Whether the figures of one and the same program are so far apart that those of others cannot be compared. */
export function isTooWide({ median: middle, least, most }: Spread): boolean {
  return most > middle * (1 + QUIET) || least < middle * (1 - QUIET);
}
