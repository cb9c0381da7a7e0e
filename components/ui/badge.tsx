import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

export type BadgeTone = "good" | "warn" | "bad" | "off" | "accent";

const TONES: Record<BadgeTone, string> = {
  good: "bg-good-tint text-good",
  warn: "bg-warn-tint text-warn",
  bad: "bg-bad-tint text-bad",
  off: "bg-off-tint text-ink-2",
  accent: "bg-accent-tint text-accent",
};

interface BadgeProps {
  readonly tone: BadgeTone;
  readonly icon?: LucideIcon | undefined;
  readonly title?: string | undefined;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A short state in words, with an icon of its own shape so that colour is never the only sign. */
export function Badge({ tone, icon: Icon, title, className, children }: BadgeProps) {
  return (
    <span
      title={title}
      className={cn(
        "inline-flex h-5 items-center gap-1 rounded px-1.5 text-sm font-medium whitespace-nowrap",
        TONES[tone],
        className,
      )}
    >
      {Icon !== undefined && <Icon aria-hidden className="size-3.5 shrink-0" />}
      {children}
    </span>
  );
}
