import { coversCommand, type OverrideSpec } from "#domain/override.ts";

interface Binding {
  readonly spec: OverrideSpec;
}

/** Overrides that bind a breaker, the ones set for it alone first. */
export function overridesOf<Held extends Binding>(
  rows: readonly Held[],
  command: { readonly routeId: string; readonly service: string },
): readonly Held[] {
  return rows
    .filter((row) => coversCommand(row.spec.target, command))
    .toSorted((a, b) => Number(a.spec.target.kind === "service") - Number(b.spec.target.kind === "service"));
}

/** Overrides of one instance. */
export function overridesOfInstance<Held extends Binding>(
  rows: readonly Held[],
  service: string,
  instance: string,
): readonly Held[] {
  return rows.filter(
    ({ spec: { target } }) => target.kind === "instance" && target.service === service && target.instance === instance,
  );
}
