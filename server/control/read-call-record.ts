import {
  inflateMinute,
  readCursors,
  readFirstMinute,
  readMinutes,
  type KeptMinute,
  type RecordingCursor,
} from "#db/breaker-minute-repository.ts";
import type { Tx } from "#db/client.ts";
import { totalOf } from "#domain/outcome-counts.ts";
import { minuteOf, packMinute, secondsIn, unpackMinute, type PackedMinute } from "#domain/recorded-minute.ts";
import { mergeSeconds, type CommandRecord, type RecordedSecond } from "#domain/recorded-second.ts";
import type { HeldSecond } from "./held-calls.ts";

/** A command and a time, Unix epoch, ms. */
export interface CallRecordQuery {
  readonly routeId: string;
  readonly service: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the database has of a command's calls. */
export interface KeptCalls {
  readonly cursors: readonly RecordingCursor[];
  readonly minutes: readonly KeptMinute[];
  readonly firstMinute: number | null;
}

/** What is known of a command's calls, with those that are not in the database yet. */
export interface CallRecord {
  readonly gateways: readonly CommandRecord[];
  /** Since when the command's calls are on record; null when none are. */
  readonly sinceMs: number | null;
}

/** Reads what the database has, in a transaction that is a snapshot. */
export async function readKeptCalls(tx: Tx, { routeId, service, fromMs, toMs }: CallRecordQuery): Promise<KeptCalls> {
  return {
    cursors: await readCursors(tx),
    minutes: await readMinutes(tx, { routeId, service, fromMinute: minuteOf(fromMs), toMinute: minuteOf(toMs) }),
    firstMinute: await readFirstMinute(tx, service, routeId),
  };
}

/**
 * A command's calls at every gateway. `held` must have been taken from memory before `kept` was read from the database: then every
 * call is in one of them, and the cursors tell which are in both.
 */
export async function callRecord(
  kept: KeptCalls,
  held: readonly HeldSecond[],
  query: CallRecordQuery,
): Promise<CallRecord> {
  const written = new Map(kept.cursors.map((one) => [cursorKey(one), one.sequence]));
  const recent = held.filter((one) => one.sequence > (written.get(cursorKey(one)) ?? 0));
  const gateways = [...new Set([...kept.minutes, ...recent].map(({ gatewayId }) => gatewayId))].toSorted();
  const records: CommandRecord[] = [];
  for (const gatewayId of gateways) {
    const own = <Of extends { readonly gatewayId: string }>(all: readonly Of[]): Of[] =>
      all.filter((one) => one.gatewayId === gatewayId);
    const seconds = own(recent).map(({ second }) => second);
    const record = await gatewayRecord(gatewayId, own(kept.minutes), seconds, query);
    if (record.calls > 0) records.push(record);
  }
  const starts = recent.map(({ second }) => second.atMs);
  if (kept.firstMinute !== null) starts.push(kept.firstMinute * 60_000);
  return { gateways: records, sinceMs: starts.length === 0 ? null : starts.reduce((a, b) => Math.min(a, b)) };
}

async function gatewayRecord(
  gatewayId: string,
  kept: readonly KeptMinute[],
  recent: readonly RecordedSecond[],
  { routeId, service, fromMs, toMs }: CallRecordQuery,
): Promise<CommandRecord> {
  // The second in which the time begins is whole in the record.
  const sinceMs = Math.floor(fromMs / 1000) * 1000;
  const packed = new Map<number, Uint8Array>();
  const sum = { calls: 0, breakers: 1, lastMs: fromMs };
  const add = (minute: number, bytes: Uint8Array): void => {
    packed.set(minute, bytes);
    for (const { counts, breakers, atMs } of secondsIn([{ minute, bytes }], sinceMs, toMs)) {
      sum.calls += totalOf(counts);
      sum.breakers = Math.max(sum.breakers, breakers);
      sum.lastMs = Math.max(sum.lastMs, atMs);
    }
  };
  const fresh = Map.groupBy(recent, ({ atMs }) => minuteOf(atMs));
  // One after the other: each lets others have their turn.
  for (const { minute, payload } of kept) {
    const bytes = await inflateMinute({ payload });
    const more = fresh.get(minute);
    fresh.delete(minute);
    add(
      minute,
      more === undefined ? bytes : packMinute(mergeSeconds([...(unpackMinute(minute, bytes) ?? []), ...more])),
    );
  }
  for (const [minute, seconds] of fresh) add(minute, packMinute(mergeSeconds(seconds)));
  const minutes: PackedMinute[] = [...packed]
    .map(([minute, bytes]) => ({ minute, bytes }))
    .toSorted((a, b) => a.minute - b.minute);
  return {
    gatewayId,
    routeId,
    service,
    ...sum,
    seconds: { [Symbol.iterator]: () => secondsIn(minutes, sinceMs, toMs) },
  };
}

function cursorKey({ gatewayId, run }: { readonly gatewayId: string; readonly run: string }): string {
  return `${gatewayId}\n${run}`;
}
