import { deleteMeshRows, firstMeshSpan } from "#db/traffic-mesh-repository.ts";
import {
  dropPartition,
  listPartitions,
  PARTITION_RULES,
  sizeOfTheRest,
  tableOf,
  type Partition,
} from "#db/traffic-partitions.ts";
import { deleteGateways, deleteSeries } from "#db/traffic-series-repository.ts";
import { deleteTrafficCursors, readTrafficState } from "#db/traffic-span-repository.ts";
import type { TrafficStore, TrafficTx } from "#db/traffic-store.ts";
import { RESOLUTIONS } from "#domain/history.ts";

/** PostgreSQL manual, Appendix A. */
const LOCK_NOT_AVAILABLE = "55P03";
const DAY_MS = 24 * 60 * 60 * 1000;
const LONGEST_MS = Math.max(...RESOLUTIONS.map(({ keptSeconds }) => keptSeconds)) * 1000;

/**
 * Deletes what is old enough at `nowMs` (Unix epoch); and while there is more than `limitBytes`, what is oldest, whatever it is:
 * that is of the coarse spans at first, which reach back furthest. What coarse spans have not been made of yet stays.
 * @throws MeshError DATABASE_DOWN.
 */
export async function tidyTrafficHistory(
  store: TrafficStore,
  { limitBytes, nowMs }: { readonly limitBytes: number; readonly nowMs: number },
): Promise<void> {
  const partitions = await store.read(listPartitions);
  const doomed = await store.read(async (tx) => doomedOf(tx, partitions, { limitBytes, nowMs }));
  const dropped: Partition[] = [];
  // Each in a transaction of its own: whoever reads one of them keeps the others from nothing.
  for (const partition of doomed) if (await drop(store, partition)) dropped.push(partition);
  await store.write(async (tx) => {
    await deleteOldRows(
      tx,
      partitions.filter((one) => !dropped.includes(one)),
      nowMs,
    );
    // A gateway hands out windows of the last ten minutes only; a day is plenty.
    await deleteTrafficCursors(tx, new Date(nowMs - DAY_MS));
    // A day longer than anything can name them.
    await deleteSeries(tx, new Date(nowMs - LONGEST_MS - DAY_MS));
    await deleteGateways(tx, new Date(nowMs - LONGEST_MS - DAY_MS));
  });
}

/** False: somebody reads it, so that it is for the next time. */
async function drop(store: TrafficStore, partition: Partition): Promise<boolean> {
  try {
    await store.write((tx) => dropPartition(tx, partition));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === LOCK_NOT_AVAILABLE) return false;
    throw error;
  }
}

async function doomedOf(
  tx: TrafficTx,
  partitions: readonly Partition[],
  { limitBytes, nowMs }: { readonly limitBytes: number; readonly nowMs: number },
): Promise<Partition[]> {
  const madeOfMs = { ...(await madeUpTo(tx, nowMs)), presence: nowMs };
  const isComplete = ({ table, toMs }: Partition): boolean => toMs <= Math.min(nowMs, madeOfMs[table]);
  const isOld = ({ table, toMs }: Partition): boolean => {
    const rule = PARTITION_RULES.find((one) => one.table === table);
    return rule !== undefined && toMs <= nowMs - rule.keptSeconds * 1000;
  };
  let bytes = (await sizeOfTheRest(tx)) + partitions.reduce((sum, one) => sum + one.bytes, 0);
  const doomed: Partition[] = [];
  for (const partition of partitions) {
    if (!isComplete(partition) || !(isOld(partition) || bytes > limitBytes)) continue;
    doomed.push(partition);
    bytes -= partition.bytes;
  }
  return doomed;
}

/** Up to where coarser spans have been made of the rows of each table. */
async function madeUpTo(tx: TrafficTx, nowMs: number): Promise<Record<ReturnType<typeof tableOf>, number>> {
  const { through10Ms, through60Ms } = await readTrafficState(tx);
  return {
    span_1: (await firstMeshSpan(tx, 1, through10Ms)) ?? nowMs,
    span_10: (await firstMeshSpan(tx, 10, through60Ms)) ?? nowMs,
    span_60: nowMs,
  };
}

/** What the mesh did as a whole goes with the spans of the services. */
async function deleteOldRows(tx: TrafficTx, left: readonly Partition[], nowMs: number): Promise<void> {
  const madeOfMs = await madeUpTo(tx, nowMs);
  for (const { seconds, keptSeconds } of RESOLUTIONS) {
    const oldest = left.find(({ table }) => table === tableOf(seconds));
    const sinceMs = Math.max(oldest?.fromMs ?? 0, nowMs - keptSeconds * 1000);
    await deleteMeshRows(tx, seconds, new Date(Math.min(sinceMs, madeOfMs[tableOf(seconds)])));
  }
}
