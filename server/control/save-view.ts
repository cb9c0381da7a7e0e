import { randomUUID } from "node:crypto";
import { countViews, findView, findViewByName, sizeOfViews, writeView } from "#db/saved-view-repository.ts";
import type { Actor } from "#domain/audit.ts";
import { MeshError } from "#domain/errors.ts";
import { VIEWS_MOST, VIEWS_SIZE_MOST, type ViewDraft } from "#domain/saved-view.ts";
import { locked, type ControlDeps } from "./edit.ts";

/**
 * Saves how a person sees the topology: anew without an id, else over their own view of that id, with its name and who
 * sees it.
 * @throws MeshError ALREADY_EXISTS (the person has another of that name), NOT_FOUND, NOT_PERMITTED (somebody else's),
 * INVALID_INPUT (too many), DATABASE_DOWN.
 */
export function saveView(
  deps: ControlDeps,
  { id, draft }: { id: string | null; draft: ViewDraft },
  actor: Actor,
): Promise<{ id: string }> {
  return locked(deps, actor, async ({ tx, atMs }) => {
    const known = id === null ? null : await findView(tx, id);
    if (id !== null && known === null) throw new MeshError("NOT_FOUND", { detail: "Save it as a new view." });
    if (known !== null && known.ownerId !== actor.id) {
      throw new MeshError("NOT_PERMITTED", { detail: "Only who made a view may change it. Save it as your own." });
    }
    const named = await findViewByName(tx, actor.id, draft.name);
    if (named !== null && named !== id) {
      throw new MeshError("ALREADY_EXISTS", { detail: "Choose another name.", field: "draft.name" });
    }
    if (id === null && (await countViews(tx, actor.id)) >= VIEWS_MOST) {
      throw new MeshError("INVALID_INPUT", { detail: `You have ${VIEWS_MOST.toString()} views. Delete one first.` });
    }
    if ((await sizeOfViews(tx, actor.id, id)) + JSON.stringify(draft.state).length > VIEWS_SIZE_MOST) {
      throw new MeshError("INVALID_INPUT", { detail: "Your views hold too much together. Delete one first." });
    }
    const view = id ?? randomUUID();
    await writeView(tx, { ...draft, id: view, ownerId: actor.id, at: new Date(atMs) });
    return { id: view };
  });
}
