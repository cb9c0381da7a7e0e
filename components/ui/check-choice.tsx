import type { ReactNode } from "react";
import { cn } from "./cn.ts";

interface CheckChoiceProps {
  readonly label: string;
  /** The sign of what is chosen, before its label. */
  readonly sign?: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** One of several things that may each be chosen, as a pill with a real check box inside. */
export function CheckChoice({ label, sign, checked, onChange }: CheckChoiceProps) {
  return (
    <label
      className={cn(
        "inline-flex min-h-7 cursor-pointer items-center gap-1.5 rounded-md border px-2 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
        checked ? "border-accent bg-accent-tint text-accent" : "border-line-strong text-ink-2 hover:bg-hover",
      )}
    >
      <input
        type="checkbox"
        className="size-3.5 shrink-0 accent-(--accent) outline-none"
        checked={checked}
        onChange={(event) => {
          onChange(event.target.checked);
        }}
      />
      {sign}
      {label}
    </label>
  );
}
