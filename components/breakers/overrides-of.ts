import type { BreakerTarget } from "#domain/breaker-policy.ts";
import type { OverrideMode, OverrideScope, OverrideSpec } from "#domain/override.ts";
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

/** `checkout → payments`, or `all calls to payments`. */
export function targetInWords(target: BreakerTarget): string {
  return target.kind === "service" ? `all calls to ${target.service}` : `${target.routeId} → ${target.service}`;
}

export function scopeInWords(scope: OverrideScope): string {
  return scope.kind === "fleet" ? "all gateways" : `only ${scope.gatewayId}`;
}

export const MODE_WORDS: Readonly<Record<OverrideMode, string>> = {
  "forced-open": "Forced open",
  "forced-closed": "Forced closed",
};
