"use client";

import type { SignalPoint } from "#domain/history.ts";
import { NO_VALUE } from "../format/number.ts";
import { formatMoment } from "../format/time.ts";
import { useCursorState } from "./cursor.ts";
import { ERRORS, METRICS, RATE, type Metric } from "./metrics.ts";
import { nearestTime, type SignalFrame } from "./signal-frame.ts";

interface ReadOutFiguresProps {
  readonly frame: SignalFrame;
  readonly colorOf: (name: string) => string;
  readonly isHidden: (name: string) => boolean;
  /** What stands beside rate and errors where there are several lines. */
  readonly metrics: readonly Metric[];
}

/** Exact figures of the moment under the hover line: of one line all of them, of several one row each. */
export function ReadOutFigures({ frame, colorOf, isHidden, metrics }: ReadOutFiguresProps) {
  const state = useCursorState();
  const at = state === null ? null : nearestTime(frame, state.atMs);
  const atMs = at === null ? undefined : frame.times[at];
  if (at === null || atMs === undefined) return null;
  const shown = frame.lines
    .filter(({ name }) => !isHidden(name))
    .map(({ name, points }) => ({ name, point: points[at] ?? null }));
  const rows = shown.toSorted((a, b) => (b.point?.requestsPerSecond ?? -1) - (a.point?.requestsPerSecond ?? -1));
  return (
    <>
      <div className="mb-1 text-ink-3">{stretch(atMs, frame)}</div>
      {rows.every(({ point }) => point === null) ? (
        <p className="text-ink-2">Nothing is on record.</p>
      ) : rows.length === 1 && rows[0] !== undefined ? (
        <AllFigures point={rows[0].point} />
      ) : (
        <table>
          <thead>
            <tr className="text-right text-ink-3">
              <th scope="col" className="text-left font-normal">
                Line
              </th>
              {[RATE, ERRORS, ...metrics].map(({ key, name }) => (
                <th key={key} scope="col" className="pl-3 font-normal">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, point }) => (
              <tr key={name} className="text-right tabular-nums">
                <th scope="row" className="max-w-44 truncate text-left font-normal">
                  <span
                    aria-hidden
                    className="mr-1.5 inline-block size-2 rounded-xs"
                    style={{ background: colorOf(name) }}
                  />
                  {name}
                </th>
                {[RATE, ERRORS, ...metrics].map((metric) => (
                  <td key={metric.key} className="pl-3 font-medium whitespace-nowrap">
                    {figure(metric, point)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function AllFigures({ point }: { point: SignalPoint | null }) {
  return (
    <dl className="grid grid-cols-[auto_auto] gap-x-4 tabular-nums">
      {METRICS.map((metric) => (
        <div key={metric.key} className="contents">
          <dt>{metric.name}</dt>
          <dd className="text-right font-medium">{figure(metric, point)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A figure of a point, with its unit; a dash where there is none. */
export function figure({ valueOf, format }: Metric, point: SignalPoint | null): string {
  const value = point === null ? null : valueOf(point);
  return value === null ? NO_VALUE : format(value);
}

/** `14:02:10 to 14:02:20`. */
function stretch(atMs: number, { stepMs, toMs }: SignalFrame): string {
  const words = formatMoment(atMs, toMs);
  return stepMs <= 1000 ? words : `${words} to ${formatMoment(atMs + stepMs, toMs)}`;
}
