import { MeshError } from "#domain/errors.ts";
import type { HistoryExtent, MarkerList, MeshPoint, Moment, Signals, SignalsQuery } from "#domain/history.ts";

/** What was recorded of the mesh. Every method rejects with MeshError DATABASE_DOWN while it cannot be read. */
export interface TrafficHistory {
  extent(): Promise<HistoryExtent>;
  /** Between two moments, Unix epoch, ms; oldest first. */
  markers(fromMs: number, toMs: number): Promise<MarkerList>;
  /** About `points` of them between two moments, oldest first; a span with nothing on record has none. */
  meshPoints(fromMs: number, toMs: number, points: number): Promise<readonly MeshPoint[]>;
  /** @throws MeshError NOT_RECORDED when nothing of that time is on record. */
  moment(atMs: number): Promise<Moment>;
  signals(query: SignalsQuery): Promise<Signals>;
}

/** Until something is recorded. */
export const NOTHING_RECORDED: TrafficHistory = {
  extent: () =>
    Promise.resolve({
      fromMs: null,
      toMs: null,
      resolutions: [],
      bytes: 0,
      limitBytes: 0,
      lostSeconds: 0,
      writer: null,
    }),
  markers: () => Promise.resolve({ markers: [], more: [] }),
  meshPoints: () => Promise.resolve([]),
  moment: () => Promise.reject(new MeshError("NOT_RECORDED")),
  signals: () => Promise.resolve({ stepSeconds: 1, lines: [] }),
};
