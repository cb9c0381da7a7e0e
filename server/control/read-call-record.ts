import { readCursors, readFirstMinute, readMinutes } from "#db/breaker-minute-repository.ts";
import type { Tx } from "#db/client.ts";
import { minuteOf } from "#domain/recorded-minute.ts";
import { mergeSeconds, type CommandRecord, type RecordedSecond } from "#domain/recorded-second.ts";
import type { HeldSecond } from "./held-calls.ts";

/** A command and a time, Unix epoch, ms. */
export interface CallRecordQuery {
  readonly routeId: string;
  readonly service: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What is known of a command's calls, with those that are not in the database yet. */
export interface CallRecord {
  readonly gateways: readonly CommandRecord[];
  /** Since when the command's calls are on record; null when none are. */
  readonly sinceMs: number | null;
}

/**
 * Reads a command's calls at every gateway. `held` must have been taken from memory before the transaction began, which must be a
 * snapshot: then every call is in one of them, and the cursors tell which are in both.
 */
export async function readCallRecord(tx: Tx, held: readonly HeldSecond[], query: CallRecordQuery): Promise<CallRecord> {
  const { routeId, service, fromMs, toMs } = query;
  const written = new Map((await readCursors(tx)).map((one) => [cursorKey(one), one.sequence]));
  const rows = await readMinutes(tx, { routeId, service, fromMinute: minuteOf(fromMs), toMinute: minuteOf(toMs) });
  const first = await readFirstMinute(tx, service, routeId);
  const recent = held.filter((one) => one.sequence > (written.get(cursorKey(one)) ?? 0));
  const byGateway = new Map<string, RecordedSecond[]>();
  const add = (gatewayId: string, seconds: readonly RecordedSecond[]): void => {
    const known = byGateway.get(gatewayId) ?? [];
    byGateway.set(gatewayId, known);
    for (const second of seconds) if (second.atMs > fromMs - 1000 && second.atMs <= toMs) known.push(second);
  };
  for (const { gatewayId, seconds } of rows) add(gatewayId, seconds);
  for (const { gatewayId, second } of recent) add(gatewayId, [second]);
  const gateways = [...byGateway]
    .map(([gatewayId, seconds]) => ({ gatewayId, routeId, service, seconds: mergeSeconds(seconds) }))
    .filter(({ seconds }) => seconds.length > 0)
    .toSorted((a, b) => (a.gatewayId < b.gatewayId ? -1 : 1));
  const starts = [...(first === null ? [] : [first * 60_000]), ...recent.map(({ second }) => second.atMs)];
  return { gateways, sinceMs: starts.length === 0 ? null : starts.reduce((a, b) => Math.min(a, b)) };
}

function cursorKey({ gatewayId, run }: { readonly gatewayId: string; readonly run: string }): string {
  return `${gatewayId}\n${run}`;
}
