"use client";

import { ChevronDown, ChevronUp, List, ZoomIn, ZoomOut } from "lucide-react";
import type { ReactNode } from "react";
import { formatAgo, formatMoment } from "../format/time.ts";
import { Button } from "../ui/button.tsx";
import { NativeSelect } from "../ui/input.tsx";
import { zoneInWords } from "./axis-ticks.ts";
import { AXIS_RANGES, type TimeSpan } from "./axis-window.ts";

interface AxisReadoutProps {
  /** Unix epoch, ms; null: now. */
  readonly position: number | null;
  readonly nowMs: number;
  readonly onNow: () => void;
}

/** The moment shown, and the way back to now. */
export function AxisReadout({ position, nowMs, onNow }: AxisReadoutProps) {
  return (
    <div className="flex items-center gap-2">
      <Button variant={position === null ? "secondary" : "primary"} disabled={position === null} onClick={onNow}>
        Now
      </Button>
      <span className="text-sm whitespace-nowrap tabular-nums">
        {position === null ? (
          <span className="text-ink-3">Live</span>
        ) : (
          <>
            <span className="font-medium">{formatMoment(position, nowMs)}</span>
            <span className="ml-1.5 text-ink-3">{formatAgo(position, nowMs)}</span>
          </>
        )}
        <span className="ml-1.5 text-ink-3 sm:hidden">{zoneInWords(position ?? nowMs)}</span>
      </span>
    </div>
  );
}

interface AxisRangeProps {
  readonly spanMs: number;
  readonly span: TimeSpan;
  readonly onRange: (ms: number) => void;
  readonly onZoom: (factor: number, aroundMs: number) => void;
}

/** How much of the past the axis shows. */
export function AxisRange({ spanMs, span, onRange, onZoom }: AxisRangeProps) {
  const chosen = AXIS_RANGES.find(({ ms }) => Math.abs(ms - spanMs) < 1);
  const middle = (span.fromMs + span.toMs) / 2;
  return (
    <div role="group" aria-label="Time on the axis" className="flex items-center">
      <NativeSelect
        aria-label="Range of the axis"
        className="w-auto"
        value={chosen?.value ?? ""}
        onChange={(event) => {
          const range = AXIS_RANGES.find(({ value }) => value === event.target.value);
          if (range !== undefined) onRange(range.ms);
        }}
      >
        {chosen === undefined && <option value="">Other</option>}
        {AXIS_RANGES.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </NativeSelect>
      <Button
        variant="ghost"
        size="icon"
        className="max-sm:hidden"
        aria-label="Shorter time on the axis"
        title="Zoom in"
        onClick={() => {
          onZoom(0.5, middle);
        }}
      >
        <ZoomIn aria-hidden />
      </Button>
      <Button
        variant="ghost"
        size="icon"
        className="max-sm:hidden"
        aria-label="Longer time on the axis"
        title="Zoom out"
        onClick={() => {
          onZoom(2, middle);
        }}
      >
        <ZoomOut aria-hidden />
      </Button>
    </div>
  );
}

interface EventsButtonProps {
  readonly count: number;
  readonly onOpen: () => void;
}

export function EventsButton({ count, onOpen }: EventsButtonProps) {
  return (
    <Button onClick={onOpen}>
      <List aria-hidden />
      What happened
      <span className="text-ink-3">{count}</span>
    </Button>
  );
}

interface FoldButtonProps {
  readonly folded: boolean;
  readonly onFold: (folded: boolean) => void;
}

export function FoldButton({ folded, onFold }: FoldButtonProps) {
  const Chevron = folded ? ChevronUp : ChevronDown;
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-expanded={!folded}
      aria-label="Time axis"
      className="max-sm:ml-auto sm:absolute sm:top-2 sm:right-2"
      title={folded ? "Show the time axis" : "Fold the time axis"}
      onClick={() => {
        onFold(!folded);
      }}
    >
      <Chevron aria-hidden />
    </Button>
  );
}

/** The controls above the axis. */
export function AxisHeader({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 sm:pr-8">{children}</div>;
}
