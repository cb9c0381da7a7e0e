"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";

interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: ReactNode;
  /** For content that is a page of its own. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A modal dialog; on phones it sits at the bottom edge. Escape and a press outside close it. */
export function Dialog({ open, onOpenChange, title, description, wide = false, children }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/40" />
        <Base.Popup
          className={cn(
            "fixed inset-x-0 bottom-0 z-50 flex max-h-[90dvh] flex-col overflow-y-auto rounded-t-lg border border-line bg-surface p-4 shadow-pop sm:inset-auto sm:top-1/2 sm:left-1/2 sm:max-w-[calc(100vw-32px)] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-lg sm:p-5",
            wide ? "sm:w-[920px]" : "sm:w-[480px]",
          )}
        >
          <div className="flex items-start gap-2">
            <Base.Title className="flex-1 text-lg font-semibold">{title}</Base.Title>
            {wide && (
              <Base.Close render={<Button variant="ghost" size="icon" aria-label="Close" className="-my-1" />}>
                <X aria-hidden />
              </Base.Close>
            )}
          </div>
          {description !== undefined && (
            <Base.Description className="mt-1 text-base text-ink-2" render={<div />}>
              {description}
            </Base.Description>
          )}
          <div className="mt-4">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
