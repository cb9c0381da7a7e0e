import { z } from "zod";
import { BreakerTarget, breakerTargetId, commandKey } from "./breaker-policy.ts";

export const OverrideMode = z.enum(["forced-open", "forced-closed"]);
export type OverrideMode = z.infer<typeof OverrideMode>;

/** Which gateways an override binds. */
export const OverrideScope = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("fleet") }),
  z.object({ kind: z.literal("gateway"), gatewayId: z.string().min(1).max(128) }),
]);
export type OverrideScope = z.infer<typeof OverrideScope>;

/** What a person asks for when forcing a breaker. */
export const OverrideDraft = z.object({
  target: BreakerTarget,
  mode: OverrideMode,
  reason: z.string().trim().min(3, "Say why, so the next person understands").max(500),
  scope: OverrideScope.default({ kind: "fleet" }),
  /** How long it lasts, ms; null only when the person chose "until I lift it". */
  durationMs: z
    .int()
    .min(1000)
    .max(30 * 24 * 3_600_000)
    .nullable(),
});
export type OverrideDraft = z.infer<typeof OverrideDraft>;

/** The published form: absolute expiry, so that every gateway can end it on its own clock. */
export const OverrideSpec = z.object({
  target: BreakerTarget,
  mode: OverrideMode,
  reason: z.string().min(1).max(500),
  actor: z.string().min(1).max(200),
  scope: OverrideScope,
  /** Unix epoch, ms. */
  createdAtMs: z.int(),
  /** Unix epoch, ms; null: until lifted. */
  expiresAtMs: z.int().nullable(),
});
export type OverrideSpec = z.infer<typeof OverrideSpec>;

/** One override per target and scope; also its znode's name. */
export function overrideId(target: BreakerTarget, scope: OverrideScope): string {
  const where = scope.kind === "fleet" ? "fleet" : `gateway:${scope.gatewayId}`;
  return `${breakerTargetId(target)}@${where}`;
}

/** True while the override binds at `nowMs` (Unix epoch, ms) on the named gateway. */
export function isOverrideActive(override: OverrideSpec, gatewayId: string, nowMs: number): boolean {
  if (override.expiresAtMs !== null && nowMs >= override.expiresAtMs) return false;
  return override.scope.kind === "fleet" || override.scope.gatewayId === gatewayId;
}

/** `checkout->payments`, or `all calls to payments`: as people are told what an override or a policy is for. */
export function targetInWords(target: BreakerTarget): string {
  return target.kind === "service" ? `all calls to ${target.service}` : commandKey(target.routeId, target.service);
}

export function scopeInWords(scope: OverrideScope): string {
  return scope.kind === "fleet" ? "all gateways" : `only ${scope.gatewayId}`;
}

export const MODE_WORDS: Readonly<Record<OverrideMode, string>> = {
  "forced-open": "Forced open",
  "forced-closed": "Forced closed",
};
