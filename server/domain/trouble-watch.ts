import { classOf } from "./mesh-troubles.ts";
import { compareSeverity, impactOf, type Trouble } from "./trouble.ts";

/** A trouble, as somebody who looks on has seen it. */
export interface WatchedTrouble {
  /** As last told, also when it is over. */
  readonly trouble: Trouble;
  /** As it was at its worst: a trouble eases before it ends, and is remembered for what it was. */
  readonly worst: Trouble;
  /** When it was first seen, Unix epoch, ms. */
  readonly firstSeenMs: number;
  /** When it was no longer told of, Unix epoch, ms; null: it stands. */
  readonly endedAtMs: number | null;
  /** What it is ordered by: its harm, which is followed only when that has doubled or halved. */
  readonly weight: number;
}

/** What is over stays for as long, ms: whoever looked away shall see that it ended, and not wonder. */
const ENDED_SHOWN_MS = 60_000;

/**
 * What is known after looking once more at `nowMs` (Unix epoch, ms): a trouble that is told of again is the same one, one
 * that is not has ended and stays for a moment. Standing ones come first, worst first; figures that merely sway move nothing.
 */
export function watchTroubles(
  before: readonly WatchedTrouble[],
  told: readonly Trouble[],
  nowMs: number,
): readonly WatchedTrouble[] {
  const known = new Map(before.map((watched) => [watched.trouble.id, watched]));
  const ids = new Set(told.map(({ id }) => id));
  const standing = told.map((trouble): WatchedTrouble => {
    const seen = known.get(trouble.id);
    const isSame = seen !== undefined && seen.endedAtMs === null;
    return {
      trouble,
      worst: isSame ? worseOf(seen.worst, trouble) : trouble,
      firstSeenMs: isSame ? seen.firstSeenMs : nowMs,
      endedAtMs: null,
      weight: steadyWeight(isSame ? seen.weight : null, impactOf(trouble)),
    };
  });
  const ended = before
    .filter(({ trouble }) => !ids.has(trouble.id))
    // What never stood for long enough to be told does not end either.
    .filter((watched) => watched.endedAtMs !== null || isShown(watched, nowMs))
    .map((watched) => ({ ...watched, endedAtMs: watched.endedAtMs ?? nowMs }))
    .filter(({ endedAtMs }) => nowMs - endedAtMs < ENDED_SHOWN_MS);
  const place = new Map(before.map(({ trouble }, at) => [trouble.id, at]));
  return [
    ...standing.toSorted((a, b) => compareWatched(a, b, place)),
    ...ended.toSorted((a, b) => b.endedAtMs - a.endedAtMs),
  ];
}

/** Whether it has stood for long enough to be told of. */
export function isShown({ trouble, firstSeenMs }: WatchedTrouble, nowMs: number): boolean {
  return nowMs - firstSeenMs >= trouble.graceMs;
}

/** The worse of two; of equally bad ones the latter, which is told in today's words. */
function worseOf(before: Trouble, now: Trouble): Trouble {
  return (compareSeverity(before, now) || before.rank - now.rank) < 0 ? before : now;
}

function steadyWeight(before: number | null, now: number): number {
  if (before === null || before === 0 || now === 0) return now;
  return now >= before * 2 || now <= before / 2 ? now : before;
}

function compareWatched(a: WatchedTrouble, b: WatchedTrouble, place: ReadonlyMap<string, number>): number {
  const placeOf = ({ trouble }: WatchedTrouble): number => place.get(trouble.id) ?? Number.MAX_SAFE_INTEGER;
  return (
    compareSeverity(a.trouble, b.trouble) ||
    classOf(a.trouble) - classOf(b.trouble) ||
    b.weight - a.weight ||
    a.trouble.rank - b.trouble.rank ||
    placeOf(a) - placeOf(b) ||
    (a.trouble.id < b.trouble.id ? -1 : 1)
  );
}
