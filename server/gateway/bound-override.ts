import type { OverrideSpec } from "#domain/override.ts";
import type { OverrideReading } from "#domain/traffic.ts";

/** An override that can bind something here. */
export interface BoundOverride {
  readonly id: string;
  readonly spec: OverrideSpec;
}

/** An override as readings carry it. */
export function overrideReading({ id, spec }: BoundOverride): OverrideReading {
  const { mode, actor, reason, createdAtMs, expiresAtMs } = spec;
  return { id, mode, actor, reason, createdAtMs, expiresAtMs };
}
