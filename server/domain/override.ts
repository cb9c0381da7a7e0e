import { z } from "zod";
import { BreakerTarget, breakerTargetId, commandKey } from "./breaker-policy.ts";
import { ServiceName } from "./service.ts";

export const OverrideMode = z.enum(["forced-open", "forced-closed"]);
export type OverrideMode = z.infer<typeof OverrideMode>;

/** One instance of a service: forced open it gets no calls, forced closed it is never taken out. */
const InstanceTarget = z.object({
  kind: z.literal("instance"),
  service: ServiceName,
  /** As registered. It is part of the override's id, encoded, which has to fit. */
  instance: z
    .string()
    .min(1)
    .refine((instance) => encodeURIComponent(instance.toWellFormed()).length <= 200, { error: "The id is too long" }),
});
export type InstanceTarget = z.infer<typeof InstanceTarget>;

/** What an override holds: the breakers of a policy's target, or an instance. */
export const OverrideTarget = z.discriminatedUnion("kind", [...BreakerTarget.options, InstanceTarget]);
export type OverrideTarget = z.infer<typeof OverrideTarget>;

/** Which gateways an override binds. */
export const OverrideScope = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("fleet") }),
  z.object({ kind: z.literal("gateway"), gatewayId: z.string().min(1).max(128) }),
]);
export type OverrideScope = z.infer<typeof OverrideScope>;

/** Longest time an override may have left, ms. */
const MAX_OVERRIDE_MS = 30 * 24 * 3_600_000;
/** How long an override lasts, or by how much it is extended, ms. */
export const OverrideDuration = z
  .int("A whole number")
  .min(1000, "At least 1 s")
  .max(MAX_OVERRIDE_MS, "At most 30 days");

/** What a person asks for when forcing a breaker or an instance. */
export const OverrideDraft = z.object({
  target: OverrideTarget,
  mode: OverrideMode,
  reason: z.string().trim().min(3, "Say why, so the next person understands").max(500),
  scope: OverrideScope.default({ kind: "fleet" }),
  /** How long it lasts, ms; null only when the person chose "until I lift it". */
  durationMs: OverrideDuration.nullable(),
  /** Said by a person who was shown how much it affects; see `reachOf`. */
  confirmed: z.boolean().default(false),
});
export type OverrideDraft = z.infer<typeof OverrideDraft>;

/** When an override ends that is given more time at `nowMs` (Unix epoch, ms), however often it was. */
export function extendedEnd(expiresAtMs: number, byMs: number, nowMs: number): number {
  return Math.min(expiresAtMs + byMs, nowMs + MAX_OVERRIDE_MS);
}

/** What is offered first, ms: long enough to look into things, short enough not to be forgotten. */
export const DEFAULT_OVERRIDE_MS = 15 * 60_000;

/** The published form: absolute expiry, so that every gateway can end it on its own clock. */
export const OverrideSpec = z.object({
  target: OverrideTarget,
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
export function overrideId(target: OverrideTarget, scope: OverrideScope): string {
  const where = scope.kind === "fleet" ? "fleet" : `gateway:${scope.gatewayId}`;
  return `${overrideTargetId(target)}@${where}`;
}

/** Stable id of what an override holds, without slashes whatever the instance is called. */
export function overrideTargetId(target: OverrideTarget): string {
  if (target.kind !== "instance") return breakerTargetId(target);
  return `instance:${target.service}:${encodeURIComponent(target.instance.toWellFormed())}`;
}

/** Of overrides that bind the same breaker or instance the lowest wins: narrower target, this gateway alone, forced open. */
export function overrideRank({ target, scope, mode }: Pick<OverrideSpec, "target" | "scope" | "mode">): number {
  return (target.kind === "service" ? 4 : 0) + (scope.kind === "gateway" ? 0 : 2) + (mode === "forced-open" ? 0 : 1);
}

/** True when what is set for `target` binds all calls of the route to the service; what holds one instance does not. */
export function coversCommand(
  target: OverrideTarget,
  command: { readonly routeId: string; readonly service: string },
): boolean {
  if (target.service !== command.service || target.kind === "instance") return false;
  return target.kind === "service" || target.routeId === command.routeId;
}

/** True once its time is up at `nowMs` (Unix epoch, ms), by whoever's clock that is. */
export function hasExpired({ expiresAtMs }: Pick<OverrideSpec, "expiresAtMs">, nowMs: number): boolean {
  return expiresAtMs !== null && nowMs >= expiresAtMs;
}

/** True while the override binds at `nowMs` (Unix epoch, ms) on the named gateway. */
export function isOverrideActive(override: OverrideSpec, gatewayId: string, nowMs: number): boolean {
  if (hasExpired(override, nowMs)) return false;
  return override.scope.kind === "fleet" || override.scope.gatewayId === gatewayId;
}

/** `checkout->payments`, `all calls to payments`, `instance a of payments`: as people are told what an override or a policy is for. */
export function targetInWords(target: OverrideTarget): string {
  if (target.kind === "instance") return `instance ${target.instance} of ${target.service}`;
  return target.kind === "service" ? `all calls to ${target.service}` : commandKey(target.routeId, target.service);
}

export function scopeInWords(scope: OverrideScope): string {
  return scope.kind === "fleet" ? "all gateways" : `only ${scope.gatewayId}`;
}

/** `Forced open`, `Kept in`: a breaker is forced, an instance is held. */
export function modeInWords({ target, mode }: Pick<OverrideSpec, "target" | "mode">): string {
  if (target.kind !== "instance") return MODE_WORDS[mode];
  return mode === "forced-open" ? "Forced out" : "Kept in";
}

export const MODE_WORDS: Readonly<Record<OverrideMode, string>> = {
  "forced-open": "Forced open",
  "forced-closed": "Forced closed",
};

/** How long a person asked for, exact to the second: `20 s`, `15 min`, `1 h 30 min`. */
export function askedTimeInWords(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return said.length === 0 ? "0 s" : said.join(" ");
}
