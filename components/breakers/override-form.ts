import type { z } from "zod";
import { commandKey } from "#domain/breaker-policy.ts";
import type { OverrideDraft, OverrideMode, OverrideTarget } from "#domain/override.ts";

/** What the form for an override holds. */
export type OverrideForm = z.input<typeof OverrideDraft>;

/** What the button says that sets it. */
export function forceWord({ kind }: OverrideTarget, mode: OverrideMode): string {
  if (kind === "instance") return mode === "forced-open" ? "Force out" : "Keep in";
  return mode === "forced-open" ? "Force open" : "Force closed";
}

/** What has to be typed to confirm that it is meant: the command's key, or the service's name. */
export function nameToType(target: OverrideTarget): string {
  return target.kind === "command" ? commandKey(target.routeId, target.service) : target.service;
}

/** What the dialog is about. */
export function subjectOf(target: OverrideTarget): string {
  return target.kind === "instance" ? target.instance : nameToType(target);
}

/** A target as one of several to choose from. */
export function targetChoice(target: OverrideTarget): string {
  switch (target.kind) {
    case "command":
      return `Calls of route ${target.routeId} to ${target.service}`;
    case "service":
      return `All calls to ${target.service}`;
    case "instance":
      return `Only instance ${target.instance}`;
  }
}
