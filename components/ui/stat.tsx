import type { ReactNode } from "react";
import { cn } from "./cn.ts";

/** A figure with its name above it. */
export function Stat({ label, children, className }: { label: string; children: ReactNode; className?: string }) {
  return (
    <div className={cn("min-w-0", className)}>
      <dt className="text-sm text-ink-3">{label}</dt>
      <dd className="text-md font-medium break-words">{children}</dd>
    </div>
  );
}
