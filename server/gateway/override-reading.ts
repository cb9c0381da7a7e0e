import type { OverrideReading } from "#domain/traffic.ts";
import type { BoundOverride } from "./mesh.ts";

/** An override as readings carry it. */
export function overrideReading({ id, spec }: BoundOverride): OverrideReading {
  const { mode, actor, reason, createdAtMs, expiresAtMs } = spec;
  return { id, mode, actor, reason, createdAtMs, expiresAtMs };
}
