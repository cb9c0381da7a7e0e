import { z } from "zod";
import { checkNow } from "#control/check-now.ts";
import { decideDrift } from "#control/decide-drift.ts";
import { getDelivery, listEditDeliveries } from "#control/list-deliveries.ts";
import { listDrift } from "#control/list-drift.ts";
import { setDriftMode } from "#control/set-drift-mode.ts";
import { surveyMesh } from "#control/survey-mesh.ts";
import { takeOver } from "#control/take-over.ts";
import { DriftDecision, DriftMode, type DriftDifference } from "#domain/drift.ts";
import { MAX_DOCUMENT_BYTES } from "#domain/policy.ts";
import { KeptSide, type DeliveryTimes, type EditDelivery, type MeshSurvey } from "#domain/publishing.ts";
import { administratorProcedure, operatorProcedure, router, viewerProcedure } from "./trpc.ts";

const Limit = z.int().min(1).max(200).default(50);
const Revision = z.int().min(0);

export const syncRouter = router({
  drift: viewerProcedure
    .input(z.object({ state: z.enum(["standing", "all"]), limit: Limit }))
    .query(({ ctx, input }): Promise<DriftDifference[]> => listDrift(ctx.deps, input)),
  decide: operatorProcedure
    .input(z.object({ id: z.uuid(), foundHash: z.string().max(64), decision: DriftDecision }))
    .mutation(({ ctx, input }): Promise<{ revision: number | null }> => decideDrift(ctx.deps, input, ctx.actor)),
  setDriftMode: administratorProcedure
    .input(z.object({ mode: DriftMode }))
    .mutation(({ ctx, input }): Promise<{ mode: DriftMode }> => setDriftMode(ctx.deps, input, ctx.actor)),
  survey: operatorProcedure.query(({ ctx }): Promise<MeshSurvey> => surveyMesh(ctx.deps)),
  takeOver: administratorProcedure
    .input(
      z.object({
        keep: KeptSide,
        expected: z.object({
          meshIncarnation: z.string().max(MAX_DOCUMENT_BYTES),
          meshRevision: Revision,
          databaseRevision: Revision,
        }),
      }),
    )
    .mutation(({ ctx, input }): Promise<{ revision: number }> => takeOver(ctx.deps, input, ctx.actor)),
  deliveries: viewerProcedure
    .input(z.object({ limit: Limit }))
    .query(({ ctx, input }): Promise<EditDelivery[]> => listEditDeliveries(ctx.deps, input)),
  delivery: viewerProcedure
    .input(z.object({ revision: z.int().min(1) }))
    .query(({ ctx, input }): Promise<DeliveryTimes | null> => getDelivery(ctx.deps, input)),
  checkNow: operatorProcedure.mutation(({ ctx }): Promise<{ asked: true }> => checkNow(ctx.deps, ctx.actor)),
});
