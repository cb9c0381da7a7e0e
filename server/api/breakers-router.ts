import { z } from "zod";
import { extendOverride } from "#control/extend-override.ts";
import { forceBreaker } from "#control/force-breaker.ts";
import { liftOverride } from "#control/lift-override.ts";
import { listBreakerPolicies } from "#control/list-breaker-policies.ts";
import { listOverrides } from "#control/list-overrides.ts";
import { readBreakerHistory } from "#control/read-breaker-history.ts";
import { removeBreakerPolicy } from "#control/remove-breaker-policy.ts";
import { saveBreakerPolicy } from "#control/save-breaker-policy.ts";
import { simulateBreaker } from "#control/simulate-breaker.ts";
import { HistoryQuery, SimulationDraft, type BreakerHistory, type SimulationReport } from "#domain/breaker-history.ts";
import { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import { OverrideDraft, OverrideDuration, type OverrideSpec } from "#domain/override.ts";
import { MAX_ID, type PolicyRow } from "#domain/policy.ts";
import { operatorProcedure, router, viewerProcedure } from "./trpc.ts";

const Version = z.int().min(1);
const PolicyId = z.string().min(1).max(MAX_ID);

export const breakersRouter = router({
  policies: viewerProcedure.query(({ ctx }): Promise<PolicyRow<BreakerPolicySpec>[]> => listBreakerPolicies(ctx.deps)),
  savePolicy: operatorProcedure
    .input(z.object({ expectedVersion: Version.nullable(), spec: BreakerPolicySpec }))
    .mutation(({ ctx, input }): Promise<PolicyRow<BreakerPolicySpec>> => saveBreakerPolicy(ctx.deps, input, ctx.actor)),
  removePolicy: operatorProcedure
    .input(z.object({ id: PolicyId, expectedVersion: Version }))
    .mutation(({ ctx, input }): Promise<{ revision: number }> => removeBreakerPolicy(ctx.deps, input, ctx.actor)),
  history: viewerProcedure
    .input(HistoryQuery)
    .query(({ ctx, input }): Promise<BreakerHistory> => readBreakerHistory(ctx.deps, input)),
  simulate: viewerProcedure
    .input(SimulationDraft)
    .query(({ ctx, input, signal }): Promise<SimulationReport> => simulateBreaker(ctx.deps, input, ctx.actor, signal)),
  overrides: viewerProcedure.query(({ ctx }): Promise<PolicyRow<OverrideSpec>[]> => listOverrides(ctx.deps)),
  force: operatorProcedure
    .input(OverrideDraft)
    .mutation(({ ctx, input }): Promise<PolicyRow<OverrideSpec>> => forceBreaker(ctx.deps, input, ctx.actor)),
  extend: operatorProcedure
    .input(z.object({ id: PolicyId, byMs: OverrideDuration }))
    .mutation(({ ctx, input }): Promise<PolicyRow<OverrideSpec>> => extendOverride(ctx.deps, input, ctx.actor)),
  lift: operatorProcedure
    .input(z.object({ id: PolicyId }))
    .mutation(({ ctx, input }): Promise<{ revision: number }> => liftOverride(ctx.deps, input, ctx.actor)),
});
