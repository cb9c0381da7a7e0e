import { readEditsOf } from "#db/audit-repository.ts";
import type { Tx } from "#db/client.ts";
import {
  earliestAcknowledgements,
  firstAcknowledgements,
  listDeliveries,
  readAcknowledgements,
  type DeliveryRow,
} from "#db/delivery-repository.ts";
import type { AuditEntry } from "#domain/audit.ts";
import type { DeliveryTimes, EditDelivery, Propagation } from "#domain/publishing.ts";
import { deliveryTimes, propagationOf } from "./delivery-times.ts";
import { nowMs, type ControlDeps } from "./edit.ts";

/**
 * The latest edits with when they were saved, published and applied, latest first.
 * @throws MeshError DATABASE_DOWN.
 */
export function listEditDeliveries(
  deps: Pick<ControlDeps, "database">,
  { limit }: { limit: number },
): Promise<EditDelivery[]> {
  return deps.database.read(async (db) => {
    const times = await timesOf(db, await listDeliveries(db, { limit }));
    const entries = await readEditsOf(
      db,
      times.map(({ revision }) => revision),
    );
    return times.map((delivery) =>
      withEdit(
        delivery,
        entries.filter(({ revision }) => revision === delivery.revision),
      ),
    );
  });
}

/** The same of one edit; null when it is not on record. @throws MeshError DATABASE_DOWN. */
export function getDelivery(
  deps: Pick<ControlDeps, "database">,
  { revision }: { revision: number },
): Promise<DeliveryTimes | null> {
  return deps.database.read(async (db) => {
    const deliveries = await listDeliveries(db, { limit: 1, revision });
    const acknowledgements = await earliestAcknowledgements(db, revision);
    const [times] = deliveryTimes({ deliveries, acknowledgements, firstSeen: await firstAcknowledgements(db) });
    return times ?? null;
  });
}

const PROPAGATION_EDITS = 500;
const PROPAGATION_MS = 24 * 3_600_000;

/**
 * How long the latest edits, at most 500 of the last 24 hours, took on their way; whatever stood in their way counts.
 * @throws MeshError DATABASE_DOWN.
 */
export function readPropagation(deps: Pick<ControlDeps, "database" | "clock">): Promise<Propagation> {
  const sinceMs = nowMs(deps) - PROPAGATION_MS;
  return deps.database.read(async (db) =>
    propagationOf(await timesOf(db, await listDeliveries(db, { limit: PROPAGATION_EDITS, sinceMs }))),
  );
}

async function timesOf(db: Tx, deliveries: readonly DeliveryRow[]): Promise<DeliveryTimes[]> {
  const oldest = deliveries.at(-1);
  if (oldest === undefined) return [];
  const acknowledgements = await readAcknowledgements(db, oldest.revision);
  return deliveryTimes({ deliveries, acknowledgements, firstSeen: await firstAcknowledgements(db) });
}

/** An edit of several objects is named by the first of its entries: the object the person meant. */
function withEdit(delivery: DeliveryTimes, entries: readonly AuditEntry[]): EditDelivery {
  const [first] = entries;
  return {
    ...delivery,
    applied: { count: delivery.applied.length, last: delivery.applied.at(-1) ?? null },
    targets: entries.map(({ target }) => target),
    summary: first?.summary ?? "",
    actor: first?.actor.name ?? "",
  };
}
