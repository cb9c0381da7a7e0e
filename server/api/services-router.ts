import { z } from "zod";
import { changeInstances } from "#control/change-instances.ts";
import { listServicePolicies } from "#control/list-service-policies.ts";
import { removeServicePolicy } from "#control/remove-service-policy.ts";
import { saveServicePolicy } from "#control/save-service-policy.ts";
import { CHANGE_LIMITS, InstanceChange } from "#domain/instance-change.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { ServicePolicySpec } from "#domain/service-policy.ts";
import { ServiceName } from "#domain/service.ts";
import { operatorProcedure, router, viewerProcedure } from "./trpc.ts";

const Version = z.int().min(1);

export const servicesRouter = router({
  policies: viewerProcedure.query(({ ctx }): Promise<PolicyRow<ServicePolicySpec>[]> => listServicePolicies(ctx.deps)),
  savePolicy: operatorProcedure
    .input(z.object({ expectedVersion: Version.nullable(), spec: ServicePolicySpec }))
    .mutation(({ ctx, input }): Promise<PolicyRow<ServicePolicySpec>> => saveServicePolicy(ctx.deps, input, ctx.actor)),
  /** Each service once. */
  changeInstances: operatorProcedure
    .input(
      z.object({
        changes: z.array(InstanceChange).min(1).max(CHANGE_LIMITS.services),
        confirmed: z.boolean().default(false),
      }),
    )
    .mutation(({ ctx, input }): Promise<PolicyRow<ServicePolicySpec>[]> => changeInstances(ctx.deps, input, ctx.actor)),
  removePolicy: operatorProcedure
    .input(z.object({ id: ServiceName, expectedVersion: Version }))
    .mutation(({ ctx, input }): Promise<{ revision: number }> => removeServicePolicy(ctx.deps, input, ctx.actor)),
});
