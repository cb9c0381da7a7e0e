/** 0 up to, but not, 1. */
export type RandomSource = () => number;

/** True as often as said, percent; never for 0, always for 100. */
export function happens(percent: number, random: RandomSource): boolean {
  return random() * 100 < percent;
}
