"use client";

import { useRef, useState, type PointerEvent, type ReactNode } from "react";
import { cn } from "../ui/cn.ts";
import type { MarkerCluster } from "./cluster-markers.ts";
import { worstOf } from "./cluster-markers.ts";
import { useCursor, useCursorState } from "./cursor.ts";
import { leftOf, momentAt } from "./plot-area.ts";
import { LEAST_SPAN_MS, type TimeSpan } from "./signal-range.ts";

interface ChartBoxProps {
  /** Names the chart among its siblings. */
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly span: TimeSpan;
  readonly clusters: readonly MarkerCluster[];
  readonly onZoom: (span: TimeSpan) => void;
  /** What the drawing says, for who cannot see it. */
  readonly label: string;
  readonly className?: string;
  readonly tooltip: ReactNode;
  readonly children: ReactNode;
}

const MARK_COLORS = {
  good: "border-good",
  neutral: "border-accent",
  warn: "border-warn",
  bad: "border-bad",
} as const;

/** Frame of one chart: its heading, the common hover line and markers, the read-out, and the stretch that is being drawn to zoom in. */
export function ChartBox(props: ChartBoxProps) {
  const { id, title, unit, span, clusters, onZoom, label, className, tooltip, children } = props;
  const box = useRef<HTMLDivElement>(null);
  const cursor = useCursor();
  const [drawn, setDrawn] = useState<TimeSpan | null>(null);
  const under = (event: PointerEvent): number => {
    const rect = box.current?.getBoundingClientRect();
    return rect === undefined ? span.fromMs : momentAt(event.clientX, rect, span);
  };
  const finish = (): void => {
    setDrawn(null);
    if (drawn === null) return;
    const zoomed = { fromMs: Math.min(drawn.fromMs, drawn.toMs), toMs: Math.max(drawn.fromMs, drawn.toMs) };
    if (zoomed.toMs - zoomed.fromMs >= Math.max(LEAST_SPAN_MS, (span.toMs - span.fromMs) * 0.01)) onZoom(zoomed);
  };
  return (
    <div className={cn("min-w-0", className)}>
      <h3 className="text-sm font-medium text-ink-2">
        {title} <span className="font-normal text-ink-3">{unit}</span>
      </h3>
      <div
        ref={box}
        data-chart={id}
        className="relative h-40 cursor-crosshair touch-pan-y select-none"
        onPointerDown={(event) => {
          // A finger scrolls the page; it zooms by the buttons.
          if (event.pointerType === "touch" || event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          const atMs = under(event);
          setDrawn({ fromMs: atMs, toMs: atMs });
        }}
        onPointerMove={(event) => {
          const atMs = under(event);
          cursor.set({ atMs, chart: id });
          if (drawn !== null) setDrawn({ fromMs: drawn.fromMs, toMs: atMs });
        }}
        onPointerUp={finish}
        onPointerCancel={() => {
          setDrawn(null);
        }}
        onPointerLeave={() => {
          if (drawn === null) cursor.set(null);
        }}
      >
        <div role="img" aria-label={label} className="size-full">
          {children}
        </div>
        {clusters.map((cluster) => (
          <span
            key={cluster.markers[0]?.id}
            aria-hidden
            className={cn(
              "pointer-events-none absolute top-2 bottom-[30px] border-l border-dashed opacity-60",
              MARK_COLORS[worstOf(cluster)?.tone ?? "neutral"],
            )}
            style={{ left: leftOf(cluster.atMs, span) }}
          />
        ))}
        {drawn !== null && (
          <span
            aria-hidden
            className="pointer-events-none absolute top-2 bottom-[30px] border-x border-accent bg-accent/15"
            style={{
              left: leftOf(Math.min(drawn.fromMs, drawn.toMs), span),
              width: `calc(${leftOf(Math.max(drawn.fromMs, drawn.toMs), span)} - ${leftOf(Math.min(drawn.fromMs, drawn.toMs), span)})`,
            }}
          />
        )}
        <CursorLine span={span} />
        <ReadOut id={id} span={span}>
          {tooltip}
        </ReadOut>
      </div>
    </div>
  );
}

function CursorLine({ span }: { span: TimeSpan }) {
  const state = useCursorState();
  if (state === null || state.atMs < span.fromMs || state.atMs > span.toMs) return null;
  return (
    <span
      aria-hidden
      className="pointer-events-none absolute top-2 bottom-[30px] border-l border-ink-3"
      style={{ left: leftOf(state.atMs, span) }}
    />
  );
}

/** Beside the hover line, in the chart under the pointer alone; on the side where there is room. */
function ReadOut({ id, span, children }: { id: string; span: TimeSpan; children: ReactNode }) {
  const state = useCursorState();
  if (state?.chart !== id) return null;
  const late = (state.atMs - span.fromMs) / (span.toMs - span.fromMs) > 0.5;
  return (
    <div
      className="pointer-events-none absolute top-2 z-20 w-max max-w-[min(560px,86vw)] rounded-md border border-line bg-surface px-2.5 py-2 text-sm shadow-pop"
      style={
        late
          ? { right: `calc(100% - ${leftOf(state.atMs, span)} + 10px)` }
          : { left: `calc(${leftOf(state.atMs, span)} + 10px)` }
      }
    >
      {children}
    </div>
  );
}
