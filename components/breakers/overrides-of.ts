import type { BreakerTarget } from "#domain/breaker-policy.ts";
import type { OverrideSpec } from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";

/** True when what is set for `target` binds calls of the route to the service. */
export function coversCommand(
  target: BreakerTarget,
  command: { readonly routeId: string; readonly service: string },
): boolean {
  if (target.service !== command.service) return false;
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
