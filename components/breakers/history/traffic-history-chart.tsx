"use client";

import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { ChartKey } from "../../charts/chart-key.tsx";
import { ChartTooltip } from "../../charts/chart-tooltip.tsx";
import { formatRate } from "../../format/number.ts";
import { OUTCOME_SERIES } from "../outcome-series.ts";
import type { TimeSpan } from "./band-segments.ts";
import { AXIS_LEFT, AXIS_STYLE, FRAME, MARK_STYLE, timeAxis } from "./chart-frame.ts";
import type { ChartPoint } from "./chart-points.ts";

interface TrafficHistoryChartProps {
  readonly points: readonly ChartPoint[];
  readonly axis: TimeSpan;
  readonly marksAtMs: readonly number[];
  readonly label: string;
}

/** Calls per second by how they ended, stacked, and what fallbacks served. */
export function TrafficHistoryChart({ points, axis, marksAtMs, label }: TrafficHistoryChartProps) {
  const met = OUTCOME_SERIES.filter(
    ({ outcome }) => outcome === "success" || points.some((point) => (point[outcome] ?? 0) > 0),
  );
  const series = [
    ...met.map(({ outcome, name, color }) => ({ key: outcome, name, color, format: formatRate })),
    { key: "fallbackServed", name: "Served by a fallback", color: "var(--series-fallback)", format: formatRate },
  ];
  return (
    <>
      <div role="img" aria-label={label} className="h-52">
        <ResponsiveContainer width="100%" height="100%">
          <ComposedChart data={[...points]} {...FRAME}>
            <CartesianGrid stroke="var(--line)" vertical={false} />
            <XAxis {...timeAxis(axis)} hide />
            <YAxis width={AXIS_LEFT} tickFormatter={formatRate} {...AXIS_STYLE} axisLine={false} />
            <Tooltip isAnimationActive={false} content={<ChartTooltip series={series} />} />
            {met.map(({ outcome, color }) => (
              <Area
                key={outcome}
                dataKey={outcome}
                stackId="outcomes"
                type="stepAfter"
                stroke="none"
                fill={color}
                fillOpacity={0.85}
                isAnimationActive={false}
              />
            ))}
            <Line
              dataKey="fallbackServed"
              type="stepAfter"
              stroke="var(--series-fallback)"
              strokeWidth={2}
              strokeDasharray="4 3"
              dot={false}
              isAnimationActive={false}
            />
            {marksAtMs.map((atMs) => (
              <ReferenceLine key={atMs} x={atMs} {...MARK_STYLE} />
            ))}
          </ComposedChart>
        </ResponsiveContainer>
      </div>
      <ChartKey entries={series.map(({ key, name, color }) => ({ name, color, dashed: key === "fallbackServed" }))} />
    </>
  );
}
