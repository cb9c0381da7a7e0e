import { z } from "zod";
import { listServicePolicies } from "#control/list-service-policies.ts";
import { removeServicePolicy } from "#control/remove-service-policy.ts";
import { saveServicePolicy } from "#control/save-service-policy.ts";
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
  removePolicy: operatorProcedure
    .input(z.object({ id: ServiceName, expectedVersion: Version }))
    .mutation(({ ctx, input }): Promise<{ revision: number }> => removeServicePolicy(ctx.deps, input, ctx.actor)),
});
