"use client";

import { useId, useMemo } from "react";
import type { MeshPoint } from "#domain/history.ts";
import type { TimeSpan } from "./axis-window.ts";
import { gapsOf, pointSpanMs, stretchesOf, type Stretch } from "./mesh-line.ts";

const PLOT_HEIGHT = 48;

interface AxisPlotProps {
  readonly points: readonly MeshPoint[];
  readonly axis: TimeSpan;
  readonly width: number;
  /** From this moment on nothing is expected to be on record yet, Unix epoch, ms. */
  readonly settledMs: number;
  readonly scale: PlotScale;
}

/** What the full height of the plot stands for. */
export interface PlotScale {
  readonly requestsPerSecond: number;
  readonly errorPercent: number;
}

/** A few errors must not look like many: errors fill the height at no less than this, percent. */
const LEAST_ERROR_SCALE = 25;

export function scaleOf(points: readonly MeshPoint[], { fromMs, toMs }: TimeSpan): PlotScale {
  const shown = points.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  return {
    requestsPerSecond: shown.reduce((most, point) => Math.max(most, point.requestsPerSecond), 0),
    errorPercent: shown.reduce((most, point) => Math.max(most, point.errorPercent), LEAST_ERROR_SCALE),
  };
}

/** Requests and errors of the whole mesh over time; hatched where nothing is on record. */
export function AxisPlot({ points, axis, width, settledMs, scale }: AxisPlotProps) {
  const hatch = useId();
  const span = useMemo(() => pointSpanMs(points), [points]);
  const stretches = useMemo(() => stretchesOf(points), [points]);
  const gaps = useMemo(() => gapsOf(points, axis, settledMs), [points, axis, settledMs]);
  const x = (atMs: number): number => ((atMs - axis.fromMs) / (axis.toMs - axis.fromMs)) * width;
  const height = (value: number, most: number): number =>
    PLOT_HEIGHT - (most > 0 ? (value / most) * (PLOT_HEIGHT - 4) : 0);
  const line = (stretch: Stretch, valueOf: (point: MeshPoint) => number, most: number): string =>
    corners(stretch, span)
      .map(
        ([atMs, point], at) =>
          `${at === 0 ? "M" : "L"}${x(atMs).toFixed(1)} ${height(valueOf(point), most).toFixed(1)}`,
      )
      .join("");
  const area = (stretch: Stretch, path: string): string => {
    const ends = corners(stretch, span);
    return `${path}L${x(ends.at(-1)?.[0] ?? 0).toFixed(1)} ${PLOT_HEIGHT.toString()}L${x(ends[0]?.[0] ?? 0).toFixed(1)} ${PLOT_HEIGHT.toString()}Z`;
  };
  return (
    <svg aria-hidden width={width} height={PLOT_HEIGHT} className="block">
      <defs>
        <pattern id={hatch} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1={0} y1={0} x2={0} y2={6} stroke="var(--line-strong)" strokeWidth={1.5} />
        </pattern>
      </defs>
      {gaps.map(({ fromMs, toMs }) => (
        <rect
          key={fromMs}
          x={Math.max(0, x(fromMs))}
          width={Math.max(1, Math.min(width, x(toMs)) - Math.max(0, x(fromMs)))}
          height={PLOT_HEIGHT}
          fill={`url(#${hatch})`}
          opacity={0.55}
        />
      ))}
      {stretches.map((stretch) => {
        const requests = line(stretch, (point) => point.requestsPerSecond, scale.requestsPerSecond);
        const errors = line(stretch, (point) => point.errorPercent, scale.errorPercent);
        return (
          <g key={stretch[0]?.atMs}>
            <path d={area(stretch, requests)} fill="var(--accent)" opacity={0.14} />
            <path d={requests} fill="none" stroke="var(--accent)" strokeWidth={1.5} strokeLinejoin="round" />
            <path d={area(stretch, errors)} fill="var(--bad)" opacity={0.35} />
          </g>
        );
      })}
      <line x1={0} x2={width} y1={PLOT_HEIGHT - 0.5} y2={PLOT_HEIGHT - 0.5} stroke="var(--line)" />
    </svg>
  );
}

/** A point stands for a span: the line goes through the middles of spans, and reaches to both ends of the stretch. */
function corners(stretch: Stretch, span: number): readonly (readonly [number, MeshPoint])[] {
  const [first] = stretch;
  const last = stretch.at(-1);
  if (first === undefined || last === undefined) return [];
  return [
    [first.atMs, first],
    ...stretch.map((point) => [point.atMs + span / 2, point] as const),
    [last.atMs + span, last],
  ];
}
