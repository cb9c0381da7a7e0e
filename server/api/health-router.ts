import { z } from "zod";
import { getHealthPolicy } from "#control/get-health-policy.ts";
import { saveHealthPolicy } from "#control/save-health-policy.ts";
import { HealthPolicySpec, type HealthPolicyRow } from "#domain/health-policy.ts";
import { operatorProcedure, router, viewerProcedure } from "./trpc.ts";

export const healthRouter = router({
  get: viewerProcedure.query(({ ctx }): Promise<HealthPolicyRow> => getHealthPolicy(ctx.deps)),
  save: operatorProcedure
    .input(z.object({ expectedVersion: z.int().min(0), spec: HealthPolicySpec }))
    .mutation(({ ctx, input }): Promise<HealthPolicyRow> => saveHealthPolicy(ctx.deps, input, ctx.actor)),
});
