import { listViews } from "#db/saved-view-repository.ts";
import type { Actor } from "#domain/audit.ts";
import type { SavedView } from "#domain/saved-view.ts";
import type { ControlDeps } from "./edit.ts";

/** The person's own views and those shared by others, by name. @throws MeshError DATABASE_DOWN. */
export function listSavedViews(deps: Pick<ControlDeps, "database">, actor: Actor): Promise<SavedView[]> {
  return deps.database.read((db) => listViews(db, actor.id));
}
