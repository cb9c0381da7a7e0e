import type { KeyboardEvent } from "react";
import { cn } from "../ui/cn.ts";

interface RowCheckProps {
  readonly label: string;
  readonly checked: boolean;
  /** Some, not all. */
  readonly isMixed?: boolean;
  readonly disabled?: boolean;
  readonly title?: string | undefined;
  /** `range`: the Shift key was held. */
  readonly onToggle: (range: boolean) => void;
}

/** Ticks a row of a list. It can be hit beside the box too, by thumb. */
export function RowCheck({ label, checked, isMixed = false, disabled = false, title, onToggle }: RowCheckProps) {
  return (
    // Shift and a press would mark the words between.
    <label
      className={cn("-m-2 flex size-9 items-center justify-center select-none", !disabled && "cursor-pointer")}
      title={title}
    >
      <input
        type="checkbox"
        ref={(box) => {
          if (box !== null) box.indeterminate = isMixed;
        }}
        aria-label={label}
        className="size-4 accent-(--accent) disabled:opacity-50"
        checked={checked}
        disabled={disabled}
        onKeyDown={stepBetweenChecks}
        onChange={({ nativeEvent }) => {
          onToggle("shiftKey" in nativeEvent && nativeEvent.shiftKey === true);
        }}
      />
    </label>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** The arrow keys go from box to box of a list, and with Shift they tick the ones they come to. */
function stepBetweenChecks(event: KeyboardEvent<HTMLInputElement>): void {
  const step = STEPS[event.key];
  const box = event.currentTarget;
  const rows = box.closest("tbody");
  if (step === undefined || rows === null) return;
  event.preventDefault();
  const boxes = [...rows.querySelectorAll<HTMLInputElement>("input[type=checkbox]:not(:disabled)")];
  const next = boxes[boxes.indexOf(box) + step];
  next?.focus();
  if (event.shiftKey && next?.checked === false) next.click();
}
