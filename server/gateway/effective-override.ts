import { isOverrideActive } from "#domain/override.ts";
import type { BoundOverride } from "./bound-override.ts";
import type { MeshCommand } from "./mesh.ts";

/** The override in force at `nowMs` (Unix epoch, this gateway's own clock), or null. */
export function effectiveOverride(guard: MeshCommand, gatewayId: string, nowMs: number): BoundOverride | null {
  for (const override of guard.overrides) if (isOverrideActive(override.spec, gatewayId, nowMs)) return override;
  return null;
}
