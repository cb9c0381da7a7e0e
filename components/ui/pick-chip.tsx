import { cn } from "./cn.ts";

interface PickChipProps {
  readonly label: string;
  readonly chosen: boolean;
  readonly onPick: () => void;
}

/** A known value to pick instead of typing it; pressing it again takes it out. */
export function PickChip({ label, chosen, onPick }: PickChipProps) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      className={cn(
        "rounded border px-1.5 text-xs leading-4.5",
        chosen ? "border-accent bg-accent-tint text-accent" : "border-line text-ink-3 hover:bg-hover hover:text-ink",
      )}
      onClick={onPick}
    >
      {label}
    </button>
  );
}
