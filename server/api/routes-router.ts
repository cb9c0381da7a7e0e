import { z } from "zod";
import { createRoute } from "#control/create-route.ts";
import { getRoute } from "#control/get-route.ts";
import { listRoutes } from "#control/list-routes.ts";
import { removeRoute } from "#control/remove-route.ts";
import { updateRoute } from "#control/update-route.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { RouteId, RouteSpec } from "#domain/route.ts";
import { operatorProcedure, router, viewerProcedure } from "./trpc.ts";

const Version = z.int().min(1);

export const routesRouter = router({
  list: viewerProcedure.query(({ ctx }): Promise<PolicyRow<RouteSpec>[]> => listRoutes(ctx.deps)),
  get: viewerProcedure
    .input(z.object({ id: RouteId }))
    .query(({ ctx, input }): Promise<PolicyRow<RouteSpec>> => getRoute(ctx.deps, input.id)),
  create: operatorProcedure
    .input(z.object({ id: RouteId, spec: RouteSpec }))
    .mutation(({ ctx, input }): Promise<PolicyRow<RouteSpec>> => createRoute(ctx.deps, input, ctx.actor)),
  update: operatorProcedure
    .input(z.object({ id: RouteId, expectedVersion: Version, spec: RouteSpec }))
    .mutation(({ ctx, input }): Promise<PolicyRow<RouteSpec>> => updateRoute(ctx.deps, input, ctx.actor)),
  remove: operatorProcedure
    .input(z.object({ id: RouteId, expectedVersion: Version }))
    .mutation(({ ctx, input }): Promise<{ revision: number }> => removeRoute(ctx.deps, input, ctx.actor)),
});
