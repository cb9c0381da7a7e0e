import { VIEWS_SHARED_MOST, ViewState, type SavedView, type ViewDraft } from "#domain/saved-view.ts";
import type { Tx } from "./client.ts";
import { jsonOf } from "./json.ts";

/** Views the person made, and those that others share (the latest, when there are very many); by name. One that this version cannot read is left out. */
export async function listViews(db: Tx, personId: string): Promise<SavedView[]> {
  const include = { owner: { select: { name: true } } };
  const own = await db.savedView.findMany({ where: { ownerId: personId }, include });
  const shared = await db.savedView.findMany({
    where: { shared: true, ownerId: { not: personId } },
    include,
    orderBy: [{ updatedAt: "desc" }, { id: "asc" }],
    take: VIEWS_SHARED_MOST,
  });
  return [...own, ...shared].toSorted(byName).flatMap((row) => {
    const state = ViewState.safeParse(row.state);
    if (!state.success) return [];
    return {
      id: row.id,
      name: row.name,
      shared: row.shared,
      state: state.data,
      mine: row.ownerId === personId,
      ownerName: row.owner.name,
      updatedAtMs: row.updatedAt.getTime(),
    };
  });
}

/** Whose view it is, and whether all see it; null when there is none. */
export async function findView(
  db: Tx,
  id: string,
): Promise<{ readonly ownerId: string; readonly shared: boolean } | null> {
  return db.savedView.findUnique({ where: { id }, select: { ownerId: true, shared: true } });
}

/** Id of the person's view of this name, whatever its case; null when there is none. */
export async function findViewByName(db: Tx, ownerId: string, name: string): Promise<string | null> {
  const row = await db.savedView.findUnique({ where: { ownerId_nameKey: { ownerId, nameKey: nameKey(name) } } });
  return row?.id ?? null;
}

/** Characters of all views of the person but this one, as they are kept. */
export async function sizeOfViews(db: Tx, ownerId: string, butId: string | null): Promise<number> {
  const [row] = await db.$queryRaw<{ size: number }[]>`
    SELECT coalesce(sum(length("state"::text)), 0)::float8 AS "size" FROM "saved_view"
    WHERE "owner_id" = ${ownerId} AND "id"::text IS DISTINCT FROM ${butId}`;
  return row?.size ?? 0;
}

export async function countViews(db: Tx, ownerId: string): Promise<number> {
  return db.savedView.count({ where: { ownerId } });
}

/** Adds the view, or writes it over. */
export async function writeView(
  tx: Tx,
  view: ViewDraft & { readonly id: string; readonly ownerId: string; readonly at: Date },
): Promise<void> {
  const { id, ownerId, name, shared, state, at } = view;
  const data = { ownerId, name, nameKey: nameKey(name), shared, state: jsonOf(state), updatedAt: at };
  await tx.savedView.upsert({ where: { id }, create: { id, ...data }, update: data });
}

export async function deleteView(tx: Tx, id: string): Promise<void> {
  await tx.savedView.deleteMany({ where: { id } });
}

interface Named {
  readonly nameKey: string;
  readonly id: string;
}

function byName(a: Named, b: Named): number {
  return a.nameKey === b.nameKey ? (a.id < b.id ? -1 : 1) : a.nameKey < b.nameKey ? -1 : 1;
}

function nameKey(name: string): string {
  return name.toLowerCase();
}
