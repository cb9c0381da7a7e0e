import type { OverrideSpec, OverrideTarget } from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";

/** True when what is set for `target` binds all calls of the route to the service; what holds one instance does not. */
export function coversCommand(
  target: OverrideTarget,
  command: { readonly routeId: string; readonly service: string },
): boolean {
  if (target.service !== command.service || target.kind === "instance") return false;
  return target.kind === "service" || target.routeId === command.routeId;
}

/** Overrides that bind a breaker, the ones set for it alone first. */
export function overridesOf(
  rows: readonly PolicyRow<OverrideSpec>[],
  command: { readonly routeId: string; readonly service: string },
): readonly PolicyRow<OverrideSpec>[] {
  return rows
    .filter((row) => coversCommand(row.spec.target, command))
    .toSorted((a, b) => Number(a.spec.target.kind === "service") - Number(b.spec.target.kind === "service"));
}
