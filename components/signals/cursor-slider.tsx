"use client";

import { formatMoment } from "../format/time.ts";
import { useCursor, useCursorState } from "./cursor.ts";
import { METRICS } from "./metrics.ts";
import { figure } from "./read-out.tsx";
import { nearestTime, type SignalFrame } from "./signal-frame.ts";

/** Moves the hover line by keyboard, and says the figures there. Seen only while it has the focus. */
export function CursorSlider({ frame, chart }: { frame: SignalFrame; chart: string }) {
  const cursor = useCursor();
  const state = useCursorState();
  const last = frame.times.length - 1;
  if (last < 0) return null;
  const at = state === null ? last : (nearestTime(frame, state.atMs) ?? last);
  const move = (next: number): void => {
    const atMs = frame.times[next];
    if (atMs !== undefined) cursor.set({ atMs, chart });
  };
  return (
    <input
      type="range"
      aria-label="Moment read out"
      aria-valuetext={inWords(frame, at)}
      min={0}
      max={last}
      step={1}
      value={at}
      className="pointer-events-none absolute top-0 left-0 h-5 w-full opacity-0 accent-(--accent) focus-visible:pointer-events-auto focus-visible:opacity-100"
      onFocus={() => {
        move(at);
      }}
      onBlur={() => {
        cursor.set(null);
      }}
      onChange={(event) => {
        move(Number(event.target.value));
      }}
    />
  );
}

function inWords({ times, lines, toMs }: SignalFrame, at: number): string {
  const when = formatMoment(times[at] ?? toMs, toMs);
  const told = lines.map(({ name, points }) => {
    const point = points[at] ?? null;
    const figures = METRICS.map((metric) => `${metric.name} ${figure(metric, point)}`).join(", ");
    return lines.length === 1 ? figures : `${name}: ${figures}`;
  });
  return `${when}: ${told.join("; ")}`;
}
