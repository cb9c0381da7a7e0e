import { z } from "zod";
import { checkNow } from "#control/check-now.ts";
import { decideDrift, decideDrifts } from "#control/decide-drift.ts";
import { getDelivery, listEditDeliveries } from "#control/list-deliveries.ts";
import { listDrift, listDriftedKeys } from "#control/list-drift.ts";
import { setDriftMode } from "#control/set-drift-mode.ts";
import { surveyMesh } from "#control/survey-mesh.ts";
import { takeOver } from "#control/take-over.ts";
import { DriftDecision, DriftMode, FINDINGS_MAX, type DecidedFindings, type DriftDifference } from "#domain/drift.ts";
import { MAX_DOCUMENT_BYTES } from "#domain/policy.ts";
import { KeptSide, type DeliveryTimes, type EditDelivery, type MeshSurvey } from "#domain/publishing.ts";
import { administratorProcedure, operatorProcedure, router, viewerProcedure } from "./trpc.ts";

const Limit = z.int().min(1).max(200).default(50);
const Revision = z.int().min(0);
const SeenFinding = z.object({ id: z.uuid(), foundHash: z.string().max(64) });

export const syncRouter = router({
  drift: viewerProcedure
    .input(
      z.object({
        state: z.enum(["standing", "all"]),
        limit: z.int().min(1).max(FINDINGS_MAX).default(50),
        key: z.string().max(1024).optional(),
      }),
    )
    .query(({ ctx, input }): Promise<DriftDifference[]> => listDrift(ctx.deps, input)),
  driftedKeys: viewerProcedure.query(({ ctx }): Promise<string[]> => listDriftedKeys(ctx.deps)),
  decide: operatorProcedure
    .input(z.object({ ...SeenFinding.shape, decision: DriftDecision }))
    .mutation(({ ctx, input }): Promise<{ revision: number | null }> => decideDrift(ctx.deps, input, ctx.actor)),
  decideSeveral: operatorProcedure
    .input(
      z.object({
        findings: z
          .array(SeenFinding)
          .min(1)
          .max(FINDINGS_MAX)
          .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, "Each finding once"),
        decision: DriftDecision,
      }),
    )
    .mutation(({ ctx, input }): Promise<DecidedFindings> => decideDrifts(ctx.deps, input, ctx.actor)),
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
