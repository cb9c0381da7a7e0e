"use client";

import type { KeyboardEvent } from "react";
import { formatAgo, formatDateTime } from "../format/time.ts";
import { cn } from "../ui/cn.ts";
import type { TimeSpan } from "./axis-window.ts";

interface AxisThumbProps {
  readonly label: string;
  /** Unix epoch, ms; null: now. */
  readonly atMs: number | null;
  readonly axis: TimeSpan;
  readonly nowMs: number;
  /** The moment that the shown one is compared with, rather than the shown one. */
  readonly isOther?: boolean;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** The moment in words. */
export function momentInWords(atMs: number | null, nowMs: number): string {
  return atMs === null ? "Now" : `${formatDateTime(atMs)}, ${formatAgo(atMs, nowMs)}`;
}

/** A moment on the axis, that can be moved: a slider. One outside the stretch shown stands at its edge. */
export function AxisThumb({ label, atMs, axis, nowMs, isOther = false, onKeyDown }: AxisThumbProps) {
  const value = Math.min(axis.toMs, Math.max(axis.fromMs, atMs ?? nowMs));
  const left = (value - axis.fromMs) / (axis.toMs - axis.fromMs);
  const outside = value !== (atMs ?? nowMs);
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-orientation="horizontal"
      aria-valuemin={axis.fromMs}
      aria-valuemax={axis.toMs}
      aria-valuenow={value}
      aria-valuetext={momentInWords(atMs, nowMs)}
      data-thumb={isOther ? "other" : "shown"}
      className={cn(
        "absolute inset-y-0 z-10 -ml-2.5 w-5 cursor-ew-resize rounded outline-offset-0",
        outside && "opacity-40",
      )}
      style={{ left: `${(left * 100).toFixed(3)}%` }}
      onKeyDown={onKeyDown}
    >
      <span
        aria-hidden
        className={cn(
          "absolute inset-y-0 left-1/2 -translate-x-1/2 border-l-2",
          isOther ? "border-dashed border-ink-2" : "border-accent",
        )}
      />
      <span
        aria-hidden
        className={cn(
          "absolute -top-1 left-1/2 flex size-4 -translate-x-1/2 items-center justify-center rounded-full text-[10px] font-semibold",
          isOther ? "border border-ink-2 bg-surface text-ink" : "bg-accent text-accent-ink",
        )}
      >
        {isOther && "A"}
      </span>
    </div>
  );
}
