import { ViewState, type SavedView, type ViewDraft } from "#domain/saved-view.ts";
import type { Tx } from "./client.ts";
import { jsonOf } from "./json.ts";

/** Views the person made, and those that others share; by name. One that this version cannot read is left out. */
export async function listViews(db: Tx, personId: string): Promise<SavedView[]> {
  const rows = await db.savedView.findMany({
    where: { OR: [{ ownerId: personId }, { shared: true }] },
    include: { owner: { select: { name: true } } },
    orderBy: [{ nameKey: "asc" }, { id: "asc" }],
  });
  return rows.flatMap((row) => {
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

function nameKey(name: string): string {
  return name.toLowerCase();
}
