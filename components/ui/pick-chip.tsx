import { cn } from "./cn.ts";

interface PickChipProps {
  readonly label: string;
  /** Of what it stands for there are so many. */
  readonly count?: number;
  readonly chosen: boolean;
  /** `sm`: beside the field it fills in; `md`: by itself. */
  readonly size?: "sm" | "md";
  readonly onPick: () => void;
}

/** A known value to pick instead of typing it; pressing it again takes it out. */
export function PickChip({ label, count, chosen, size = "sm", onPick }: PickChipProps) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      className={cn(
        "rounded border",
        size === "sm" ? "px-1.5 text-xs leading-4.5" : "h-6.5 px-2 text-sm",
        chosen ? "border-accent bg-accent-tint text-accent" : "border-line text-ink-3 hover:bg-hover hover:text-ink",
      )}
      onClick={onPick}
    >
      {label}
      {count !== undefined && (
        <>
          {" "}
          <span className={cn("ml-0.5 text-xs tabular-nums", !chosen && "text-ink-3")}>
            ({count.toLocaleString("en")})
          </span>
        </>
      )}
    </button>
  );
}
