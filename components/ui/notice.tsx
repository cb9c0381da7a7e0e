import { CircleAlert, Info, TriangleAlert, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

type Tone = "info" | "warn" | "bad";

const TONES: Record<Tone, { icon: LucideIcon; box: string; mark: string }> = {
  info: { icon: Info, box: "border-accent/40 bg-accent-tint", mark: "text-accent" },
  warn: { icon: TriangleAlert, box: "border-warn/40 bg-warn-tint", mark: "text-warn" },
  bad: { icon: CircleAlert, box: "border-bad/40 bg-bad-tint", mark: "text-bad" },
};

interface NoticeProps {
  readonly tone: Tone;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
  /** `alert` is read out at once; use it for what has just gone wrong. */
  readonly role?: "alert" | "status" | "note";
}

/** A message inside the page, with the shape and colour of how bad it is. */
export function Notice({ tone, title, children, actions, className, role = "status" }: NoticeProps) {
  const { icon: Icon, box, mark } = TONES[tone];
  return (
    <div role={role} className={cn("flex gap-2 rounded-md border px-3 py-2 text-base", box, className)}>
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", mark)} />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        {title !== undefined && <div className="font-medium">{title}</div>}
        {children !== undefined && <div className="text-ink-2">{children}</div>}
        {actions !== undefined && <div className="mt-1 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
