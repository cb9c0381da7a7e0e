import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import { packMinute, unpackMinute } from "#domain/recorded-minute.ts";
import { mergeSeconds, type RecordedSecond } from "#domain/recorded-second.ts";
import type { Tx } from "./client.ts";

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Far above a busy minute; guards against a row nobody of ours wrote, bytes. */
const MAX_UNPACKED = 1024 * 1024;

/** Which windows of a gateway's run are in the table: those up to a sequence. */
export interface RecordingCursor {
  readonly gatewayId: string;
  readonly run: string;
  readonly sequence: number;
}

/** A minute of one command at one gateway. */
export interface CommandMinute {
  readonly routeId: string;
  readonly service: string;
  readonly seconds: readonly RecordedSecond[];
}

/** Keeps other consoles from writing minutes of a gateway until the transaction ends. */
export async function lockRecording(tx: Tx, gatewayId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK_CLASS}::int, hashtext(${gatewayId}))`;
}

/** Ours among advisory locks. */
const LOCK_CLASS = 72_707_370;

/** Cursors of all gateways, or of one. */
export function readCursors(db: Tx, gatewayId?: string): Promise<RecordingCursor[]> {
  return db.recordingCursor.findMany({
    where: gatewayId === undefined ? {} : { gatewayId },
    select: { gatewayId: true, run: true, sequence: true },
  });
}

export async function advanceCursor(tx: Tx, { gatewayId, run, sequence }: RecordingCursor, now: Date): Promise<void> {
  await tx.recordingCursor.upsert({
    where: { gatewayId_run: { gatewayId, run } },
    create: { gatewayId, run, sequence, updatedAt: now },
    update: { sequence, updatedAt: now },
  });
}

/**
 * Writes one gateway's minute, all its commands in one statement. What is there already, since a minute was cut by a restart, is
 * added to. The gateway must be locked.
 */
export async function writeMinute(
  tx: Tx,
  gatewayId: string,
  minute: number,
  commands: readonly CommandMinute[],
): Promise<void> {
  const there = await tx.breakerMinute.findMany({ where: { minute, gatewayId } });
  const added = commands.map(async ({ routeId, service, seconds }) => {
    const before = there.find((row) => row.routeId === routeId && row.service === service);
    const known = before === undefined ? [] : (unpackMinute(minute, await inflateMinute(before)) ?? []);
    const payload = new Uint8Array(await deflate(packMinute(mergeSeconds([...known, ...seconds]))));
    return { service, routeId, minute, gatewayId, payload };
  });
  const data = await Promise.all(added);
  const replaced = there.filter((row) =>
    commands.some((one) => one.routeId === row.routeId && one.service === row.service),
  );
  if (replaced.length > 0)
    await tx.breakerMinute.deleteMany({
      where: { minute, gatewayId, OR: replaced.map(({ routeId, service }) => ({ routeId, service })) },
    });
  await tx.breakerMinute.createMany({ data });
}

/** A command, and minutes from `fromMinute` to `toMinute`, both included. */
export interface MinutesQuery {
  readonly service: string;
  readonly routeId: string;
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** A row as it is kept. */
export interface KeptMinute {
  readonly gatewayId: string;
  readonly minute: number;
  readonly payload: Uint8Array;
}

/** Minutes on record, oldest first. */
export function readMinutes(db: Tx, { service, routeId, fromMinute, toMinute }: MinutesQuery): Promise<KeptMinute[]> {
  return db.breakerMinute.findMany({
    where: { service, routeId, minute: { gte: fromMinute, lte: toMinute } },
    orderBy: { minute: "asc" },
    select: { gatewayId: true, minute: true, payload: true },
  });
}

/** A row's packed seconds. What is no row of ours is as good as none. */
export async function inflateMinute({ payload }: Pick<KeptMinute, "payload">): Promise<Uint8Array> {
  try {
    return await inflate(payload, { maxOutputLength: MAX_UNPACKED });
  } catch {
    return new Uint8Array();
  }
}

/** The routes with calls to a service on record. */
export async function readRecordedRoutes(db: Tx, service: string, fromMinute: number): Promise<string[]> {
  const rows = await db.breakerMinute.groupBy({
    by: ["routeId"],
    where: { service, minute: { gte: fromMinute } },
    orderBy: { routeId: "asc" },
  });
  return rows.map(({ routeId }) => routeId);
}

/** The first minute on record of a command; null when there is none. */
export async function readFirstMinute(db: Tx, service: string, routeId: string): Promise<number | null> {
  const first = await db.breakerMinute.findFirst({
    where: { service, routeId },
    orderBy: { minute: "asc" },
    select: { minute: true },
  });
  return first?.minute ?? null;
}

/** Deletes some of what is older than `minute`, at most `limit` rows, so that no statement takes long. @returns how many. */
export async function deleteMinutes(db: Tx, minute: number, limit: number): Promise<number> {
  const { count } = await db.breakerMinute.deleteMany({ where: { minute: { lt: minute } }, limit });
  return count;
}

/** Forgets runs of gateways that have written nothing since. */
export async function deleteCursors(db: Tx, before: Date): Promise<void> {
  await db.recordingCursor.deleteMany({ where: { updatedAt: { lt: before } } });
}
