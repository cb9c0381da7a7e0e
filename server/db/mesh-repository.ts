import { DriftMode } from "#domain/drift.ts";
import { failpoint } from "#platform/failpoint.ts";
import type { Tx } from "./client.ts";

/** The mesh row: what every edit starts from. */
export interface MeshRow {
  readonly incarnation: string;
  /** Of the latest accepted edit; 0 before the first. */
  readonly revision: number;
  /** Grows with every decision about drift or another database's policy. */
  readonly decisions: number;
  readonly driftMode: DriftMode;
  /** Incarnation whose published policy may be written over; null: none. */
  readonly supersedes: string | null;
  /** The highest revision of its head that may be; null: any. */
  readonly supersedesRevision: number | null;
  /** A revision that gateways were seen to hold and the database had not reached, until a person has chosen; null: none. */
  readonly gatewaysAhead: number | null;
}

/** Locks the mesh row until the transaction ends: edits and audit entries come one after another, without gaps. */
export async function lockMesh(tx: Tx): Promise<MeshRow> {
  await tx.$queryRaw`SELECT "id" FROM "mesh" WHERE "id" = 1 FOR UPDATE`;
  return readMesh(tx);
}

export async function readMesh(db: Tx): Promise<MeshRow> {
  const row = await db.mesh.findUniqueOrThrow({
    where: { id: 1 },
    select: {
      incarnation: true,
      revision: true,
      decisions: true,
      driftMode: true,
      supersedes: true,
      supersedesRevision: true,
      gatewaysAhead: true,
    },
  });
  return { ...row, driftMode: DriftMode.catch("hold").parse(row.driftMode) };
}

/** Changes what was decided about publishing, and counts it as a decision. The mesh row must be locked. */
export async function saveDecision(
  tx: Tx,
  change: {
    readonly driftMode?: DriftMode;
    readonly supersedes?: string;
    readonly supersedesRevision?: number;
    readonly gatewaysAhead?: null;
  } = {},
): Promise<void> {
  await tx.mesh.update({ where: { id: 1 }, data: { ...change, decisions: { increment: 1 } } });
}

/**
 * Notes a revision that gateways hold and this database has not reached: edits may soon make revisions as high, which does
 * not make them the same policy. Nothing when a person's choice has put the database above it meanwhile.
 */
export async function noteGatewaysAhead(db: Tx, incarnation: string, revision: number): Promise<void> {
  await db.$executeRaw`
    UPDATE "mesh" SET "gateways_ahead" = GREATEST("gateways_ahead", ${revision}::int)
    WHERE "id" = 1 AND "incarnation"::text = ${incarnation} AND "revision" <= ${revision}::int`;
}

/** Counts an edit: the new global revision, and its delivery row. The mesh row must be locked. */
export async function saveRevision(tx: Tx, revision: number, at: Date): Promise<void> {
  await tx.mesh.update({ where: { id: 1 }, data: { revision } });
  failpoint("edit.counted");
  await tx.delivery.create({ data: { revision, createdAt: at } });
}

/**
 * Notes that everything up to `revision` has reached ZooKeeper; nothing when that is a revision never made here, or another
 * database's (`incarnation` says whose; absent: this one's).
 */
export async function markPublished(db: Tx, revision: number, at: Date, incarnation?: string): Promise<void> {
  const own = await readMesh(db);
  if (revision > own.revision || (incarnation ?? own.incarnation) !== own.incarnation) return;
  await db.delivery.updateMany({
    where: { revision: { lte: revision }, publishedAt: null },
    data: { publishedAt: at },
  });
}
