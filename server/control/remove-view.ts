import { deleteView, findView } from "#db/saved-view-repository.ts";
import type { Actor } from "#domain/audit.ts";
import { MeshError } from "#domain/errors.ts";
import { locked, type ControlDeps } from "./edit.ts";

interface RemoveView {
  readonly id: string;
  /** Views that others share may go as well: whoever asks is an administrator. */
  readonly alsoShared: boolean;
}

/**
 * Deletes a view for all who see it. One that is gone already is no failure.
 * @throws MeshError NOT_PERMITTED (somebody else's), DATABASE_DOWN.
 */
export function removeView(deps: ControlDeps, { id, alsoShared }: RemoveView, actor: Actor): Promise<{ id: string }> {
  return locked(deps, actor, async ({ tx }) => {
    const view = await findView(tx, id);
    if (view !== null && view.ownerId !== actor.id && !(alsoShared && view.shared)) {
      throw new MeshError("NOT_PERMITTED", { detail: "It is somebody else's view." });
    }
    await deleteView(tx, id);
    return { id };
  });
}
