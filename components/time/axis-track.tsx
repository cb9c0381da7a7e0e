"use client";

import { useState, type KeyboardEvent } from "react";
import type { MarkerList, MeshPoint, MarkerKind } from "#domain/history.ts";
import { formatPercent, formatRate } from "../format/number.ts";
import { formatMoment } from "../format/time.ts";
import { axisMove, type AxisMove } from "./axis-keys.ts";
import { AxisLanes } from "./axis-lanes.tsx";
import { AxisPlot, scaleOf } from "./axis-plot.tsx";
import { AxisThumb } from "./axis-thumb.tsx";
import { ticksOf, zoneInWords } from "./axis-ticks.ts";
import type { TimeSpan } from "./axis-window.ts";
import { clusterMarkers } from "./marker-clusters.ts";
import { pointAt, pointSpanMs } from "./mesh-line.ts";
import type { MomentsShown } from "./moments-shown.ts";
import { useAxisPointer } from "./use-axis-pointer.ts";
import { useWidth } from "./use-width.ts";

export interface AxisTrackProps {
  readonly axis: TimeSpan;
  readonly nowMs: number;
  readonly points: readonly MeshPoint[];
  readonly markers: MarkerList;
  readonly shownKinds: ReadonlySet<MarkerKind>;
  readonly moments: Pick<MomentsShown, "entry" | "show">;
  /** Where the slider is, Unix epoch, ms; null: now. */
  readonly position: number | null;
  /** The same of the moment that is compared with; undefined: none is. */
  readonly otherPosition: number | null | undefined;
  readonly onScrub: (atMs: number, which: "shown" | "other") => void;
  readonly onPan: (byMs: number) => void;
  readonly onZoom: (factor: number, aroundMs: number) => void;
  readonly onMove: (move: AxisMove, which: "shown" | "other") => void;
  readonly onList: () => void;
}

/** Markers closer than this are one, px. */
const APART = 36;
/** Room that a label of the scale takes, px. */
const LABEL = 84;
/** It takes so long until a second is on record, ms. */
const SETTLES_MS = 5000;

/** The axis itself: the line of the mesh, what happened, the scale, and the sliders on it. */
export function AxisTrack(props: AxisTrackProps) {
  const {
    axis,
    nowMs,
    points,
    markers,
    shownKinds,
    moments,
    position,
    otherPosition,
    onScrub,
    onPan,
    onZoom,
    onMove,
    onList,
  } = props;
  const [box, width] = useWidth<HTMLDivElement>();
  const [hovered, hover] = useState<number | null>(null);
  const pointer = useAxisPointer({ box, axis, onScrub, onPan, onZoom });
  const scale = scaleOf(points, axis);
  const x = (atMs: number): string => `${(((atMs - axis.fromMs) / (axis.toMs - axis.fromMs)) * 100).toFixed(3)}%`;
  const keys = (which: "shown" | "other") => (event: KeyboardEvent) => {
    const move = event.ctrlKey || event.metaKey || event.altKey ? null : axisMove(event);
    if (move === null) return;
    event.preventDefault();
    onMove(move, which);
  };
  const scrub = pointer.handlers("scrub");
  return (
    <div className="flex gap-2">
      <div className="flex w-12 shrink-0 flex-col text-right text-xs text-ink-3 max-sm:hidden" aria-hidden>
        <div className="flex h-12 flex-col justify-between">
          <span title="Requests per second at full height">{formatRate(scale.requestsPerSecond)}</span>
          <span className="text-bad" title="Errors at full height">
            {formatPercent(scale.errorPercent)}
          </span>
        </div>
        <span className="h-6 leading-6">Changes</span>
        <span className="h-6 leading-6">Events</span>
        <span className="h-5 leading-5">{zoneInWords(axis.toMs)}</span>
      </div>
      <div ref={box} className="relative min-w-0 flex-1">
        <div
          className="relative h-12 cursor-crosshair touch-pan-y select-none"
          {...scrub}
          onPointerMove={(event) => {
            scrub.onPointerMove(event);
            hover(pointer.momentAt(event.clientX));
          }}
          onPointerLeave={() => {
            hover(null);
          }}
        >
          <AxisPlot
            points={points}
            axis={axis}
            width={width}
            settledMs={nowMs - SETTLES_MS - 2 * pointSpanMs(points)}
            scale={scale}
          />
          {otherPosition !== undefined && (
            <AxisThumb
              label="Compared with"
              atMs={otherPosition}
              axis={axis}
              nowMs={nowMs}
              isOther
              onKeyDown={keys("other")}
            />
          )}
          <AxisThumb label="Moment shown" atMs={position} axis={axis} nowMs={nowMs} onKeyDown={keys("shown")} />
          {hovered !== null && <Hovered atMs={hovered} left={x(hovered)} points={points} nowMs={nowMs} />}
        </div>
        <AxisLanes
          clusters={clusterMarkers(markers, axis, APART / Math.max(width, 1), shownKinds)}
          axis={axis}
          nowMs={nowMs}
          entry={moments.entry}
          onShow={moments.show}
          onList={onList}
        />
        <div
          aria-hidden
          className="relative h-5 cursor-grab touch-pan-y overflow-hidden text-xs text-ink-3 select-none active:cursor-grabbing"
          {...pointer.handlers("pan")}
        >
          {ticksOf(inside(axis, width), Math.max(2, width / LABEL)).map(({ atMs, label }) => (
            <span key={atMs} className="absolute top-0 -translate-x-1/2 pt-1 leading-4" style={{ left: x(atMs) }}>
              <span className="absolute top-0 left-1/2 h-1 border-l border-line-strong" />
              {label}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

/** Where a tick's label fits whole. */
function inside({ fromMs, toMs }: TimeSpan, width: number): TimeSpan {
  const edge = ((LABEL / 4) * (toMs - fromMs)) / Math.max(1, width);
  return { fromMs: fromMs + edge, toMs: toMs - edge };
}

interface HoveredProps {
  readonly atMs: number;
  readonly left: string;
  readonly points: readonly MeshPoint[];
  readonly nowMs: number;
}

/** Figures under the pointer. */
function Hovered({ atMs, left, points, nowMs }: HoveredProps) {
  const point = pointAt(points, atMs);
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute inset-y-0 z-20 border-l border-line-strong"
      style={{ left }}
    >
      <div className="absolute top-0.5 left-0 -translate-x-1/2 rounded border border-line bg-surface px-1.5 text-xs whitespace-nowrap shadow-pop">
        {formatMoment(atMs, nowMs)}
        {point === null
          ? ", nothing on record"
          : `, ${formatRate(point.requestsPerSecond)}${point.requestsPerSecond > 0 ? `, ${formatPercent(point.errorPercent)} errors` : ""}`}
      </div>
    </div>
  );
}
