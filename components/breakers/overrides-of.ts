import { coversCommand, type OverrideSpec } from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";

/** Overrides that bind a breaker, the ones set for it alone first. */
export function overridesOf(
  rows: readonly PolicyRow<OverrideSpec>[],
  command: { readonly routeId: string; readonly service: string },
): readonly PolicyRow<OverrideSpec>[] {
  return rows
    .filter((row) => coversCommand(row.spec.target, command))
    .toSorted((a, b) => Number(a.spec.target.kind === "service") - Number(b.spec.target.kind === "service"));
}

/** Overrides of one instance. */
export function overridesOfInstance(
  rows: readonly PolicyRow<OverrideSpec>[],
  service: string,
  instance: string,
): readonly PolicyRow<OverrideSpec>[] {
  return rows.filter(
    ({ spec: { target } }) => target.kind === "instance" && target.service === service && target.instance === instance,
  );
}
