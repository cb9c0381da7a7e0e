import type { Tx } from "./client.ts";

/** An edit's way, as far as it is on record. */
export interface DeliveryRow {
  readonly revision: number;
  readonly savedAtMs: number;
  readonly publishedAtMs: number | null;
}

/** A gateway was seen to have applied everything up to a revision. */
export interface SeenAcknowledgement {
  readonly gatewayId: string;
  readonly revision: number;
  /** Unix epoch, ms, by the console's clock. */
  readonly atMs: number;
}

/** Latest first; those saved since, or the one with the revision. */
export async function listDeliveries(
  db: Tx,
  { limit, sinceMs = 0, revision }: { limit: number; sinceMs?: number; revision?: number },
): Promise<DeliveryRow[]> {
  const rows = await db.delivery.findMany({
    where: { createdAt: { gte: new Date(sinceMs) }, ...(revision !== undefined && { revision }) },
    orderBy: { revision: "desc" },
    take: limit,
  });
  return rows.map((row) => ({
    revision: row.revision,
    savedAtMs: row.createdAt.getTime(),
    publishedAtMs: row.publishedAt?.getTime() ?? null,
  }));
}

/** The highest revision known to have reached ZooKeeper; 0 when none is. */
export async function latestPublished(db: Tx): Promise<number> {
  const row = await db.delivery.findFirst({ where: { publishedAt: { not: null } }, orderBy: { revision: "desc" } });
  return row?.revision ?? 0;
}

/** Acknowledgements of this revision and later ones, by revision. */
export async function readAcknowledgements(db: Tx, revision: number): Promise<SeenAcknowledgement[]> {
  const rows = await db.deliveryAck.findMany({ where: { revision: { gte: revision } }, orderBy: { revision: "asc" } });
  return rows.map(({ gatewayId, revision: at, at: seen }) => ({ gatewayId, revision: at, atMs: seen.getTime() }));
}

/** Each gateway's earliest acknowledgement of this revision or a later one, as one of this revision. */
export async function earliestAcknowledgements(db: Tx, revision: number): Promise<SeenAcknowledgement[]> {
  const rows = await db.deliveryAck.groupBy({
    by: ["gatewayId"],
    where: { revision: { gte: revision } },
    _min: { at: true },
  });
  return rows.map(({ gatewayId, _min }) => ({ gatewayId, revision, atMs: _min.at?.getTime() ?? 0 }));
}

/** When each gateway was first seen to acknowledge anything, Unix epoch ms. */
export async function firstAcknowledgements(db: Tx): Promise<Map<string, number>> {
  const rows = await db.deliveryAck.groupBy({ by: ["gatewayId"], _min: { at: true } });
  return new Map(rows.map(({ gatewayId, _min }) => [gatewayId, _min.at?.getTime() ?? 0]));
}

/** Notes what was seen; what is noted already stays as it is. */
export async function addAcknowledgements(db: Tx, seen: readonly SeenAcknowledgement[]): Promise<void> {
  await db.deliveryAck.createMany({
    data: seen.map(({ gatewayId, revision, atMs }) => ({ gatewayId, revision, at: new Date(atMs) })),
    skipDuplicates: true,
  });
}

/** Forgets some of the deliveries and acknowledgements up to a revision. @returns how many of the more numerous, at most `limit`. */
export async function pruneDeliveries(db: Tx, upTo: number, limit: number): Promise<number> {
  const where = { revision: { lte: upTo } };
  const acknowledgements = await db.deliveryAck.deleteMany({ where, limit });
  const deliveries = await db.delivery.deleteMany({ where, limit });
  return Math.max(acknowledgements.count, deliveries.count);
}
