import type { Marker } from "#domain/history.ts";

/** What happened once; or of much that is alike the latest, which stands for all of it. */
export interface FoldedMarker {
  readonly marker: Marker;
  /** What is like it and came before, newest first; empty for what happened once. */
  readonly earlier: readonly Marker[];
}

interface Fold {
  /** Markers with the same key are alike. */
  readonly key: string;
  /** What is further apart than this is not of the same, ms. */
  readonly apartMs: number;
  /** Fewer are read as fast one by one. */
  readonly least: number;
}

/** A breaker that tries again and again, and instances that come or go together; null: stands by itself. */
function foldOf({ kind, tone, concerns }: Marker): Fold | null {
  if (kind === "breaker") return { key: `breaker ${concerns.join(" ")}`, apartMs: 120_000, least: 4 };
  return kind === "instance" ? { key: `instance ${tone}`, apartMs: 3000, least: 6 } : null;
}

/**
 * Folds what repeats itself into its latest: a breaker that opens every five seconds, or a hundred instances that come at
 * once, would push everything else out of a list. `newestFirst` is by time.
 */
export function foldMarkers(newestFirst: readonly Marker[]): readonly FoldedMarker[] {
  const runs: { readonly markers: Marker[]; readonly least: number }[] = [];
  const open = new Map<string, Marker[]>();
  for (const marker of newestFirst) {
    const fold = foldOf(marker);
    const run = fold === null ? undefined : open.get(fold.key);
    const last = run?.at(-1);
    if (fold !== null && run !== undefined && last !== undefined && last.atMs - marker.atMs <= fold.apartMs) {
      run.push(marker);
      continue;
    }
    const begun = [marker];
    if (fold !== null) open.set(fold.key, begun);
    runs.push({ markers: begun, least: fold?.least ?? 1 });
  }
  return runs
    .flatMap(({ markers, least }) => (markers.length < least ? markers.map((marker) => [marker]) : [markers]))
    .flatMap(([marker, ...earlier]) => (marker === undefined ? [] : [{ marker, earlier }]))
    .toSorted((a, b) => b.marker.atMs - a.marker.atMs);
}
