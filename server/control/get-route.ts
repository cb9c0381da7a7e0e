import { findPolicy } from "#db/policy-repository.ts";
import { MeshError } from "#domain/errors.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { RouteSpec } from "#domain/route.ts";
import type { ControlDeps } from "./edit.ts";

/** One route. @throws MeshError NOT_FOUND, DATABASE_DOWN. */
export async function getRoute(deps: ControlDeps, id: string): Promise<PolicyRow<RouteSpec>> {
  const { row } = await deps.database.read((db) => findPolicy(db, "routes", id));
  if (row === null) throw new MeshError("NOT_FOUND", { detail: `There is no route ${id}.` });
  return row;
}
