import type { AuditAction } from "#domain/audit.ts";

/** What was done, in words for people. */
export const ACTION_WORDS: Record<AuditAction, string> = {
  "route.create": "Route created",
  "route.update": "Route changed",
  "route.remove": "Route removed",
  "breaker-policy.save": "Breaker policy saved",
  "breaker-policy.remove": "Breaker policy removed",
  "override.set": "Override set",
  "override.lift": "Override lifted",
  "override.expire": "Override expired",
  "breaker.transition": "Breaker changed state",
  "edit.refused": "Stale edit refused",
  "drift.repair": "Drift repaired",
  "person.first-administrator": "First administrator",
  "person.sign-in": "Signed in",
};
