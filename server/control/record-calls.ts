import {
  advanceCursor,
  deleteCursors,
  deleteMinutes,
  lockRecording,
  readCursors,
  writeMinute,
  type CommandMinute,
  type RecordingCursor,
} from "#db/breaker-minute-repository.ts";
import { minuteOf } from "#domain/recorded-minute.ts";
import type { RecordedSecond } from "#domain/recorded-second.ts";
import type { ControlDeps } from "./edit.ts";
import { secondOf, type HeldWindow } from "./held-calls.ts";

/**
 * Writes windows of one gateway, in order of arrival, into its minutes. Those that a console has written before are passed over.
 * Either all are written and the cursors tell so, or nothing is.
 * @returns the cursors as they stand afterwards.
 * @throws MeshError DATABASE_DOWN.
 */
export function recordCalls(
  deps: Pick<ControlDeps, "database">,
  gatewayId: string,
  windows: readonly HeldWindow[],
  now: Date,
): Promise<RecordingCursor[]> {
  return deps.database.transaction(async (tx) => {
    await lockRecording(tx, gatewayId);
    const cursors = new Map((await readCursors(tx, gatewayId)).map((cursor) => [cursor.run, cursor]));
    const fresh = windows.filter(({ run, sequence }) => sequence > (cursors.get(run)?.sequence ?? 0));
    for (const [minute, commands] of minutesOf(fresh)) await writeMinute(tx, gatewayId, minute, commands);
    for (const { run, sequence } of fresh) cursors.set(run, { gatewayId, run, sequence });
    for (const run of new Set(fresh.map((window) => window.run))) {
      const cursor = cursors.get(run);
      if (cursor !== undefined) await advanceCursor(tx, cursor, now);
    }
    return [...cursors.values()];
  });
}

function minutesOf(windows: readonly HeldWindow[]): Map<number, CommandMinute[]> {
  const minutes = new Map<number, Map<string, { routeId: string; service: string; seconds: RecordedSecond[] }>>();
  for (const { atMs, commands } of windows) {
    const minute = minuteOf(atMs ?? 0);
    const inMinute =
      minutes.get(minute) ?? new Map<string, { routeId: string; service: string; seconds: RecordedSecond[] }>();
    minutes.set(minute, inMinute);
    for (const command of commands) {
      const { routeId, service } = command;
      const key = `${service}\n${routeId}`;
      const known = inMinute.get(key) ?? { routeId, service, seconds: [] };
      inMinute.set(key, known);
      known.seconds.push(secondOf(atMs ?? 0, command));
    }
  }
  return new Map([...minutes].map(([minute, commands]) => [minute, [...commands.values()]]));
}

const CHUNK_ROWS = 5000;
const CHUNKS = 20;

/**
 * Deletes what is older than the hours kept, some of it if it is much: the rest is for the next time.
 * @throws MeshError DATABASE_DOWN.
 */
export async function forgetOldCalls(deps: Pick<ControlDeps, "database">, hours: number, nowMs: number): Promise<void> {
  const beforeMs = nowMs - hours * 3_600_000;
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    const deleted = await deps.database.read((db) => deleteMinutes(db, minuteOf(beforeMs), CHUNK_ROWS));
    if (deleted < CHUNK_ROWS) break;
  }
  // A gateway hands out windows of the last ten minutes only; a day is plenty.
  await deps.database.read((db) => deleteCursors(db, new Date(Math.min(beforeMs, nowMs - DAY_MS))));
}

const DAY_MS = 24 * 3_600_000;
