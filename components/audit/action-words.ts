import type { AuditAction } from "#domain/audit.ts";
import type { BadgeTone } from "../ui/badge.tsx";

/** Each action in words, for the filter and the list. */
export const ACTION_WORDS: Readonly<Record<AuditAction, { readonly word: string; readonly tone: BadgeTone }>> = {
  "route.create": { word: "Route created", tone: "accent" },
  "route.update": { word: "Route changed", tone: "accent" },
  "route.remove": { word: "Route removed", tone: "warn" },
  "breaker-policy.save": { word: "Breaker policy saved", tone: "accent" },
  "breaker-policy.remove": { word: "Breaker policy removed", tone: "warn" },
  "service-policy.save": { word: "Service policy saved", tone: "accent" },
  "service-policy.remove": { word: "Service policy removed", tone: "warn" },
  "override.set": { word: "Override set", tone: "warn" },
  "override.extend": { word: "Override extended", tone: "warn" },
  "override.lift": { word: "Override lifted", tone: "accent" },
  "override.expire": { word: "Override expired", tone: "off" },
  "breaker.transition": { word: "Breaker transition", tone: "off" },
  "edit.refused": { word: "Edit refused", tone: "bad" },
  "drift.detect": { word: "Drift found", tone: "bad" },
  "drift.repair": { word: "Drift repaired", tone: "warn" },
  "drift.adopt": { word: "Drift adopted", tone: "accent" },
  "drift.restore": { word: "Drift to be restored", tone: "accent" },
  "drift.ignore": { word: "Drift ignored", tone: "off" },
  "drift.mode": { word: "Drift setting changed", tone: "warn" },
  "mesh.take-over": { word: "Side chosen", tone: "bad" },
  "health.save": { word: "Health thresholds saved", tone: "accent" },
  "person.first-administrator": { word: "First administrator", tone: "accent" },
  "person.sign-in": { word: "Signed in", tone: "off" },
};
