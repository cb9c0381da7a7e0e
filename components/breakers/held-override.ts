import type { LivePicture } from "#domain/live.ts";
import {
  hasExpired,
  overrideId,
  type OverrideScope,
  type OverrideSpec,
  type OverrideTarget,
} from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { OverrideReading } from "#domain/traffic.ts";

/** An override that binds now. */
export interface HeldOverride {
  readonly id: string;
  readonly spec: OverrideSpec;
  /** As saved; null when that could not be read, and only gateways tell of it. */
  readonly row: PolicyRow<OverrideSpec> | null;
}

type PictureOfOverrides = Pick<LivePicture, "breakers" | "services" | "links">;

/**
 * Overrides in force at `nowMs` (Unix epoch, ms): those saved, or, while the database does not answer and they were never
 * read (`rows` undefined), those that gateways say they follow. One past its expiry is left out in both.
 */
export function heldOverrides(
  rows: readonly PolicyRow<OverrideSpec>[] | undefined,
  picture: PictureOfOverrides | null,
  nowMs: number,
): readonly HeldOverride[] {
  const held =
    rows?.map((row) => ({ id: row.id, spec: row.spec, row })) ??
    (picture === null || picture.links.database.state === "up" ? [] : reportedOverrides(picture));
  return held.filter(({ spec }) => !hasExpired(spec, nowMs));
}

/** Each once, however many gateways, breakers and instances it is reported for. */
function reportedOverrides({ breakers, services }: PictureOfOverrides): readonly HeldOverride[] {
  const held = new Map<string, HeldOverride>();
  const add = (reading: OverrideReading | null, gatewayId: string, targets: readonly OverrideTarget[]): void => {
    if (reading === null || held.has(reading.id)) return;
    const spec = specOf(reading, gatewayId, targets);
    if (spec !== null) held.set(reading.id, { id: reading.id, spec, row: null });
  };
  for (const { routeId, service, gateways } of breakers)
    for (const { gatewayId, reading } of gateways)
      add(reading.override, gatewayId, [
        { kind: "command", routeId, service },
        { kind: "service", service },
      ]);
  for (const { standings } of services)
    for (const { gatewayId, service, instance, override } of standings)
      add(override, gatewayId, [{ kind: "instance", service, instance }]);
  return [...held.values()];
}

/** A reading says by whom and why; for what and where it was set, its id does. Null for an id of another form. */
function specOf(
  { id, ...said }: OverrideReading,
  gatewayId: string,
  targets: readonly OverrideTarget[],
): OverrideSpec | null {
  const scopes: readonly OverrideScope[] = [{ kind: "fleet" }, { kind: "gateway", gatewayId }];
  for (const target of targets)
    for (const scope of scopes) if (overrideId(target, scope) === id) return { ...said, target, scope };
  return null;
}
