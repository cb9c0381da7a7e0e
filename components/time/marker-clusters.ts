import type { Marker, MarkerKind, MarkerList } from "#domain/history.ts";
import type { TimeSpan } from "./axis-window.ts";

/** Rows of the axis: what people and policy did, and what the mesh did. */
export const LANES = [
  { id: "policy", name: "Changes", kinds: ["revision", "override", "drift"] },
  { id: "mesh", name: "Events", kinds: ["breaker", "instance", "gateway"] },
] as const satisfies readonly { id: string; name: string; kinds: readonly MarkerKind[] }[];
export type LaneId = (typeof LANES)[number]["id"];

/** Markers that stand so close on the axis that they are drawn as one. */
export interface MarkerCluster extends TimeSpan {
  /** Steady while the axis goes on with time. */
  readonly key: string;
  readonly lane: LaneId;
  /** Where it is drawn, Unix epoch, ms. */
  readonly atMs: number;
  /** Oldest first. */
  readonly markers: readonly Marker[];
  /** Those with their number only included. */
  readonly count: number;
  readonly kinds: readonly MarkerKind[];
  readonly tone: Marker["tone"];
}

const TONES = ["neutral", "good", "warn", "bad"] as const;

/** The one that people should see first. */
function worstTone(markers: readonly Marker[]): Marker["tone"] {
  return markers
    .map(({ tone }) => tone)
    .reduce((worst, tone) => (TONES.indexOf(tone) > TONES.indexOf(worst) ? tone : worst), "neutral");
}

const BUCKETS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400].map(
  (seconds) => seconds * 1000,
);

interface Bucket {
  readonly markers: Marker[];
  readonly more: { readonly kind: MarkerKind; readonly count: number }[];
}

/**
 * Markers of the chosen kinds, those within about `apart` of each other (a share of the axis) as one. Which belong together
 * depends on round times, so that nothing jumps while the axis moves.
 */
export function clusterMarkers(
  list: MarkerList,
  axis: TimeSpan,
  apart: number,
  shown: ReadonlySet<MarkerKind>,
): readonly MarkerCluster[] {
  const wanted = (axis.toMs - axis.fromMs) * apart;
  const bucketMs = BUCKETS_MS.find((ms) => ms >= wanted) ?? 86_400_000;
  return LANES.flatMap(({ id, kinds }) => {
    const isShown = (kind: MarkerKind): boolean => shown.has(kind) && kinds.some((one) => one === kind);
    const buckets = new Map<number, Bucket>();
    const bucketAt = (atMs: number): Bucket => {
      const index = Math.floor(atMs / bucketMs);
      const bucket = buckets.get(index) ?? { markers: [], more: [] };
      buckets.set(index, bucket);
      return bucket;
    };
    for (const marker of list.markers)
      if (isShown(marker.kind) && marker.atMs >= axis.fromMs && marker.atMs <= axis.toMs)
        bucketAt(marker.atMs).markers.push(marker);
    for (const { fromMs, toMs, kind, count } of list.more)
      if (isShown(kind) && toMs > axis.fromMs && fromMs < axis.toMs)
        bucketAt(Math.min(axis.toMs, Math.max(axis.fromMs, (fromMs + toMs) / 2))).more.push({ kind, count });
    return [...buckets]
      .toSorted(([a], [b]) => a - b)
      .map(([index, bucket]) => clusterOf(id, axis, index * bucketMs, bucketMs, bucket));
  });
}

/** Shares of a stretch that are kept free at its ends, so that what is drawn of two neighbours never overlaps: numbers take room. */
const EDGE_OF_SEVERAL = 0.4;
const EDGE_OF_ONE = 0.2;

function clusterOf(
  lane: LaneId,
  axis: TimeSpan,
  fromMs: number,
  lengthMs: number,
  { markers, more }: Bucket,
): MarkerCluster {
  const [first] = markers;
  const last = markers.at(-1);
  const count = markers.length + more.reduce((sum, one) => sum + one.count, 0);
  const middleMs = first === undefined || last === undefined ? fromMs + lengthMs / 2 : (first.atMs + last.atMs) / 2;
  const edge = lengthMs * (count > 1 ? EDGE_OF_SEVERAL : EDGE_OF_ONE);
  const placeMs = Math.min(fromMs + lengthMs - edge, Math.max(fromMs + edge, middleMs));
  const atMs = Math.min(axis.toMs, Math.max(axis.fromMs, placeMs));
  return {
    key: `${lane} ${fromMs.toString()} ${lengthMs.toString()}`,
    lane,
    fromMs,
    toMs: fromMs + lengthMs,
    atMs,
    markers,
    count,
    kinds: [...new Set([...markers, ...more].map(({ kind }) => kind))],
    tone: worstTone(markers),
  };
}

/** The marker before or after a moment, to go from one to the next; null: there is none. */
export function neighbourOf(markers: readonly Marker[], atMs: number, direction: 1 | -1): Marker | null {
  const beyond = markers.filter((marker) => (direction === 1 ? marker.atMs > atMs : marker.atMs < atMs));
  return (direction === 1 ? beyond.at(0) : beyond.at(-1)) ?? null;
}
