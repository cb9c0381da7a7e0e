import { firstMeshSpan, lastMeshSpan } from "#db/traffic-mesh-repository.ts";
import { listPartitions, sizeOfTheRest, tableOf } from "#db/traffic-partitions.ts";
import type { TrafficStore } from "#db/traffic-store.ts";
import { DEFAULT_HEALTH_POLICY, type HealthPolicySpec } from "#domain/health-policy.ts";
import { RESOLUTIONS, type HistoryExtent } from "#domain/history.ts";
import { systemClock, type Clock } from "#platform/clock.ts";
import { readMarkers } from "./history-markers.ts";
import { readMeshPoints } from "./history-mesh-points.ts";
import { readMoment } from "./history-moment.ts";
import { readSignals } from "./history-signals.ts";
import { openView, type HistoryView } from "./history-spans.ts";
import type { TrafficHistory } from "./traffic-history.ts";
import type { TrafficRecorder } from "./traffic-recorder.ts";

export interface HistorySources {
  readonly store: TrafficStore;
  readonly recorder: Pick<TrafficRecorder, "held" | "book" | "limitBytes">;
  readonly clock?: Clock;
  /** What a past moment is judged by: that of now, so that two moments can be compared. The defaults when it is not given. */
  readonly health?: () => HealthPolicySpec;
}

/** Whoever has not written for this long does not record, ms. */
const WRITER_SILENT_MS = 15_000;

/** What the database has of the mesh's past, and up to now what this console holds. */
export function openTrafficHistory({
  store,
  recorder,
  clock = systemClock,
  health = () => DEFAULT_HEALTH_POLICY,
}: HistorySources): TrafficHistory {
  const { book } = recorder;
  const view = <T>(work: (view: HistoryView) => Promise<T>): Promise<T> => {
    const held = recorder.held.all();
    return store.read(async (tx) => work(await openView(tx, book, held)));
  };
  return {
    extent: () => view((one) => readExtent(one, recorder, clock.nowMs())),
    markers: (fromMs, toMs) => store.read((tx) => readMarkers(tx, { fromMs, toMs })),
    meshPoints: (fromMs, toMs, points) =>
      view((one) => readMeshPoints(one, { fromMs, toMs: Math.min(toMs, clock.nowMs()), points })),
    moment: (atMs) => view((one) => readMoment(one, atMs, health())),
    signals: (query) =>
      view((one) => readSignals(one, { ...query, toMs: Math.min(query.toMs, clock.nowMs()) }, clock.nowMs())),
  };
}

async function readExtent(
  { tx, state, held }: HistoryView,
  { held: traffic, limitBytes }: HistorySources["recorder"],
  nowMs: number,
): Promise<HistoryExtent> {
  const partitions = await listPartitions(tx);
  const resolutions: HistoryExtent["resolutions"][number][] = [];
  let startMs = held.reduce((first, { atMs }) => Math.min(first, atMs), Number.POSITIVE_INFINITY);
  let endMs = held.reduce((last, { atMs }) => Math.max(last, atMs + 1000), Number.NEGATIVE_INFINITY);
  for (const { seconds } of RESOLUTIONS) {
    const fromMs = await firstMeshSpan(tx, seconds, 0);
    const lastMs = await lastMeshSpan(tx, seconds);
    if (fromMs !== null) startMs = Math.min(startMs, fromMs);
    if (lastMs !== null) endMs = Math.max(endMs, Math.min(lastMs + seconds * 1000, nowMs));
    const own = partitions.filter(({ table }) => table === tableOf(seconds));
    resolutions.push({ seconds, fromMs, bytes: own.reduce((sum, { bytes }) => sum + bytes, 0) });
  }
  return {
    fromMs: Number.isFinite(startMs) ? startMs : null,
    toMs: Number.isFinite(endMs) ? endMs : null,
    resolutions,
    bytes: partitions.reduce((sum, { bytes }) => sum + bytes, await sizeOfTheRest(tx)),
    limitBytes,
    lostSeconds: traffic.lostSeconds,
    writer: state.writtenAtMs > nowMs - WRITER_SILENT_MS ? state.writer : null,
  };
}
