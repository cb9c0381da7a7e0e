"use client";

import { ChevronRight } from "lucide-react";
import { useState, type ReactNode } from "react";
import { cn } from "./cn.ts";

interface DisclosureProps {
  readonly title: string;
  /** What is set inside, in one line: it is read instead of opening the section. */
  readonly summary: ReactNode;
  /** True when something in it differs from what a new object would have. */
  readonly set: boolean;
  readonly badge?: ReactNode;
  /** Where in the form all of it is. */
  readonly path?: string;
  /** Opens the section as soon as it is true. What has been opened stays open until a person closes it. */
  readonly reveal?: boolean;
  readonly children: ReactNode;
}

/**
 * A section that is closed until somebody opens it. A native `details`, so that searching in the page opens it, too, and
 * what it holds stays part of the form.
 */
export function Disclosure({ title, summary, set, badge, path, reveal = false, children }: DisclosureProps) {
  const [revealed, setRevealed] = useState(reveal);
  if (reveal && !revealed) setRevealed(true);
  return (
    <details className="group/section border-b border-line last:border-b-0" data-field={path} open={revealed}>
      <summary className="flex min-h-10 list-none flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-2 hover:bg-sunken focus-visible:-outline-offset-2 [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-4 shrink-0 text-ink-3 transition-transform group-open/section:rotate-90"
        />
        <h3 className="font-medium sm:w-44">{title}</h3>
        {badge}
        <span className={cn("min-w-0 max-sm:w-full max-sm:pl-7", set ? "text-ink-2" : "text-ink-3")}>{summary}</span>
      </summary>
      <div className="flex flex-col gap-4 px-4 pt-2 pb-5 sm:pl-11">{children}</div>
    </details>
  );
}
