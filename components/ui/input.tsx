import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

/** Look of every text field. 16 px on phones: smaller makes iOS zoom the page. */
export const INPUT_CLASS =
  "h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2 text-[16px] sm:text-base text-ink aria-invalid:border-bad focus-visible:outline-offset-0 disabled:bg-sunken disabled:text-ink-3";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input autoComplete="off" className={cn(INPUT_CLASS, "read-only:bg-sunken", className)} {...rest} />;
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={cn(INPUT_CLASS, "h-auto min-h-16 py-1.5", className)} {...rest} />;
}

export function NativeSelect({ className, ...rest }: ComponentProps<"select">) {
  return <select className={cn(INPUT_CLASS, "pr-1", className)} {...rest} />;
}
