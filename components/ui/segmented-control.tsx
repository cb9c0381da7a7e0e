"use client";

import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import type { LucideIcon } from "lucide-react";

interface SegmentedControlProps {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string; readonly icon?: LucideIcon }[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A choice of one among a few, all in view. */
export function SegmentedControl({ label, options, value, onChange }: SegmentedControlProps) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={([next]) => {
        // Pressing the chosen one again changes nothing: one is always chosen.
        if (next !== undefined) onChange(next);
      }}
      className="inline-flex flex-wrap rounded-md border border-line-strong bg-surface p-0.5"
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          className="inline-flex h-6.5 items-center gap-1.5 rounded px-2 text-ink-2 hover:text-ink sm:px-2.5 data-pressed:bg-accent-tint data-pressed:font-medium data-pressed:text-accent"
        >
          {option.icon !== undefined && <option.icon aria-hidden className="size-4" />}
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
