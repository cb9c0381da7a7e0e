import type { Marker } from "#domain/history.ts";

/** What happened once, or a breaker that goes to and fro: its latest transition stands for all of them. */
export interface FoldedMarker {
  readonly marker: Marker;
  /** Earlier transitions of the same breaker, newest first; empty for everything else. */
  readonly earlier: readonly Marker[];
}

/** Transitions further apart than this are not of one going to and fro, ms. */
const APART_MS = 120_000;
/** Fewer are read as fast one by one. */
const LEAST = 4;

/**
 * Folds the transitions of a breaker that tries again and again into its latest: a breaker that opens every five seconds would
 * push everything else out of a list. `newestFirst` is by time.
 */
export function foldFlapping(newestFirst: readonly Marker[]): readonly FoldedMarker[] {
  const runs: Marker[][] = [];
  const open = new Map<string, Marker[]>();
  for (const marker of newestFirst) {
    const key = marker.kind === "breaker" ? marker.concerns.join(" ") : marker.id;
    const run = open.get(key);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && last.atMs - marker.atMs <= APART_MS) {
      run.push(marker);
      continue;
    }
    const begun = [marker];
    open.set(key, begun);
    runs.push(begun);
  }
  return runs
    .flatMap((run) => (run.length < LEAST ? run.map((marker) => [marker]) : [run]))
    .flatMap(([marker, ...earlier]) => (marker === undefined ? [] : [{ marker, earlier }]))
    .toSorted((a, b) => b.marker.atMs - a.marker.atMs);
}
