import type { Marker } from "#domain/history.ts";
import type { TimeSpan } from "./signal-range.ts";

/** Markers so close together that they are drawn as one. */
export interface MarkerCluster {
  /** The first of them, Unix epoch, ms: thus two are never closer than they may be. */
  readonly atMs: number;
  /** Oldest first. */
  readonly markers: readonly Marker[];
}

/** Markers within a span, gathered where they would lie on each other: closer than `close`, a share of the span. */
export function clusterMarkers(
  markers: readonly Marker[],
  { fromMs, toMs }: TimeSpan,
  close: number,
): readonly MarkerCluster[] {
  const within = markers.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs).toSorted((a, b) => a.atMs - b.atMs);
  const groups: Marker[][] = [];
  for (const marker of within) {
    const group = groups.at(-1);
    const first = group?.[0];
    if (group === undefined || first === undefined || marker.atMs - first.atMs > (toMs - fromMs) * close)
      groups.push([marker]);
    else group.push(marker);
  }
  return groups.map((group) => ({
    atMs: group[0]?.atMs ?? 0,
    markers: group,
  }));
}

const TONES: readonly Marker["tone"][] = ["bad", "warn", "good", "neutral"];

/** The one that the cluster looks like: the worst. */
export function worstOf({ markers }: MarkerCluster): Marker | undefined {
  return markers.toSorted((a, b) => TONES.indexOf(a.tone) - TONES.indexOf(b.tone))[0];
}

/** Whether something that happened concerns any of these: names of services, and keys of policy. */
export function concernsAny(marker: Pick<Marker, "concerns">, names: ReadonlySet<string>): boolean {
  return marker.concerns.some((concern) => names.has(concern));
}
