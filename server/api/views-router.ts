import { z } from "zod";
import { listSavedViews } from "#control/list-views.ts";
import { removeView } from "#control/remove-view.ts";
import { saveView } from "#control/save-view.ts";
import { ViewDraft, type SavedView } from "#domain/saved-view.ts";
import { administratorProcedure, router, viewerProcedure } from "./trpc.ts";

const ViewId = z.uuid();

/** How people see the topology. That changes nothing of the mesh: whoever may look may save. */
export const viewsRouter = router({
  list: viewerProcedure.query(({ ctx }): Promise<SavedView[]> => listSavedViews(ctx.deps, ctx.actor)),
  save: viewerProcedure
    .input(z.object({ id: ViewId.nullable(), draft: ViewDraft }))
    .mutation(({ ctx, input }): Promise<{ id: string }> => saveView(ctx.deps, input, ctx.actor)),
  remove: viewerProcedure
    .input(z.object({ id: ViewId }))
    .mutation(({ ctx, input }): Promise<{ id: string }> =>
      removeView(ctx.deps, { ...input, alsoShared: false }, ctx.actor),
    ),
  removeShared: administratorProcedure
    .input(z.object({ id: ViewId }))
    .mutation(({ ctx, input }): Promise<{ id: string }> =>
      removeView(ctx.deps, { ...input, alsoShared: true }, ctx.actor),
    ),
});
