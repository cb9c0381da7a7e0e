import { FileDiff, GitCommitVertical, Hand, Router, Server, Zap, type LucideIcon } from "lucide-react";
import type { MarkerKind } from "#domain/history.ts";

/** What kinds of things happen, and how each is shown. */
export const MARKER_STYLES: Readonly<
  Record<MarkerKind, { readonly word: string; readonly many: string; readonly icon: LucideIcon }>
> = {
  revision: { word: "Edit", many: "edits", icon: GitCommitVertical },
  breaker: { word: "Breaker", many: "breaker transitions", icon: Zap },
  override: { word: "Override", many: "overrides", icon: Hand },
  drift: { word: "Drift", many: "drift events", icon: FileDiff },
  instance: { word: "Instance", many: "instances coming or going", icon: Server },
  gateway: { word: "Gateway", many: "gateways coming or going", icon: Router },
};

export const TONE_CLASSES = {
  good: "text-good",
  neutral: "text-ink-3",
  warn: "text-warn",
  bad: "text-bad",
} as const;
